import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCampaign } from './campaign.ts';
import { faultsOptions, usage } from './faults-options.ts';
import type { FaultsOptions } from './faults-options.ts';
import { createProgress } from './progress.ts';
import { campaignText } from './report.ts';
import { referenceNames } from './reference-clients.ts';
import { runScoreboard, scoreboardText } from './scoreboard.ts';
import { scaledTimes } from './times.ts';

const options = readOptions();
const times = scaledTimes(options.scale);
const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'hotpath-faults-')));
const progress = createProgress(process.stderr);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
try {
  if (options.scoreboard) {
    progress.begin('scoreboard', options.orders * (referenceNames.length + 1));
    const rows = await runScoreboard(
      options,
      options.seed,
      times,
      folder,
      (client, placed, kills) => progress.report(client, placed, kills),
    );
    progress.end();
    print(
      options.json
        ? JSON.stringify({ seed: options.seed, times, rows })
        : scoreboardText(rows, options.seed, times),
    );
    const own = rows.at(-1);
    if (!own || own.duplicates + own.forgotten > 0) process.exitCode = 1;
  }
  for (
    let seed = options.seed;
    seed < options.seed + options.seeds && !options.scoreboard;
    seed += 1
  ) {
    progress.begin(`seed ${seed}`, options.orders);
    const result = await runCampaign(options, seed, times, folder, (leg, placed, kills) =>
      progress.report(leg, placed, kills),
    );
    progress.end();
    print(options.json ? JSON.stringify(result) : campaignText(result));
    if (result.failures.length > 0) process.exitCode = 1;
  }
} finally {
  progress.end();
  if (options.keep === undefined) await rm(folder, { recursive: true, force: true });
}

function readOptions(): FaultsOptions {
  try {
    const given = faultsOptions(process.argv.slice(2));
    if (!given.help) return given;
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    process.exit(2);
  }
}
