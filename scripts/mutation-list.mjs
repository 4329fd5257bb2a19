// Every mutation: the arrays of all files of mutations/, in the order of their names. A file that is put there is in the list.
import { readdirSync } from 'node:fs';

/**
 * @typedef {object} Edit
 * @property {string} safeguard The name in the comment `// safeguard: <name>` that stands above what is taken out. Several mutations may name one safeguard.
 * @property {string} [replace] What stands in its place, whole lines; default: nothing.
 */
/** @typedef {{ readonly file: string, readonly names: readonly string[] }} Watch A test file from the root, and regular expressions of the tests in it that must notice. */
/** @typedef {{ readonly name: string, readonly without: string, readonly edits: readonly Edit[], readonly tests: readonly Watch[] }} Mutation */

const files = readdirSync(new URL('mutations/', import.meta.url)).filter((name) =>
  name.endsWith('.mjs'),
);
const areas = await Promise.all(
  files.toSorted().map((name) => import(new URL(`mutations/${name}`, import.meta.url))),
);

/** @type {readonly Mutation[]} */
export const mutations = areas.flatMap((area) => area.mutations);
