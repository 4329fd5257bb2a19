import type { Position, Side } from '@hotpath/core';
import type { SignalRecord } from './signal-record.ts';

export function entrySide(position: 'long' | 'short'): Side {
  return position === 'long' ? 'buy' : 'sell';
}

export function exitSide(position: 'long' | 'short'): Side {
  return position === 'long' ? 'sell' : 'buy';
}

/** Contracts with their sign: long is positive. */
export function signed(quantity: number, position: 'long' | 'short'): number {
  return position === 'long' ? quantity : -quantity;
}

/** What the venue holds in a contract, with its sign. */
export function netOf(positions: readonly Position[], contractId: string): number {
  const row = positions.find((position) => position.contractId === contractId);
  return row === undefined ? 0 : row.side === 'buy' ? row.quantity : -row.quantity;
}

/** What the signals of a contract come to. */
export function expectedNet(records: readonly SignalRecord[]): number {
  return records.reduce((sum, { held, position }) => sum + signed(held, position), 0);
}
