import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCampaign } from './campaign.ts';
import { faultsOptions, usage } from './faults-options.ts';
import type { FaultsOptions } from './faults-options.ts';
import { createProgress } from './progress.ts';
import { campaignText } from './report.ts';
import { scaledTimes } from './times.ts';

const options = readOptions();
const times = scaledTimes(options.scale);
const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'hotpath-faults-')));
const progress = createProgress(process.stderr);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
try {
  for (let seed = options.seed; seed < options.seed + options.seeds; seed += 1) {
    progress.begin(`seed ${seed}`, options.orders);
    const result = await runCampaign(options, seed, times, folder, (leg, placed, kills) => progress.report(leg, placed, kills));
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
    return faultsOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    process.exit(2);
  }
}
