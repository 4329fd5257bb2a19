import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundaryProblems } from './boundaries.mjs';

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hotpath-boundaries-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path, content) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}
const manifest = (name, dependencies = {}, devDependencies = {}) => ({
  name,
  dependencies,
  devDependencies,
});

describe('boundaryProblems', () => {
  it('finds none in this repository', () => {
    expect(boundaryProblems(fileURLToPath(new URL('..', import.meta.url)))).toEqual([]);
  });

  it.each([
    [
      'core imports an executor',
      '@hotpath/core',
      "import { fastExecutor } from '@hotpath/executor-fast';",
      /may not in its sources/,
    ],
    [
      'core imports the simulator',
      '@hotpath/core',
      "export { startGateway } from '@hotpath/gateway-sim';",
      /may not in its sources/,
    ],
    [
      'an executor imports the other',
      '@hotpath/executor-fast',
      "await import('@hotpath/executor-fallback');",
      /may not in its sources/,
    ],
    [
      'the simulator imports core',
      '@hotpath/gateway-sim',
      "import type { Order } from '@hotpath/core';",
      /may not in its sources/,
    ],
    [
      'an import past the exports',
      '@hotpath/executor-fast',
      "import { Router } from '@hotpath/core/dist/router/router.js';",
      /only through its exports/,
    ],
    [
      'a path into another package',
      '@hotpath/executor-fast',
      "import { x } from '../../core/src/x.ts';",
      /outside its package/,
    ],
    [
      'something not declared',
      '@hotpath/core',
      "import { Pool } from 'undici';",
      /does not declare/,
    ],
    [
      'a builtin without its prefix',
      '@hotpath/core',
      "import { readFileSync } from 'fs';",
      /write node:fs/,
    ],
  ])('refuses that %s', (_name, packageName, code, message) => {
    write('packages/x/package.json', manifest(packageName, { '@hotpath/core': 'workspace:^' }));
    write('packages/x/src/a.ts', `${code}\n`);
    const problems = boundaryProblems(root).filter((problem) => problem.includes('a.ts'));
    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it('refuses a declared dependency against the arrows, even for development', () => {
    write(
      'packages/core/package.json',
      manifest('@hotpath/core', {}, { '@hotpath/gateway-sim': 'workspace:^' }),
    );
    expect(boundaryProblems(root)).toEqual([
      expect.stringMatching(/may not depend on @hotpath\/gateway-sim/),
    ]);
  });

  it('lets a test use the simulator where the arrows allow it, and a source not', () => {
    write(
      'packages/a/package.json',
      manifest('@hotpath/adapter-topstepx', {}, { '@hotpath/gateway-sim': 'workspace:^' }),
    );
    write('packages/a/src/a.test.ts', "import { startGateway } from '@hotpath/gateway-sim';\n");
    expect(boundaryProblems(root)).toEqual([]);
    write('packages/a/src/a.ts', "import { startGateway } from '@hotpath/gateway-sim';\n");
    expect(boundaryProblems(root)).toEqual([
      expect.stringMatching(/a\.ts: imports @hotpath\/gateway-sim/),
    ]);
  });
});
