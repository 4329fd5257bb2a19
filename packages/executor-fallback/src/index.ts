export { fallbackExecutor } from './fallback-executor.ts';
export type {
  FallbackExecutorOptions,
  FallbackExecutorTlsOptions,
} from './fallback-executor-options.ts';
