import { shown } from '../validation/field-problem.ts';
import type { AnyFactory } from './registry.ts';
import { versionProblem } from './version-problem.ts';

/** What is wrong with a value as a plugin's factory, as a sentence without its subject; undefined when nothing is. `importedFrom`: the package that exports it. */
export function factoryProblem(value: unknown, importedFrom?: string): string | undefined {
  if (typeof value !== 'function' || !('kind' in value) || !('pluginName' in value)) {
    const made = typeof value === 'object' && value !== null && 'kind' in value;
    return made
      ? 'this plugin has its options already; give the factory itself, without calling it'
      : `is ${shown(value)}, must be a factory such as fastExecutor`;
  }
  if (value.kind !== 'executor' && value.kind !== 'adapter')
    return `is of kind ${shown(value.kind)}, must be an executor or an adapter`;
  return versionProblem(value, importedFrom);
}

export function isFactory(value: unknown): value is AnyFactory {
  return factoryProblem(value) === undefined;
}
