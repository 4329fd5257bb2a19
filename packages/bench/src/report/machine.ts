import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Place } from '../measure/take-place.ts';

/** Where and how a run was made. */
export interface Machine {
  readonly date: string;
  readonly mode: 'quick' | 'full';
  readonly seed: number;
  readonly cpus: number;
  readonly model: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  /** The processors that client and servers were kept to; null: wherever the scheduler put them. */
  readonly place: Place | null;
  /** Load of the last minute before the run, and at its end. More than a few tenths before it: other work was going on. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly seconds: number;
}

const require = createRequire(import.meta.url);

export function describeMachine(
  run: Pick<Machine, 'date' | 'mode' | 'seed' | 'place' | 'loadBefore' | 'seconds'>,
): Machine {
  return {
    ...run,
    cpus: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    versions: {
      openssl: process.versions.openssl,
      v8: process.versions.v8,
      ...Object.fromEntries(['undici', 'axios', 'got'].map((name) => [name, versionOf(name)])),
    },
    loadAfter: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

function versionOf(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8'));
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
        return String(manifest.version);
    } catch {
      // Not in this folder; Node looks in the next one as well.
    }
  }
  return 'unknown';
}
