import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fields, GatewayHttp, HttpAnswer } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';

/** How often what may still be there is looked for at most. With growing pauses that is longer than the minute in which a spent rate limit comes back. */
const mostLooks = 24;
const longestPause = 5;
/** A gateway's clock may be behind this machine's. */
const clockSkewMs = 600_000;
/** Looks in a row that must show nothing; more of them where an answer was lost, because its order may come late. */
const cleanLooks = { answered: 2, lost: 6 };

/** What became of the orders of a run. */
export interface TakenBack {
  /** The gateway has shown that none of them works any more. */
  readonly clean: boolean;
  /** Contracts that they have bought against all expectation. */
  readonly filled: number;
}

/** Places for the run, and sees that nothing of it is left at the end, whatever the end is. */
export class OrderGuard {
  readonly #http: GatewayHttp;
  readonly #accountId: number;
  readonly #betweenLooksMs: number;
  /** Begins the tag of every order of this run, and of no other order anywhere. */
  readonly #prefix = `conform-${randomBytes(6).toString('hex')}`;
  #tags = 0;
  /** A place was sent, and that none of them works has not been seen since. */
  #mayWork = false;
  #lost = false;
  /** A place had brackets: orders that wait for their entry belong to it. */
  #hasLegs = false;
  #filled = 0;
  readonly #since = new Date(Date.now() - clockSkewMs).toISOString();

  /** `betweenLooksMs`: an order whose answer was lost may be that much late, several times over. */
  constructor(http: GatewayHttp, accountId: number, betweenLooksMs: number) {
    this.#betweenLooksMs = betweenLooksMs;
    this.#http = http;
    this.#accountId = accountId;
  }

  newTag(): string {
    this.#tags += 1;
    return `${this.#prefix}-${this.#tags}`;
  }

  get prefix(): string {
    return this.#prefix;
  }

  async place(order: Fields & { readonly customTag: string }): Promise<HttpAnswer> {
    // safeguard: what a conformance run may have placed is remembered before it leaves
    this.#mayWork = true;
    // safeguard: legs of a conformance run are taken back with their entry
    this.#hasLegs ||= 'stopLossBracket' in order;
    try {
      return await this.#http.post(
        'Order/place',
        { accountId: this.#accountId, ...order },
        { whole: true },
      );
    } catch (error) {
      this.#lost = true;
      throw error;
    }
  }

  /** Cancels what works of this run, until the gateway has shown that nothing does; it is asked past the end of the run and out of turn. */
  async takeBack(): Promise<TakenBack> {
    const wanted = this.#lost ? cleanLooks.lost : cleanLooks.answered;
    let clean = 0;
    for (let look = 0; this.#mayWork && look < mostLooks; look += 1) {
      if (look > 0) await wait(this.#betweenLooksMs * Math.min(look, longestPause));
      try {
        const own = [
          ...(await this.#orders('Order/searchOpen', {})),
          ...(this.#hasLegs ? await this.#suspended() : []),
        ];
        for (const { id } of own)
          await this.#ask('Order/cancel', { accountId: this.#accountId, orderId: id });
        clean = own.length === 0 ? clean + 1 : 0;
        if (clean < wanted) continue;
        // What works no more was cancelled, or has filled.
        const ended = await this.#orders('Order/search', { startTimestamp: this.#since });
        this.#filled = ended.reduce(
          (sum, { fillVolume }) => sum + (typeof fillVolume === 'number' ? fillVolume : 0),
          0,
        );
        this.#mayWork = false;
      } catch {
        // The next look may be answered.
        clean = 0;
      }
    }
    return { clean: !this.#mayWork, filled: this.#filled };
  }

  /** Orders of this run that a search shows. */
  async #orders(search: string, body: Fields): Promise<Fields[]> {
    const { fields } = await this.#ask(search, { accountId: this.#accountId, ...body });
    return this.#own(fields['success'] === true ? fields['orders'] : undefined);
  }

  /** Legs of this run that wait for an entry. A deployment without the newer query can't show any. */
  async #suspended(): Promise<Fields[]> {
    const { status, fields } = await this.#ask('Order/v2/query', {
      filter: { accountId: this.#accountId, statuses: [8], createdAfter: this.#since },
    });
    return status === 404 ? [] : this.#own(fields['orders']);
  }

  #own(rows: unknown): Fields[] {
    if (!Array.isArray(rows)) throw new Error('the orders are not told');
    return rows
      .filter(isFields)
      .filter(
        ({ customTag }) =>
          typeof customTag === 'string' && customTag.toLowerCase().startsWith(this.#prefix),
      );
  }

  #ask(path: string, body: Fields): Promise<HttpAnswer> {
    return this.#http.raw(`/api/${path}`, JSON.stringify(body), { urgent: true });
  }
}
