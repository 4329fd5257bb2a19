import { isBuiltin } from 'node:module';

/** A package, perhaps with one of its entries: `hotpath-executor-x`, `@acme/executors/slow`. */
const packageName = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?:\/[\w.~-]+)*$/;

/** Why a name in a config file is none of a package, as a sentence without its subject; undefined when it can be one. A path would run whatever stands there. */
export function packageNameProblem(name: string): string | undefined {
  const right =
    'must be a name in the registry, or a package that is installed beside the config file; a file of your own is registered in code, with createRegistry().use(factory)';
  if (isBuiltin(name)) return `is a module of Node, ${right}`;
  // safeguard: a path is no package
  if (!packageName.test(name) || name.split('/').some((part) => part === '.' || part === '..'))
    return `is no package, ${right}`;
  // end of safeguard
  return undefined;
}
