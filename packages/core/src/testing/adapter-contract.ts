import { describe } from 'vitest';
import { describeDecoding } from './adapter-contract-decoding.ts';
import { describeEncoding } from './adapter-contract-encoding.ts';
import { describeLookups } from './adapter-contract-lookups.ts';
import { describeOrders } from './adapter-contract-orders.ts';
import type { AdapterTrial, ContractVenue } from './adapter-trial.ts';
import { startAdapterTrial } from './adapter-trial.ts';

/** The adapter under test and where it trades. */
export interface AdapterContractOptions {
  /** Heads the report. */
  readonly name: string;
  /** Starts a venue of its own for each test: a simulator, or a server of the author's. */
  readonly startVenue: () => Promise<ContractVenue>;
}

/** Runs one body against a fresh venue and a connected adapter. */
export type RunAdapterTrial = (body: (trial: AdapterTrial) => Promise<void>) => Promise<void>;

/**
 * The suite that every adapter must pass, over real HTTP against a venue whose own record is held against what the adapter says.
 * What an answer means is decided by the adapter alone, so most of it asks what the adapter makes of answers that prove nothing.
 */
export function describeAdapterContract({ name, startVenue }: AdapterContractOptions): void {
  const run: RunAdapterTrial = async (body) => {
    const venue = await startVenue();
    try {
      const trial = await startAdapterTrial(venue);
      try {
        await body(trial);
      } finally {
        await trial.broker.close();
      }
    } finally {
      await venue.stop();
    }
  };
  describe(`${name} as an adapter`, () => {
    describeOrders(run);
    describeEncoding(run);
    describeDecoding(run);
    describeLookups(run, startVenue);
  });
}
