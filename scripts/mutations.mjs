// Takes one safeguard at a time out of a copy of the sources and runs the tests that are named for it. Exits non-zero when one of them does not notice.
// Arguments: names of mutations, or parts of them; default: all. With --list it prints what there is and runs nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutations } from './mutation-list.mjs';
import { safeguardsOf, withoutSafeguard } from './safeguards.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
if (process.argv.includes('--list')) {
  for (const { name, without, tests } of mutations)
    console.log(
      `${name}\n  without it: ${without}\n${tests.map(({ file, names }) => `  noticed by ${file}: ${names.join(', ')}`).join('\n')}`,
    );
  process.exit();
}
const wanted = process.argv.slice(2);
const chosen = mutations.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
if (chosen.length === 0) {
  console.error(
    `No mutation is called ${wanted.join(' or ')}. There are: ${mutations.map(({ name }) => name).join('; ')}`,
  );
  process.exit(1);
}

const copy = mkdtempSync(join(tmpdir(), 'hotpath-mutations-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
// Links of the workspace lead to the copies, all others to what is installed.
for (const name of ['package.json', 'vitest.config.ts', 'tsconfig.base.json'])
  cpSync(join(root, name), join(copy, name));
cpSync(join(root, 'packages'), join(copy, 'packages'), {
  recursive: true,
  verbatimSymlinks: true,
  filter: (path) => !/[/\\](?:dist|\.turbo|coverage)$/.test(path),
});
// Some tests hold what is told against what the documents list.
for (const name of ['node_modules', 'docs']) symlinkSync(join(root, name), join(copy, name), 'dir');

/** What these tests come to in the copy as it is. */
function run(tests, options = []) {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const names = tests.flatMap((test) => test.names).join('|');
  const files = [...new Set(tests.map(({ file }) => file))];
  const vitest = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      copy,
      ...files,
      '-t',
      names,
      '--reporter=json',
      `--outputFile=${report}`,
      ...options,
    ],
    { cwd: copy, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'test' } },
  );
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = testResults
      .filter(({ assertionResults }) => assertionResults.length === 0)
      .map(({ name, message }) => `${name} could not be loaded: ${message}`);
    const results = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, status }) => ({ file: name, fullName, status })),
    );
    return {
      results,
      failed: results.filter(({ status }) => status === 'failed'),
      said: unloaded.join('\n'),
    };
  } catch {
    return { results: [], failed: [], said: `${vitest.stdout}${vitest.stderr}` };
  }
}

let survivors = 0;
const problem = (text) => {
  survivors += 1;
  console.error(text);
};

// A test that fails without a mutation would notice every one of them.
const before = run(chosen.flatMap(({ tests }) => tests));
for (const { fullName } of before.failed) problem(`It fails without any mutation: ${fullName}`);
for (const { name, tests } of chosen) {
  for (const { file, names } of tests) {
    for (const one of names) {
      const runs = before.results.some(
        (result) =>
          result.file.endsWith(file) &&
          result.status === 'passed' &&
          new RegExp(one).test(result.fullName),
      );
      if (!runs)
        problem(
          `${name}: "${one}" names no test of ${file} that passes without the mutation. ${before.said}`,
        );
    }
  }
}
if (survivors > 0) process.exit(1);

const places = new Map(safeguardsOf(copy).map(({ name, file }) => [name, file]));
for (const { name, without, edits, tests } of chosen) {
  const astray = edits.find(({ safeguard }) => !places.has(safeguard));
  if (astray) {
    problem(`${name}: no comment "// safeguard: ${astray.safeguard}" stands in packages/*/src`);
    continue;
  }
  const originals = new Map(
    edits.map(({ safeguard }) => [
      places.get(safeguard),
      readFileSync(join(copy, places.get(safeguard)), 'utf8'),
    ]),
  );
  for (const { safeguard, replace = '' } of edits) {
    const path = join(copy, places.get(safeguard));
    writeFileSync(path, withoutSafeguard(readFileSync(path, 'utf8'), safeguard, replace));
  }
  const { failed, said } = run(tests, ['--bail=1']);
  for (const [file, text] of originals) writeFileSync(join(copy, file), text);
  if (failed.length > 0) console.log(`noticed   ${name}`);
  else problem(`SURVIVED  ${name}: ${without}. ${said}`);
}
console.log(`${chosen.length} mutations, ${survivors} not noticed`);
process.exitCode = survivors > 0 ? 1 : 0;
