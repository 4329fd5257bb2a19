import type { StandardSchemaV1 } from '@standard-schema/spec';
import { checkDefinition } from './check-definition.ts';
import { checkOptions } from './check-options.ts';
import { coreCopies } from './core-copies.ts';
import type { Executor, ExecutorContext } from './executor.ts';
import type { ApiVersion, ExecutorFactory } from './plugin.ts';

/** What `defineExecutor` takes. */
export interface ExecutorDefinition<Name extends string, Schema extends StandardSchemaV1> {
  /** What a config file calls it; begins with a letter. */
  readonly name: Name;
  readonly apiVersion: ApiVersion;
  /** The package that it comes from and its version, such as `@acme/fast@1.2.0`, for messages and the log. */
  readonly package?: string | undefined;
  /** A synchronous Standard Schema; zod's fit. */
  readonly options: Schema;
  setup(
    context: ExecutorContext,
    options: StandardSchemaV1.InferOutput<Schema>,
  ): Executor | Promise<Executor>;
}

/** Makes the factory that users call and that a registry takes. Throws `InvalidOptionsError` for a definition that can't be a plugin's. */
export function defineExecutor<const Name extends string, Schema extends StandardSchemaV1>(
  definition: ExecutorDefinition<Name, Schema>,
): ExecutorFactory<Name, StandardSchemaV1.InferInput<Schema>> {
  // Whoever brings a plugin brings the copy of this package that it was made with.
  coreCopies();
  checkDefinition('executor', definition);
  const factory = (options: unknown = {}) => {
    const checked = checkOptions(definition.name, definition.options, options);
    return {
      kind: 'executor' as const,
      pluginName: definition.name,
      apiVersion: definition.apiVersion,
      package: definition.package,
      setup: (context: ExecutorContext) => definition.setup(context, checked),
    };
  };
  return Object.assign(factory, {
    kind: 'executor' as const,
    pluginName: definition.name,
    apiVersion: definition.apiVersion,
    package: definition.package,
    options: definition.options,
  });
}
