import { defineConfig } from 'vitest/config';

// Tests import the packages' sources through this condition, so that no build stands between an edit and its test.
// `import` is left to Node: it would hold for requires as well, and load the wrong half of a package.
const conditions = ['@hotpath/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
