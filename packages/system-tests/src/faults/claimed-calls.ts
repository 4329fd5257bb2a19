import type { Outcome } from '@hotpath/core';
import { systemClock } from '@hotpath/core';
import type { CallClaim, OutcomeClaim } from './claims.ts';
import { appendClaim } from './claims.ts';

/** What a call is about, before it has a number and a time. */
export type Asked = Omit<CallClaim, 'kind' | 'at' | 'call'>;

/** Claims each call before it is made and each word after it, and knows which words are still to come. */
export class ClaimedCalls {
  readonly #path: string;
  readonly #session: number;
  readonly #awaited = new Set<Promise<unknown>>();
  #made = 0;

  constructor(path: string, session: number) {
    this.#path = path;
    this.#session = session;
  }

  /** Gives the word after at most `patienceMs` of waiting for what was unknown; what comes later is claimed all the same. */
  async make(
    asked: Asked,
    call: () => Promise<Outcome>,
    patienceMs: number,
  ): Promise<OutcomeClaim> {
    const number = `${this.#session}.${(this.#made += 1)}`;
    const startedAt = systemClock.monotonic();
    appendClaim(this.#path, { kind: 'call', at: systemClock.now(), call: number, ...asked });
    const told = await call();
    const word = this.#claim(
      number,
      told,
      Math.round((systemClock.monotonic() - startedAt) * 1_000),
    );
    if (told.kind !== 'unknown' || told.final) return word;
    const end: Promise<OutcomeClaim> = told.resolved.then((outcome) =>
      this.#claim(number, outcome, undefined),
    );
    this.#awaited.add(end);
    void end.finally(() => this.#awaited.delete(end));
    return Promise.race([end, later(patienceMs, word)]);
  }

  /** Waits for the words that are still to come, but no longer than `mostMs`. */
  async settled(mostMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#awaited), later(mostMs, undefined)]);
  }

  #claim(call: string, told: Outcome, us: number | undefined): OutcomeClaim {
    const claim: OutcomeClaim = {
      kind: 'outcome',
      at: systemClock.now(),
      call,
      outcome: told.kind,
      final: told.kind !== 'unknown' || told.final,
      ...('code' in told && { code: told.code }),
      ...('orderId' in told && { orderId: told.orderId }),
      ...('became' in told && { became: told.became }),
      ...('recovered' in told && { recovered: told.recovered }),
      ...(us !== undefined && { us }),
    };
    appendClaim(this.#path, claim);
    return claim;
  }
}

export function later<Value>(afterMs: number, value: Value): Promise<Value> {
  return new Promise((resolve) => void setTimeout(() => resolve(value), afterMs));
}
