import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from 'mitata';

// Compiles and runs the micro benches that stand beside the functions they measure, in every package that has some.
const packages = fileURLToPath(new URL('../../', import.meta.url));
const compiler = join(packages, '../node_modules/typescript/bin/tsc');

for (const name of readdirSync(packages)) {
  const project = join(packages, name, 'tsconfig.bench.json');
  if (!existsSync(project)) continue;
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  const built = join(packages, name, 'dist-bench');
  for (const file of readdirSync(built, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.bench.js')) await import(pathToFileURL(join(built, file)).href);
}
await run({ format: process.argv.includes('--json') ? 'json' : 'mitata' });
