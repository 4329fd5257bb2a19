// Runs every test and ends in the one line that says how it went. Arguments go to vitest as filters.
import { startVitest } from 'vitest/node';

process.env.NODE_ENV = 'test';
const vitest = await startVitest('test', process.argv.slice(2), { watch: false });
const modules = vitest.state.getTestModules();
let passed = 0;
let failed = 0;
let skipped = 0;
for (const module of modules) {
  // A file that could not even be loaded has no tests to count, and must not pass for an empty one.
  if (module.errors().length > 0) failed += 1;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') passed += 1;
    else if (state === 'skipped') skipped += 1;
    else failed += 1;
  }
}
const stray = vitest.state.getUnhandledErrors().length;
await vitest.close();
if (stray > 0) failed += stray;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
