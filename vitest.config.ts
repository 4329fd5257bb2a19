import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests import the packages' sources through this condition, so that no build stands between an edit and its test.
// `import` is left to Node: it would hold for requires as well, and load the wrong half of a package.
const conditions = ['@hotpath/source', 'node'];

const root = fileURLToPath(new URL('.', import.meta.url));
// A copy of the sources that lacks a safeguard has the packages alone.
const testFiles = ['packages', 'apps', 'scripts']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) =>
        /^(?:packages\/[^/]+\/(?:src|test)|apps\/[^/]+\/(?:src|test)|scripts)\/(?:.+\/)?[^/]+\.test\.m?ts$|^scripts\/.+\.test\.mjs$/.test(
          path,
        ),
      ),
  );
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Core's tests take locks and budgets of the machine under fixed names; a test that packs builds anew what another may just be loading. */
const isAlone = (path: string): boolean =>
  path.startsWith('packages/core/') || textOf(path).includes('scripts/pack.mjs');
/** Such a test starts processes of its own, which load what is built; its first line says so. */
const runsWhatIsBuilt = (path: string): boolean =>
  textOf(path).startsWith('// @runs-what-is-built\n');
/** Without it, as in such a copy, only those of their tests run that start no process. */
const build = 'scripts/build-for-tests.mjs';
const alone = testFiles.filter(isAlone);
const built = testFiles.filter((path) => !alone.includes(path) && runsWhatIsBuilt(path));
const others = testFiles.filter((path) => !alone.includes(path) && !built.includes(path));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      // Most tests wait more than they compute, so two of their files run at once on a machine of any size.
      {
        extends: true,
        test: {
          name: 'beside each other',
          include: others,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'on what is built',
          include: built,
          globalSetup: existsSync(join(root, build)) ? build : [],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'one by one', include: alone, maxWorkers: 1, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
