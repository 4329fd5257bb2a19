export { fastExecutor } from './fast-executor.ts';
export type { FastExecutorOptions, FastExecutorTlsOptions } from './fast-executor-options.ts';
