import type { ConformanceTarget } from './connection-options.ts';
import type { Fields, GatewayHttp } from './gateway-http.ts';
import type { OrderGuard } from './order-guard.ts';
import type { Scrub } from './scrub.ts';

/** A contract to look at. */
export interface RunContract {
  readonly id: string;
  readonly name: string;
  readonly tickSize: number;
}

/** What checks share while they run. */
export interface Run {
  readonly target: ConformanceTarget;
  readonly http: GatewayHttp;
  readonly scrub: Scrub;
  readonly accountId: number;
  /** Through which alone is placed. */
  readonly guard: OrderGuard;
  /** All rows of the login. */
  readonly accounts: readonly Fields[];
  /** Of the symbol that was named. */
  readonly contract: RunContract;
  /** Milliseconds that hubs are watched for. */
  readonly watchMs: number;
  /** Milliseconds in which what an order sets off has come. */
  readonly settleMs: number;
  /** Does something the first time and gives its end each time: several checks look at one answer. */
  once<Value>(name: string, get: () => Promise<Value>): Promise<Value>;
  /** Waits, unless the run ends. */
  pause(milliseconds: number): Promise<void>;
  /** What was measured in passing, in milliseconds. */
  readonly measured: Map<string, number>;
}

/** Shared things that are made once. */
export function createOnce(): Run['once'] {
  const made = new Map<string, Promise<unknown>>();
  return <Value>(name: string, get: () => Promise<Value>): Promise<Value> => {
    const known = made.get(name) as Promise<Value> | undefined;
    if (known) return known;
    const value = get();
    made.set(name, value);
    return value;
  };
}
