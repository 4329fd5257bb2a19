// Where the safeguards of the sources stand: a comment `// safeguard: <name>` above the next line, or above all lines up to a comment `// end of safeguard`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const marker = /^\s*\/\/ safeguard: (.+?)\s*$/;
const endMarker = /^\s*\/\/ end of safeguard\s*$/;

/** @typedef {{ readonly name: string, readonly file: string, readonly from: number, readonly to: number }} Safeguard Lines count from 0; `to` is the first line behind the region. */

/**
 * @param {string} text
 * @param {string} file
 * @returns {Safeguard[]}
 */
export function findSafeguards(text, file) {
  const lines = text.split('\n');
  const found = [];
  for (const [at, line] of lines.entries()) {
    const name = marker.exec(line)?.[1];
    if (name === undefined) continue;
    // Several names may stand above one region.
    let from = at + 1;
    while (marker.test(lines[from] ?? '')) from += 1;
    const next = lines.findIndex(
      (other, index) => index >= from && (marker.test(other) || endMarker.test(other)),
    );
    const to = endMarker.test(lines[next] ?? '') ? next : from + 1;
    found.push({ name, file, from, to });
  }
  return found;
}

/**
 * The text with the lines of one safeguard replaced.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} replace
 */
export function withoutSafeguard(text, name, replace) {
  const safeguard = findSafeguards(text, '').find((one) => one.name === name);
  if (!safeguard) throw new Error(`no safeguard is called "${name}"`);
  const lines = text.split('\n');
  return [...lines.slice(0, safeguard.from), replace, ...lines.slice(safeguard.to)].join('\n');
}

/**
 * Every safeguard of the packages' sources.
 *
 * @param {string} root
 * @returns {Safeguard[]}
 */
export function safeguardsOf(root) {
  const folders = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'src'));
  const files = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((file) =>
        join(folder, String(file)).split(sep).join('/'),
      ),
    )
    .filter((file) => file.endsWith('.ts'));
  return files
    .toSorted()
    .flatMap((file) => findSafeguards(readFileSync(join(root, file), 'utf8'), file));
}
