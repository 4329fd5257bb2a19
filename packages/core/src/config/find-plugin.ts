import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { messageOf } from '../errors/message-of.ts';
import { spanText, withinLimit } from '../guests/within-limit.ts';
import { didYouMean } from '../validation/did-you-mean.ts';
import { shown } from '../validation/field-problem.ts';
import { packageNameProblem } from './package-name.ts';
import { factoryProblem, isFactory } from './plugin-factory.ts';
import type { AnyFactory, PluginKind, Registry } from './registry.ts';

export type FoundPlugin =
  | { readonly is: 'found'; readonly factory: AnyFactory }
  /** It exists and can't be right: another kind, another version. */
  | { readonly is: 'wrong'; readonly problem: string }
  /** It could not be had here and now. */
  | { readonly is: 'missing'; readonly problem: string };

/** Milliseconds that a package may take to load: one of its modules may wait for something. */
const loadWithinMs = 10_000;

/** Looks a plugin up in the registry, then as a package that `from`, a file, could import. */
export async function findPlugin(
  registry: Registry,
  kind: PluginKind,
  name: string,
  from: string,
  clock: Clock = systemClock,
): Promise<FoundPlugin> {
  const registered = registry.find(kind, name);
  if (registered) return { is: 'found', factory: registered };
  const otherKind: PluginKind = kind === 'adapter' ? 'executor' : 'adapter';
  if (registry.find(otherKind, name))
    return { is: 'wrong', problem: `"${name}" is an ${otherKind}, not an ${kind}` };
  const problem = packageNameProblem(name);
  if (problem !== undefined) return { is: 'wrong', problem: `${shown(name)} ${problem}` };
  let exported: object;
  try {
    exported = await withinLimit(
      () => importPackage(name, from),
      loadWithinMs,
      clock,
      () => new Error(`it did not load in ${spanText(loadWithinMs)}`),
    );
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
    const known = registry.names(kind);
    return {
      is: 'missing',
      problem: `"${name}" is no ${kind} of the registry (${known.join(', ') || 'which has none'}) and can't be imported as a package (${reason})${didYouMean(name, known)}`,
    };
  }
  return fromExports(Object.values(exported), kind, name);
}

function fromExports(values: readonly unknown[], kind: PluginKind, name: string): FoundPlugin {
  const candidates = values.filter((value) => typeof value === 'function' && 'pluginName' in value);
  const [factory, another] = candidates.filter(
    (value): value is AnyFactory => isFactory(value) && value.kind === kind,
  );
  if (factory && another)
    return {
      is: 'wrong',
      problem: `the package "${name}" exports ${factory.pluginName} and ${another.pluginName}; register the one that is meant`,
    };
  if (factory) return { is: 'found', factory };
  const [other] = candidates;
  return {
    is: 'wrong',
    problem:
      other === undefined
        ? `the package "${name}" exports no plugin`
        : (factoryProblem(other, name) ?? `the package "${name}" exports no ${kind}`),
  };
}

/** From where the config file stands, not from where this package does: it is the author who installed the plugin. */
async function importPackage(name: string, from: string): Promise<object> {
  let path: string;
  try {
    path = createRequire(from).resolve(name);
  } catch (error) {
    // An ESM-only package has no entry for require; its own name still resolves from here when it is installed beside us.
    if (
      !(error instanceof Error && 'code' in error && error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
    )
      throw error;
    const module: unknown = await import(name);
    return Object(module);
  }
  const module: unknown = await import(pathToFileURL(path).href);
  return Object(module);
}
