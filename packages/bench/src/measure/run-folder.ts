import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** A new folder for a journal, under one folder of this process that is removed when the process ends, however far it came. */
export function newFolder(): string {
  folder ??= begin();
  return mkdtempSync(join(folder, 'journal-'));
}

function begin(): string {
  const made = mkdtempSync(join(tmpdir(), 'hotpath-bench-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  // Node ends without 'exit' on a signal that nobody takes.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => process.exit(code));
  return made;
}
