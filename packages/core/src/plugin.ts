import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Adapter } from './adapter.ts';
import type { Capabilities } from './capabilities.ts';
import type { Clock } from './clock.ts';
import type { Executor, ExecutorContext } from './executor.ts';
import type { Logger } from './logger.ts';

/** The version of the interfaces in this package that plugins are written against. */
export type ApiVersion = 1;
/** The version of the plugin interface this package speaks. */
export const apiVersion: ApiVersion = 1;

/** An executor that has been given its options and waits for a broker. Making one does no I/O. */
export interface ExecutorPlugin<Name extends string = string> {
  readonly kind: 'executor';
  readonly pluginName: Name;
  readonly apiVersion: ApiVersion;
  /** The package that it comes from and its version, such as `@acme/fast@1.2.0`, for messages and the log. */
  readonly package?: string | undefined;
  setup(context: ExecutorContext): Executor | Promise<Executor>;
}

/** What an adapter may use from its set-up on. */
export interface AdapterSetupContext {
  readonly clock: Clock;
  readonly log: Logger;
}
/** An adapter that has been given its options and waits for a broker. Making one does no I/O. */
export interface AdapterPlugin<Name extends string = string> {
  readonly kind: 'adapter';
  readonly pluginName: Name;
  readonly apiVersion: ApiVersion;
  /** The package that it comes from and its version, such as `@acme/fast@1.2.0`, for messages and the log. */
  readonly package?: string | undefined;
  setup(context: AdapterSetupContext): Adapter | Promise<Adapter>;
}

/** What users call and what a registry takes. Throws `InvalidOptionsError` when the options don't fit. */
export interface ExecutorFactory<Name extends string, Options> {
  (options?: Options): ExecutorPlugin<Name>;
  readonly kind: 'executor';
  readonly pluginName: Name;
  readonly apiVersion: ApiVersion;
  /** The package that it comes from and its version, such as `@acme/fast@1.2.0`, for messages and the log. */
  readonly package?: string | undefined;
  readonly options: StandardSchemaV1;
}
/** What users call to choose a broker, and what a registry takes. Throws `InvalidOptionsError` when the options don't fit. */
export interface AdapterFactory<Name extends string, Options> {
  (options: Options): AdapterPlugin<Name>;
  readonly capabilities: Capabilities;
  readonly kind: 'adapter';
  readonly pluginName: Name;
  readonly apiVersion: ApiVersion;
  /** The package that it comes from and its version, such as `@acme/fast@1.2.0`, for messages and the log. */
  readonly package?: string | undefined;
  readonly options: StandardSchemaV1;
}
