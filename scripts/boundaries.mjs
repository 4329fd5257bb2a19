// Which package may import which. Dependencies point one way: hosts and executors and adapters to core; the simulator stands alone.
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';

const all = [
  '@hotpath/core',
  '@hotpath/executor-fast',
  '@hotpath/executor-fallback',
  '@hotpath/adapter-topstepx',
  '@hotpath/gateway-sim',
  '@hotpath/host-ccxt',
  '@hotpath/host-backtest-kit',
];
/** Our own packages that each package may import, in its sources and in its tests. */
export const arrows = {
  '@hotpath/core': { source: [], test: [] },
  '@hotpath/gateway-sim': { source: [], test: [] },
  '@hotpath/executor-fast': {
    source: ['@hotpath/core'],
    test: ['@hotpath/core', '@hotpath/gateway-sim'],
  },
  '@hotpath/executor-fallback': {
    source: ['@hotpath/core'],
    test: ['@hotpath/core', '@hotpath/gateway-sim'],
  },
  // The simulator is an optional peer of the adapter: paper mode loads it when it is asked for.
  '@hotpath/adapter-topstepx': {
    source: ['@hotpath/core', '@hotpath/gateway-sim'],
    test: ['@hotpath/core', '@hotpath/gateway-sim'],
  },
  '@hotpath/host-ccxt': {
    source: ['@hotpath/core'],
    test: ['@hotpath/core', '@hotpath/gateway-sim'],
  },
  '@hotpath/host-backtest-kit': {
    source: ['@hotpath/core'],
    test: ['@hotpath/core', '@hotpath/gateway-sim'],
  },
  '@hotpath/bench': { source: all, test: all },
  '@hotpath/system-tests': { source: all, test: all },
};
const builtins = new Set(builtinModules);
const importPattern =
  /(?:^|[^.\w])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|[^.\w](?:import|require)\(\s*['"]([^'"]+)['"]/gm;

/** Every forbidden import below `root`, as `file: sentence`. */
export function boundaryProblems(root) {
  return [...packageFolders(root)].flatMap((folder) => [...packageProblems(root, folder)]);
}

function* packageFolders(root) {
  for (const group of ['packages', 'apps']) {
    let names = [];
    try {
      names = readdirSync(join(root, group));
    } catch {
      continue;
    }
    for (const name of names) yield join(root, group, name);
  }
}

function* packageProblems(root, folder) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return;
  }
  const isApp = relative(root, folder).startsWith('apps');
  const allowed = isApp ? { source: all, test: all } : arrows[manifest.name];
  if (!allowed) {
    yield `${relative(root, folder)}/package.json: ${manifest.name} has no arrows in scripts/boundaries.mjs`;
    return;
  }
  const dependencies = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  const developmentDependencies = new Set([
    ...dependencies,
    ...Object.keys(manifest.devDependencies ?? {}),
  ]);
  for (const [declared, kind] of [
    [dependencies, 'source'],
    [developmentDependencies, 'test'],
  ]) {
    for (const name of declared) {
      if (name.startsWith('@hotpath/') && !allowed[kind].includes(name))
        yield `${relative(root, folder)}/package.json: ${manifest.name} may not depend on ${name}`;
    }
  }
  for (const file of sourceFiles(folder)) {
    const isTest = /\.(?:test(?:-d)?|bench)\.[cm]?[jt]s$/.test(file) || /[/\\]test[/\\]/.test(file);
    const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, named, dynamic] of text.matchAll(importPattern)) {
      const problem = importProblem(named ?? dynamic, {
        file,
        folder,
        manifest,
        allowed,
        isTest,
        declared: isTest ? developmentDependencies : dependencies,
      });
      if (problem) yield `${relative(root, file)}: ${problem}`;
    }
  }
}

function importProblem(specifier, { file, folder, manifest, allowed, isTest, declared }) {
  if (specifier.startsWith('node:')) return undefined;
  if (specifier.startsWith('.')) {
    return relative(folder, join(file, '..', specifier)).startsWith('..')
      ? `imports ${specifier}, which is outside its package; use the other package's name`
      : undefined;
  }
  const [scope, second] = specifier.split('/');
  const name = specifier.startsWith('@') ? `${scope}/${second}` : scope;
  if (builtins.has(name)) return `imports ${specifier}; write node:${specifier}`;
  if (name === manifest.name) return undefined;
  if (name.startsWith('@hotpath/')) {
    if (!allowed[isTest ? 'test' : 'source'].includes(name))
      return `imports ${name}, which ${manifest.name} may not${isTest ? '' : ' in its sources'}`;
    const door = specifier.slice(name.length);
    if (door !== '' && door !== '/testing' && door !== '/package.json')
      return `imports ${specifier}; a package is used only through its exports`;
  }
  return declared.has(name)
    ? undefined
    : `imports ${name}, which its package.json does not declare${isTest ? '' : ' in dependencies'}`;
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', '.turbo'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.[cm]?[jt]s$/.test(entry.name)) yield path;
  }
}
