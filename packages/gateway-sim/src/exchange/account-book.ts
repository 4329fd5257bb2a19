import type { SimulatedContract } from '../instruments/contracts.ts';
import type { BracketMode } from './brackets.ts';
import type { ExchangeListener } from './exchange-event.ts';
import type { OrderRecord, SideNumber } from './order-record.ts';

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
}

export interface AccountSettings {
  readonly id: number;
  readonly name: string;
  readonly balance: number;
  readonly canTrade: boolean;
  readonly simulated: boolean;
  readonly bracketMode: BracketMode;
  /** Money held for each contract; 0 for none. */
  readonly marginPerContract: number;
}

/** What an account's book needs from the venue. */
export interface BookParts {
  nextFillId(): number;
  nextPositionId(): number;
  readonly announce: ExchangeListener;
  /** How many fills are remembered; 0 for all. */
  readonly keepFills: number;
}

/** One account's money, positions and fills. */
export class AccountBook {
  readonly settings: AccountSettings;
  readonly positions: Map<string, NetPosition> = new Map();
  /** Tags in lower case: uniqueness has no time limit and includes rejected orders (seen live by several clients). */
  readonly tags: Map<string, number> = new Map();
  /** Place requests that came with a tag already in use, by tag. */
  readonly duplicateTags: Map<string, number> = new Map();
  balance: number;
  readonly #parts: BookParts;
  #fills: Fill[] = [];
  #forgottenFills = 0;

  constructor(settings: AccountSettings, parts: BookParts) {
    this.settings = settings;
    this.balance = settings.balance;
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

  /** Books a fill: what it closes, and what it opens. A reversal is one closing and one opening half-turn. */
  fill(order: OrderRecord, size: number, priceTicks: number, at: number): void {
    const { contract, side } = order;
    const signed = side === 0 ? size : -size;
    const position = this.positions.get(contract.id);
    const closing = position && Math.sign(position.size) !== Math.sign(signed) ? Math.min(size, Math.abs(position.size)) : 0;
    if (position && closing > 0) {
      const gained = (priceTicks - position.averageTicks) * Math.sign(position.size) * closing * contract.tickValue;
      this.#book(order, closing, priceTicks, at, money(gained));
      position.size += Math.sign(signed) * closing;
      if (position.size === 0) this.positions.delete(contract.id);
      this.#parts.announce({ kind: 'position', accountId: order.accountId, position, at });
    }
    const opening = size - closing;
    if (opening > 0) this.#open(order, opening, priceTicks, at);
    this.#parts.announce({ kind: 'account', book: this });
  }

  #open(order: OrderRecord, opening: number, priceTicks: number, at: number): void {
    const { contract } = order;
    const signed = order.side === 0 ? opening : -opening;
    this.#book(order, opening, priceTicks, at, undefined);
    let held = this.positions.get(contract.id);
    if (held) {
      held.averageTicks = (held.averageTicks * Math.abs(held.size) + priceTicks * opening) / (Math.abs(held.size) + opening);
      held.size += signed;
    } else {
      held = { id: this.#parts.nextPositionId(), contract, openedAt: at, size: signed, averageTicks: priceTicks };
      this.positions.set(contract.id, held);
    }
    this.#parts.announce({ kind: 'position', accountId: order.accountId, position: held, at });
  }

  #book(order: OrderRecord, size: number, priceTicks: number, at: number, profitAndLoss: number | undefined): void {
    const { contract, side, accountId, id } = order;
    const fees = money(contract.product.fees * size);
    const commissions = money(contract.product.commissions * size);
    this.balance = money(this.balance + (profitAndLoss ?? 0) - fees - commissions);
    const fill: Fill = { id: this.#parts.nextFillId(), accountId, contract, at, priceTicks, profitAndLoss, fees, commissions, side, size, orderId: id };
    this.#fills.push(fill);
    const { keepFills } = this.#parts;
    if (keepFills > 0 && this.#fills.length > keepFills * 1.5 + 16) {
      this.#forgottenFills += this.#fills.length - keepFills;
      this.#fills = this.#fills.slice(-keepFills);
    }
    this.#parts.announce({ kind: 'trade', fill });
  }
}

/** Money to a hundredth of a cent, so that sums of decimals stay decimals. */
function money(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
