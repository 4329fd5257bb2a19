// What a change must pass, in the order in which a fault is cheapest to find.
import { parseArgs } from 'node:util';
import { tool } from './tools.mjs';

/** @typedef {{ readonly name: string, readonly command: string, readonly args: readonly string[] }} Step */

/** @type {readonly Step[]} */
export const steps = [
  { name: 'boundaries', command: process.execPath, args: ['scripts/check-boundaries.mjs'] },
  { name: 'format', ...tool('oxfmt', ['--check']) },
  { name: 'build', ...tool('turbo', ['run', 'build', '--output-logs=errors-only']) },
  { name: 'types', ...tool('turbo', ['run', 'typecheck', '--output-logs=errors-only']) },
  { name: 'lint', ...tool('oxlint', ['--type-aware', '--deny-warnings']) },
  { name: 'API reports', command: process.execPath, args: ['scripts/api-report.mjs', '--check'] },
  { name: 'packages', command: process.execPath, args: ['scripts/check-packages.mjs'] },
  { name: 'tests', command: process.execPath, args: ['scripts/test.mjs'] },
  // Fails when it does not run or prints no figure, never for a figure: other work on the machine changes those.
  {
    name: 'quick bench',
    command: process.execPath,
    args: ['packages/bench/dist/main.js', '--quick'],
  },
];

/**
 * The steps of a call: all, but for those that `--without NAME` leaves out because they ran already.
 *
 * @param {readonly string[]} argv
 * @returns {readonly Step[]}
 */
export function chosenSteps(argv) {
  const { values } = parseArgs({
    args: [...argv],
    options: { without: { type: 'string', multiple: true, default: [] } },
  });
  const unknown = values.without.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined)
    throw new TypeError(
      `--without is "${unknown}", must be one of: ${steps.map(({ name }) => name).join(', ')}`,
    );
  return steps.filter(({ name }) => !values.without.includes(name));
}
