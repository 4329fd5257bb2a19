import type { SimulatedContract } from '../instruments/contracts.ts';
import type { ProductCosts } from '../instruments/products.ts';
import type { BracketMode } from './brackets.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import type { Slice } from './matching.ts';
import type { OrderRecord, SideNumber } from './order-record.ts';
import { TagLedger } from './tag-ledger.ts';

/** One half-turn. Prices in ticks. */
export interface Fill {
  readonly id: number;
  readonly accountId: number;
  readonly contract: SimulatedContract;
  readonly at: number;
  readonly priceTicks: number;
  /** Undefined for a fill that opened or added to a position. */
  readonly profitAndLoss: number | undefined;
  readonly fees: number;
  readonly commissions: number;
  readonly side: SideNumber;
  readonly size: number;
  readonly orderId: number;
}

/** One net position. `size` is positive for long, negative for short. */
export interface NetPosition {
  readonly id: number;
  readonly contract: SimulatedContract;
  readonly openedAt: number;
  size: number;
  averageTicks: number;
  /** The fills that opened it, the oldest first, with what of each is still open. */
  readonly lots: { readonly fill: Fill; open: number }[];
}

/** A half-turn that was booked, and the opening ones that it closed. */
export interface BookedTurn {
  readonly fill: Fill;
  readonly opened: readonly Fill[];
}

/** What a fill came to, to be announced. */
export interface BookedFill {
  readonly turns: readonly BookedTurn[];
  readonly positions: readonly ExchangeEvent[];
  readonly account: ExchangeEvent;
}

/** What an account is kept from: everything after a rule was broken; cancels, as a follower; cancels and partial closes, as a live account. */
export type AccountRestriction = 'violation' | 'follower' | 'live';

export interface AccountSettings {
  readonly id: number;
  readonly name: string;
  readonly balance: number;
  readonly canTrade: boolean;
  readonly simulated: boolean;
  readonly bracketMode: BracketMode;
  /** Money held for each contract; 0 for none. */
  readonly marginPerContract: number;
  readonly restriction: AccountRestriction | undefined;
}

/** What an account's book needs from the venue. */
export interface BookParts {
  nextFillId(): number;
  nextPositionId(): number;
  /** How many fills are remembered; 0 for all. */
  readonly keepFills: number;
  readonly tagsIgnoreCase: boolean;
  /** Money of one contract and side. */
  costs(contract: SimulatedContract): ProductCosts;
}

/** One account's money, positions and fills. */
export class AccountBook {
  readonly settings: AccountSettings;
  readonly positions: Map<string, NetPosition> = new Map();
  /** Uniqueness has no time limit and includes rejected orders (seen live by several clients). */
  readonly tags: TagLedger;
  /** Place requests that came with a tag already in use, by tag. */
  readonly duplicateTags: Map<string, number> = new Map();
  balance: number;
  readonly #parts: BookParts;
  #fills: Fill[] = [];
  #forgottenFills = 0;

  constructor(settings: AccountSettings, parts: BookParts) {
    this.settings = settings;
    this.balance = settings.balance;
    this.tags = new TagLedger(parts.tagsIgnoreCase);
    this.#parts = parts;
  }

  /** In the order in which they happened. */
  get fills(): readonly Fill[] {
    return this.#fills;
  }

  /** How many old fills have been dropped from memory. */
  get forgottenFills(): number {
    return this.#forgottenFills;
  }

  /** Books what an order traded: what that closes, and what it opens. A reversal is one closing and one opening half-turn. */
  fill(order: OrderRecord, slices: readonly Slice[], at: number): BookedFill {
    const turns: BookedTurn[] = [];
    const touched = new Set<NetPosition>();
    const book = (size: number, priceTicks: number, profitAndLoss: number | undefined): void => {
      const { position, ...turn } = this.#book(order, size, priceTicks, at, profitAndLoss);
      turns.push(turn);
      touched.add(position);
    };
    for (const { size, priceTicks } of slices) {
      const position = this.positions.get(order.contract.id);
      const closing =
        position && Math.sign(position.size) !== Math.sign(signed(order.side, size))
          ? Math.min(size, Math.abs(position.size))
          : 0;
      if (position && closing > 0) {
        const gained =
          (priceTicks - position.averageTicks) *
          Math.sign(position.size) *
          closing *
          order.contract.tickValue;
        book(closing, priceTicks, money(gained));
      }
      if (size > closing) book(size - closing, priceTicks, undefined);
    }
    const { accountId } = order;
    return {
      turns,
      positions: [...touched].map((position) => ({ kind: 'position', accountId, position, at })),
      account: { kind: 'account', book: this },
    };
  }

  /** Takes in a half-turn of before a restart, without a word. */
  restore(fill: Fill): void {
    this.#apply(fill);
    this.#remember(fill);
  }

  #book(
    order: OrderRecord,
    size: number,
    priceTicks: number,
    at: number,
    profitAndLoss: number | undefined,
  ): BookedTurn & { readonly position: NetPosition } {
    const { contract, side, accountId, id } = order;
    const costs = this.#parts.costs(contract);
    const fees = money(costs.fees * size);
    const commissions = money(costs.commissions * size);
    const fill: Fill = {
      id: this.#parts.nextFillId(),
      accountId,
      contract,
      at,
      priceTicks,
      profitAndLoss,
      fees,
      commissions,
      side,
      size,
      orderId: id,
    };
    const applied = this.#apply(fill);
    this.#remember(fill);
    return { fill, ...applied };
  }

  /** What a half-turn does to money and position. */
  #apply(fill: Fill): { readonly position: NetPosition; readonly opened: readonly Fill[] } {
    const { contract, side, size, priceTicks, at, profitAndLoss, fees, commissions } = fill;
    this.balance = money(this.balance + (profitAndLoss ?? 0) - fees - commissions);
    const position = this.positions.get(contract.id) ?? {
      id: this.#parts.nextPositionId(),
      contract,
      openedAt: at,
      size: 0,
      averageTicks: priceTicks,
      lots: [],
    };
    const held = Math.abs(position.size);
    const opened = profitAndLoss === undefined ? [] : closedLots(position, size);
    if (profitAndLoss === undefined) {
      position.averageTicks = (position.averageTicks * held + priceTicks * size) / (held + size);
      position.lots.push({ fill, open: size });
    }
    position.size += signed(side, size);
    if (position.size === 0) this.positions.delete(contract.id);
    else this.positions.set(contract.id, position);
    return { position, opened };
  }

  #remember(fill: Fill): void {
    this.#fills.push(fill);
    const { keepFills } = this.#parts;
    if (keepFills > 0 && this.#fills.length > keepFills * 1.5 + 16) {
      this.#forgottenFills += this.#fills.length - keepFills;
      this.#fills = this.#fills.slice(-keepFills);
    }
  }
}

/** Takes so many contracts from a position's oldest opening fills, and gives those fills. */
function closedLots({ lots }: NetPosition, size: number): Fill[] {
  const closed: Fill[] = [];
  for (let left = size; left > 0;) {
    const [oldest] = lots;
    if (!oldest) break;
    closed.push(oldest.fill);
    const taken = Math.min(left, oldest.open);
    oldest.open -= taken;
    left -= taken;
    if (oldest.open === 0) lots.shift();
  }
  return closed;
}

/** Positive for a purchase. */
function signed(side: SideNumber, size: number): number {
  return side === 0 ? size : -size;
}

/** Money to a hundredth of a cent, so that sums of decimals stay decimals. */
function money(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
