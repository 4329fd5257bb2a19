// The packages whose version their own sources tell: in messages about plugins that do not fit, in the log, and of a second copy of core.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const withVersion = [
  {
    name: 'core',
    what: 'This package’s version',
    constant: 'coreVersion',
    text: ({ version }) => version,
  },
  ...['executor-fast', 'executor-fallback', 'adapter-topstepx'].map((name) => ({
    name,
    what: 'This package and its version',
    constant: 'packageId',
    text: ({ name: id, version }) => `${id}@${version}`,
  })),
];

/** Each file that tells a version, and what it must be. */
export function versionFiles() {
  return withVersion.map(({ name, what, constant, text }) => {
    const manifest = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'));
    const doc = `/** ${what.replace('’', "'")}, for messages. \`node scripts/write-versions.mjs\` writes it as package.json has it; a test holds them together. */`;
    return {
      path: `${root}packages/${name}/src/version.ts`,
      text: `${doc}\nexport const ${constant}: string = '${text(manifest)}';\n`,
    };
  });
}
