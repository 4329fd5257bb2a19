import { BaseError } from 'ccxt';
import { readErrorOf, unsentOf } from './errors.ts';

/** A read that rejects with errors of ccxt's classes alone. */
export async function guardedRead<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof BaseError ? error : readErrorOf(error);
  }
}

/** Reads what a mutation has to know before it can be sent: what fails says that nothing was. */
export async function readAhead<Value>(look: () => Promise<Value>): Promise<Value> {
  try {
    return await look();
  } catch (error) {
    throw unsentOf(error);
  }
}
