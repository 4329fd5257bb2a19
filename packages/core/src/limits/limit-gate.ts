import type { Adapter } from '../adapter.ts';
import type { ClientOrderId, ContractId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Contract } from '../contract.ts';
import type { MarketEvidence } from '../market-data.ts';
import type { OrderRequest, Side } from '../order-request.ts';
import type { NotSentCode } from '../outcome-codes.ts';
import type { VenueState } from '../state/venue-state.ts';
import type { Exposure, ExposureBook } from './exposure.ts';
import type { Limits } from './limits.ts';
import { LocalTime, minuteOfDay } from './time-of-day.ts';

/** Why the author's limits don't let an order through. */
export interface LimitProblem {
  readonly code: Extract<
    NotSentCode,
    'LIMIT_EXCEEDED' | 'UNKNOWN_OPEN' | 'NO_LAST_PRICE' | 'NOT_READY'
  >;
  /** The limit, as `limits.maxContracts`. */
  readonly field: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const minuteMs = 60_000;
const nothing: Exposure = { held: 0, buys: 0, sells: 0 };

export interface LimitGateParts<Key extends string> {
  readonly adapter: Adapter;
  readonly state: VenueState<Key>;
  readonly exposure: ExposureBook<Key>;
  readonly clock: Clock;
}

/** Decides in the tick of the call whether an order may enter the market. */
export class LimitGate<Key extends string> {
  readonly #parts: LimitGateParts<Key>;
  #limits: Limits;
  #hours: { readonly local: LocalTime; readonly from: number; readonly to: number } | undefined;
  #lossDay: { readonly local: LocalTime; readonly beginsAt: number } | undefined;
  /** Monotonic instants of the last places, oldest first. */
  readonly #placedAt: number[] = [];
  readonly #prices = new Map<
    ContractId,
    { last: number | undefined; live: boolean; readonly stop: () => void }
  >();
  /** By contract, so that a root's contracts add up. */
  readonly #roots = new Map<ContractId, string>();

  constructor(parts: LimitGateParts<Key>, limits: Limits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#use(limits);
  }

  get limits(): Limits {
    return this.#limits;
  }

  set limits(limits: Limits) {
    this.#limits = limits;
    this.#use(limits);
  }

  close(): void {
    for (const { stop } of this.#prices.values()) stop();
    this.#prices.clear();
  }

  /** Undefined lets it through, and from here on it counts. */
  admit(
    clientOrderId: ClientOrderId,
    request: OrderRequest,
    contract: Contract,
  ): LimitProblem | undefined {
    const { exposure, clock } = this.#parts;
    this.#roots.set(contract.id, contract.root);
    const undo = exposure.leaveOut(clientOrderId);
    const problem =
      this.#symbolProblem(contract) ??
      this.#priceProblem(request, contract) ??
      this.#entryProblem(contract, request.side, request.quantity, true);
    if (problem) {
      undo();
      return problem;
    }
    this.#placedAt.push(clock.monotonic());
    exposure.let(clientOrderId, contract, request.side, request.quantity);
    return undefined;
  }

  /** Whether a working order may grow by so many contracts. */
  grow(contract: Contract, side: Side, by: number): LimitProblem | undefined {
    this.#roots.set(contract.id, contract.root);
    return by <= 0 ? undefined : this.#entryProblem(contract, side, by, false);
  }

  #entryProblem(
    contract: Contract,
    side: Side,
    quantity: number,
    isPlace: boolean,
  ): LimitProblem | undefined {
    const exposures = this.#parts.exposure.exposures();
    const before = exposures.get(contract.id) ?? nothing;
    // What can only shrink the position is a way out.
    const shrinks =
      side === 'buy'
        ? before.held + before.buys + quantity <= 0
        : before.held - before.sells - quantity >= 0;
    if (shrinks) return undefined;
    return (
      this.#hoursProblem() ??
      this.#lossProblem() ??
      this.#unknownProblem(contract) ??
      (isPlace ? this.#countProblem() : undefined) ??
      this.#contractsProblem(exposures, contract, side, quantity)
    );
  }

  #symbolProblem({ root, name, id }: Contract): LimitProblem | undefined {
    const { symbols } = this.#limits;
    if (!symbols || symbols.includes(root) || symbols.includes(name) || symbols.includes(id))
      return undefined;
    return exceeded('symbols', `${name} is not among ${symbols.join(', ')}`);
  }

