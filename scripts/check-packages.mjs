// Checks what would be published: manifests that agree with each other, tarballs that publint and are-the-types-wrong accept, changesets for what changed.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tool } from './tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const problems = [];
const published = readdirSync(join(root, 'packages'))
  .map((name) => ({
    folder: join(root, 'packages', name),
    manifest: JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  }))
  .filter(({ manifest }) => manifest.private !== true);

for (const { manifest } of published) {
  for (const field of [
    'description',
    'license',
    'keywords',
    'engines',
    'exports',
    'files',
    'sideEffects',
    'publishConfig',
  ]) {
    if (manifest[field] === undefined)
      problems.push(`${manifest.name}: package.json lacks ${field}`);
  }
}

const packed = mkdtempSync(join(tmpdir(), 'hotpath-packed-'));
try {
  for (const { folder, manifest } of published) {
    const { command, args } = tool('pnpm', ['pack', '--pack-destination', packed]);
    execFileSync(command, args, { cwd: folder, stdio: 'ignore' });
    const tarball = join(
      packed,
      readdirSync(packed).find((name) =>
        name.startsWith(`${manifest.name.replace('@', '').replace('/', '-')}-`),
      ),
    );
    run(`publint ${manifest.name}`, tool('publint', ['run', tarball, '--strict']));
    run(`attw ${manifest.name}`, tool('attw', [tarball, '--profile', 'esm-only']));
  }
} finally {
  rmSync(packed, { recursive: true });
}
run('changeset status', tool('changeset', ['status']));

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? `${published.length} packages ready to publish`
    : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function run(name, { command, args }) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) problems.push(`${name}:\n${stdout}${stderr}`);
}
