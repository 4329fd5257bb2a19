import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { versionFiles } from './versions.mjs';

it('each package tells the version that its package.json has (node scripts/write-versions.mjs writes it)', () => {
  const files = versionFiles();
  expect(files.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(
    files.map(({ text }) => text),
  );
});
