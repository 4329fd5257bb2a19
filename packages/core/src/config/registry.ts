import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { AdapterFactory, ExecutorFactory } from '../plugin.ts';
import { factoryProblem } from './plugin-factory.ts';

/** A factory as `defineExecutor` or `defineAdapter` makes it, whatever its options. */
export type AnyFactory = ExecutorFactory<string, never> | AdapterFactory<string, never>;
/** What a plugin can be. */
export type PluginKind = AnyFactory['kind'];

/** The plugins that a config file may name. */
export interface Registry {
  /** Adds a factory under its own name. Throws `InvalidOptionsError` for what is no factory, was made for another version, or has a name that is taken. */
  use(factory: AnyFactory): Registry;
  find(kind: PluginKind, name: string): AnyFactory | undefined;
  names(kind: PluginKind): readonly string[];
}

/** Makes an empty registry. */
export function createRegistry(): Registry {
  const factories = new Map<string, AnyFactory>();
  const registry: Registry = {
    use(factory) {
      const problem = factoryProblem(factory);
      if (problem) throw new InvalidOptionsError('registry', [`use: ${problem}`]);
      const key = `${factory.kind} ${factory.pluginName}`;
      if (factories.has(key))
        throw new InvalidOptionsError('registry', [
          `use: there is an ${factory.kind} "${factory.pluginName}" already; every name is used once`,
        ]);
      factories.set(key, factory);
      return registry;
    },
    find: (kind, name) => factories.get(`${kind} ${name}`),
    names: (kind) =>
      [...factories.values()]
        .filter((factory) => factory.kind === kind)
        .map((factory) => factory.pluginName),
  };
  return registry;
}
