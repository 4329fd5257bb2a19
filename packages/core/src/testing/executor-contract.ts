import { describe } from 'vitest';
import type { ExecutorPlugin } from '../plugin.ts';
import { describeAnswers } from './executor-contract-answers.ts';
import { describeConnections } from './executor-contract-connections.ts';
import { describeFailures, describeTlsFailures } from './executor-contract-failures.ts';
import { describeRequests } from './executor-contract-requests.ts';
import { describeWithdrawal } from './executor-contract-withdrawal.ts';
import type { ContractExecutorOptions, TrialOptions } from './executor-trial.ts';
import { Trial } from './executor-trial.ts';

/** The executor under test. */
export interface ExecutorContractOptions {
  /** Heads the report. */
  readonly name: string;
  /** Makes the executor under test. It must take its time from the context's clock alone: the suite's stands still unless told to go. */
  readonly create: (options: ContractExecutorOptions) => ExecutorPlugin;
}

/** Runs one body against a fresh server and executor. */
export type RunTrial = (
  options: Omit<TrialOptions, 'tls'>,
  body: (trial: Trial) => Promise<void>,
) => Promise<void>;

/**
 * The suite that every executor must pass, over HTTP and TLS with real sockets.
 * After each test both sides are closed and every delivery is held against the bytes that the server received: `none` means not one, `all` exactly one request, and never two.
 */
export function describeExecutorContract({ name, create }: ExecutorContractOptions): void {
  describe.each([
    { scheme: 'HTTP', tls: false },
    { scheme: 'TLS', tls: true },
  ])(`${name} as an executor over $scheme`, ({ tls }) => {
    const run: RunTrial = (options, body) => Trial.run(create, { ...options, tls }, body);
    describeRequests(run);
    describeAnswers(run);
    describeFailures(run, tls);
    if (tls) describeTlsFailures(run);
    describeWithdrawal(run);
    describeConnections(run);
  });
}