  #hoursProblem(): LimitProblem | undefined {
    if (!this.#hours || !this.#limits.tradingHours) return undefined;
    const { local, from, to } = this.#hours;
    const minute = local.minuteOf(this.#parts.clock.now());
    const inside = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
    const { from: opens, to: closes, timeZone } = this.#limits.tradingHours;
    return inside
      ? undefined
      : exceeded('tradingHours', `it is outside ${opens} to ${closes} in ${timeZone}`);
  }

  #lossProblem(): LimitProblem | undefined {
    const { dailyLoss } = this.#limits;
    if (!dailyLoss || !this.#lossDay) return undefined;
    const { state, clock } = this.#parts;
    if (!state.wasLive)
      return {
        code: 'NOT_READY',
        field: 'limits.dailyLoss',
        message: "The day's fills have not been read yet, so what it lost is not known.",
      };
    const { profitAndLoss, fees } = state.fills.since(
      this.#lossDay.local.lastAt(this.#lossDay.beginsAt, clock.now()),
    );
    const lost = fees - profitAndLoss;
    return lost >= dailyLoss.amount
      ? exceeded(
          'dailyLoss',
          `${lost.toFixed(2)} of ${dailyLoss.amount} are lost since the day began`,
        )
      : undefined;
  }

  #unknownProblem({ id, name }: Contract): LimitProblem | undefined {
    if (this.#limits.whileUnknown === 'count' || !this.#parts.exposure.hasUnknown(id))
      return undefined;
    return {
      code: 'UNKNOWN_OPEN',
      field: 'limits.whileUnknown',
      message: `A place in ${name} is unknown; until it is settled nothing enters this contract.`,
      hint: 'Wait for its `resolved`, or set limits.whileUnknown to "count".',
    };
  }

  #countProblem(): LimitProblem | undefined {
    const { maxOpenOrders, maxOrdersPerMinute } = this.#limits;
    if (maxOpenOrders !== undefined && this.#parts.exposure.openOrders() >= maxOpenOrders)
      return exceeded('maxOpenOrders', `${maxOpenOrders} orders are open`);
    if (maxOrdersPerMinute === undefined) return undefined;
    const since = this.#parts.clock.monotonic() - minuteMs;
    while ((this.#placedAt[0] ?? Infinity) <= since) this.#placedAt.shift();
    return this.#placedAt.length >= maxOrdersPerMinute
      ? exceeded(
          'maxOrdersPerMinute',
          `${maxOrdersPerMinute} orders were placed in the last minute`,
        )
      : undefined;
  }

  #contractsProblem(
    exposures: ReadonlyMap<ContractId, Exposure>,
    contract: Contract,
    side: Side,
    quantity: number,
  ): LimitProblem | undefined {
    const { maxContracts, maxContractsPerSymbol } = this.#limits;
    const ofRoot = maxContractsPerSymbol?.[contract.root];
    if (maxContracts === undefined && ofRoot === undefined) return undefined;
    let [all, root] = [0, 0];
    for (const [contractId, exposure] of exposures) {
      // On each contract the side counts that could become the larger one; on this one, the side of the order.
      const worst =
        contractId === contract.id
          ? sideOf(exposure, side)
          : Math.max(sideOf(exposure, 'buy'), sideOf(exposure, 'sell'));
      all += worst;
      if (
        (this.#roots.get(contractId) ?? this.#parts.adapter.contract(contractId)?.root) ===
        contract.root
      )
        root += worst;
    }
    const full = ` Held, working and unknown orders count in full.`;
    if (ofRoot !== undefined && root + quantity > ofRoot)
      return exceeded(
        'maxContractsPerSymbol',
        `${root} of ${ofRoot} contracts of ${contract.root} are taken, and ${quantity} more are asked for.${full}`,
      );
    if (maxContracts !== undefined && all + quantity > maxContracts)
      return exceeded(
        'maxContracts',
        `${all} of ${maxContracts} contracts are taken, and ${quantity} more are asked for.${full}`,
      );
    return undefined;
  }

  #priceProblem(request: OrderRequest, contract: Contract): LimitProblem | undefined {
    const { priceBandTicks } = this.#limits;
    const price =
      request.type === 'limit'
        ? request.limitPrice
        : request.type === 'stop'
          ? request.stopPrice
          : undefined;
    if (priceBandTicks === undefined || price === undefined) return undefined;
    const watched = this.#watch(contract);
    if (!watched.live || watched.last === undefined) {
      return {
        code: 'NO_LAST_PRICE',
        field: 'limits.priceBandTicks',
        message: `There is no live price of ${contract.name} to hold the order against.`,
        hint: 'The first order of a contract begins to watch it; try again in a moment.',
      };
    }
    const ticks = Math.round(Math.abs(price - watched.last) / contract.tickSize);
    return ticks > priceBandTicks
      ? exceeded(
          'priceBandTicks',
          `${price} is ${ticks} ticks from the last price ${watched.last}, and ${priceBandTicks} are allowed`,
        )
      : undefined;
  }

  #watch(contract: Contract): { readonly last: number | undefined; readonly live: boolean } {
    const known = this.#prices.get(contract.id);
    if (known) return known;
    const price: { last: number | undefined; live: boolean; stop: () => void } = {
      last: undefined,
      live: false,
      stop: () => undefined,
    };
    this.#prices.set(contract.id, price);
    const take = (item: MarketEvidence): void => {
      if (item.of === 'quote') price.last = item.quote.last ?? price.last;
      else if (item.of === 'live') price.live = true;
      else if (item.of === 'gap') price.live = false;
    };
    // safeguard: a market that can't be watched has no price
    try {
      price.stop = this.#parts.adapter.watchMarket?.(contract, ['quotes'], take) ?? price.stop;
    } catch {
      // Tried again with the next order.
      this.#prices.delete(contract.id);
    }
    // end of safeguard
    return price;
  }

  #use({ tradingHours, dailyLoss }: Limits): void {
    this.#hours = tradingHours && {
      local: new LocalTime(tradingHours.timeZone),
      from: minuteOfDay(tradingHours.from),
      to: minuteOfDay(tradingHours.to),
    };
    this.#lossDay = dailyLoss && {
      local: new LocalTime(dailyLoss.timeZone ?? 'America/Chicago'),
      beginsAt: minuteOfDay(dailyLoss.dayBeginsAt ?? '17:00'),
    };
  }
}

/** How many contracts would be held on a side if everything on it filled. */
function sideOf({ held, buys, sells }: Exposure, side: Side): number {
  return Math.max(0, side === 'buy' ? held + buys : sells - held);
}

function exceeded(limit: keyof Limits, message: string): LimitProblem {
  return {
    code: 'LIMIT_EXCEEDED',
    field: `limits.${limit}`,
    message: `limits.${limit}: ${message}`,
  };
}
