import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Adapter } from './adapter.ts';
import type { Capabilities } from './capabilities.ts';
import { checkDefinition } from './check-definition.ts';
import { checkOptions } from './check-options.ts';
import { coreCopies } from './core-copies.ts';
import type { AdapterFactory, AdapterSetupContext, ApiVersion } from './plugin.ts';

/** What `defineAdapter` takes. */
export interface AdapterDefinition<Name extends string, Schema extends StandardSchemaV1> {
  /** What a config file calls it; begins with a letter. */
  readonly name: Name;
  readonly apiVersion: ApiVersion;
  /** The package that it comes from and its version, such as `@acme/fast@1.2.0`, for messages and the log. */
  readonly package?: string | undefined;
  /** A synchronous Standard Schema; zod's fit. */
  readonly options: Schema;
  /** What the broker can do unless options change it; the documentation's tables are made from it. */
  readonly capabilities: Capabilities;
  setup(
    context: AdapterSetupContext,
    options: StandardSchemaV1.InferOutput<Schema>,
  ): Adapter | Promise<Adapter>;
}

/** Makes the factory that users call and that a registry takes. Throws `InvalidOptionsError` for a definition that can't be a plugin's. */
export function defineAdapter<const Name extends string, Schema extends StandardSchemaV1>(
  definition: AdapterDefinition<Name, Schema>,
): AdapterFactory<Name, StandardSchemaV1.InferInput<Schema>> {
  // Whoever brings a plugin brings the copy of this package that it was made with.
  coreCopies();
  checkDefinition('adapter', definition);
  const factory = (options: unknown) => {
    const checked = checkOptions(definition.name, definition.options, options);
    return {
      kind: 'adapter' as const,
      pluginName: definition.name,
      apiVersion: definition.apiVersion,
      package: definition.package,
      setup: (context: AdapterSetupContext) => definition.setup(context, checked),
    };
  };
  return Object.assign(factory, {
    kind: 'adapter' as const,
    pluginName: definition.name,
    apiVersion: definition.apiVersion,
    package: definition.package,
    options: definition.options,
    capabilities: definition.capabilities,
  });
}
