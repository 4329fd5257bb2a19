import { runSoak } from './run-soak.ts';
import type { SoakOptions } from './soak-options.ts';
import { soakOptions, usage } from './soak-options.ts';
import { soakText } from './soak-report.ts';

const options = readOptions();
const isShown = process.stderr.isTTY;
const report = await runSoak({
  ...options,
  seconds: () => performance.now() / 1000,
  progress: (hours) =>
    void (
      isShown &&
      process.stderr.write(
        `\r\u001b[Kseed ${options.seed}: hour ${Math.round(hours)} of ${options.days * 24}`,
      )
    ),
});
if (isShown) process.stderr.write('\r\u001b[K');
process.stdout.write(`${options.json ? JSON.stringify(report) : soakText(report)}\n`);
if (report.failures.length > 0) process.exitCode = 1;

function readOptions(): SoakOptions {
  try {
    const given = soakOptions(process.argv.slice(2));
    if (!given.help) return given;
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    process.exit(2);
  }
}
