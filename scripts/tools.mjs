// The commands of the workspace's own tools. Each is run by this Node from its own file: on Windows `npx`, `pnpm` and `turbo` are .cmd files, which no program can start without a shell.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Tools by the package that has them. */
const packages = {
  pnpm: 'pnpm',
  turbo: 'turbo',
  oxfmt: 'oxfmt',
  oxlint: 'oxlint',
  publint: 'publint',
  attw: '@arethetypeswrong/cli',
  changeset: '@changesets/cli',
};

/** @typedef {{ readonly command: string, readonly args: readonly string[] }} Command */

/**
 * @param {keyof typeof packages} name
 * @param {readonly string[]} args
 * @returns {Command}
 */
export function tool(name, args) {
  const folder = join(root, 'node_modules', packages[name]);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { command: process.execPath, args: [join(folder, bin[name]), ...args] };
}

/**
 * npx of the npm that runs this, or of the one that came with this Node.
 *
 * @param {readonly string[]} args
 * @param {{ environment?: Record<string, string | undefined>, node?: string, exists?: (path: string) => boolean }} [machine]
 * @returns {Command}
 */
export function npx(
  args,
  { environment = process.env, node = process.execPath, exists = existsSync } = {},
) {
  const running = environment['npm_execpath'] ?? '';
  const places = [
    ...(basename(running) === 'npm-cli.js' ? [join(dirname(running), 'npx-cli.js')] : []),
    // Windows has npm beside Node, the others in the library folder.
    join(dirname(node), 'node_modules/npm/bin/npx-cli.js'),
    join(dirname(node), '../lib/node_modules/npm/bin/npx-cli.js'),
  ];
  const found = places.find((place) => exists(place));
  return found === undefined ? { command: 'npx', args } : { command: node, args: [found, ...args] };
}
