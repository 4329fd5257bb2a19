import type { Broker, Outcome } from '@hotpath/core';
import type { BotSettings } from './bot-settings.ts';
import type { Asked, ClaimedCalls } from './claimed-calls.ts';
import { later } from './claimed-calls.ts';
import type { OutcomeClaim } from './claims.ts';
import type { IntentHistory } from './intent-history.ts';
import { isTold } from './intent-history.ts';
import { modifiedPrice, restingPrice, reachablePrice, entrySize } from './identities.ts';
import { seededChance } from './seeded-chance.ts';

/** Calls under one intent before a bot gives it up. */
const mostCalls = 12;
/** Part of the places called absent that are called once more, under the same id; without the others a bot goes on. */
const calledAgain = 0.5;
/** Part of the places that may leave only at once, so that nothing is delivered a second time: of these some end absent and come after all. */
const hurried = 0.3;

/** A bot as real ones are: after `not-sent` it places again under a new id, after `unknown` only under the same. */
export class Trader {
  readonly #broker: Broker;
  readonly #calls: ClaimedCalls;
  readonly #settings: BotSettings;

  constructor(broker: Broker, calls: ClaimedCalls, settings: BotSettings) {
    this.#broker = broker;
    this.#calls = calls;
    this.#settings = settings;
  }

  /** One order and what a bot does with it afterwards. */
  async trade(number: number): Promise<void> {
    const chance = seededChance(this.#settings.seed, `intent ${this.#settings.index} ${number}`);
    const rests = chance() < 0.75;
    const intent = `${rests ? 'rest' : 'reach'}:${number}`;
    const placed = await this.place(intent, undefined);
    if (!rests || placed?.outcome !== 'accepted' || placed.orderId === undefined) return;
    if (chance() < 0.35) await this.modify(number, placed.orderId);
    if (chance() < 0.8) await this.cancel(number, placed.orderId);
  }

  /** `underId`: the id of an earlier session whose end is not known. */
  async place(intent: string, underId: string | undefined): Promise<OutcomeClaim | undefined> {
    const { index, session, times, seed, blind } = this.#settings;
    const chance = seededChance(seed, `place ${index} ${intent}`);
    let attempt = 0;
    // Where tags are changed every further delivery is another order, which is what is to be seen there.
    const deadlineMs = chance() < hurried && !blind ? times.repeatAfterMs : undefined;
    let mayCallAgain = chance() < calledAgain || blind;
    const nextId = (): string =>
      `b${index}-${intent.replace(':', '-')}-${session}-${(attempt += 1)}`;
    let clientOrderId = underId ?? nextId();
    let word: OutcomeClaim | undefined;
    for (let call = 0; call < mostCalls; call += 1) {
      const request = placeRequest(intent);
      word = await this.#calls.make(
        { ...request.asked, clientOrderId },
        () => this.#broker.placeOrder({ ...request.order, clientOrderId, deadlineMs }),
        times.patienceMs,
      );
      if (word.outcome === 'not-sent') {
        // A refusal of the id itself is about another order of this bot.
        clientOrderId = nextId();
        await later(20 + 30 * call, undefined);
      } else if (word.outcome === 'unknown' && word.code === 'ABSENT' && mayCallAgain)
        mayCallAgain = false;
      else return word;
    }
    return word;
  }

  modify(number: number, orderId: string): Promise<OutcomeClaim> {
    const limitPrice = modifiedPrice(number);
    return this.#untilSent(
      { intent: `modify:${number}`, operation: 'modify', orderId, price: limitPrice },
      () => this.#broker.modifyOrder({ orderId, limitPrice }),
    );
  }

  cancel(number: number, orderId: string): Promise<OutcomeClaim> {
    return this.#untilSent({ intent: `cancel:${number}`, operation: 'cancel', orderId }, () =>
      this.#broker.cancelOrder({ orderId }),
    );
  }

  /** In, some of it out, all of it out. What an earlier cycle left is closed first. */
  async cycle(number: number, reduceNumber: number): Promise<void> {
    await this.close(`${this.#settings.session}-${number}-before`);
    const entered = await this.place(`enter:${number}`, undefined);
    if (entered?.outcome === 'accepted') {
      const asked: Asked = {
        intent: `reduce:${reduceNumber}`,
        operation: 'reduce',
        size: reduceNumber,
      };
      await this.#untilSent(
        asked,
        () => this.#broker.reducePosition({ symbol: 'MES', quantity: reduceNumber }),
        this.#settings.times.hurryMs,
      );
    }
    await this.close(`${this.#settings.session}-${number}-after`);
  }

  close(name: string): Promise<OutcomeClaim> {
    return this.#untilSent(
      { intent: `close:${name}`, operation: 'close' },
      () => this.#broker.closePosition({ symbol: 'MES' }),
      this.#settings.times.hurryMs,
    );
  }

  /** Goes on with what an earlier session left without an end: places and changes under the same names, never a reduce. */
  async takeUp({ intent, calls, lastWord }: IntentHistory): Promise<void> {
    const claim = calls.at(-1)?.claim;
    if (!claim || (isTold(lastWord) && calls.at(-1)?.words.length !== 0)) return;
    const number = Number(intent.slice(intent.indexOf(':') + 1));
    if (claim.operation === 'place') await this.place(intent, claim.clientOrderId);
    else if (claim.operation === 'modify' && claim.orderId !== undefined)
      await this.modify(number, claim.orderId);
    else if (claim.operation === 'cancel' && claim.orderId !== undefined)
      await this.cancel(number, claim.orderId);
    else if (claim.operation === 'close') await this.close(intent.slice('close:'.length));
  }

  async #untilSent(
    asked: Asked,
    call: () => Promise<Outcome>,
    patienceMs: number = this.#settings.times.patienceMs,
  ): Promise<OutcomeClaim> {
    let word = await this.#calls.make(asked, call, patienceMs);
    for (
      let again = 0;
      again < mostCalls &&
      word.outcome === 'not-sent' &&
      word.code !== 'INVALID_ORDER' &&
      word.code !== 'SUPERSEDED';
      again += 1
    ) {
      await later(30 + 30 * again, undefined);
      word = await this.#calls.make(asked, call, patienceMs);
    }
    return word;
  }
}

type Order = Parameters<Broker['placeOrder']>[0];

function placeRequest(intent: string): { readonly asked: Asked; readonly order: Order } {
  const [kind, number] = intent.split(':');
  const base = { intent, operation: 'place' as const };
  if (kind === 'enter') {
    const size = entrySize(Number(number));
    return {
      asked: { ...base, size },
      order: { type: 'market', symbol: 'MES', side: 'buy', quantity: size },
    };
  }
  const price = kind === 'rest' ? restingPrice(Number(number)) : reachablePrice(Number(number));
  return {
    asked: { ...base, price },
    order: { type: 'limit', symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: price },
  };
}
