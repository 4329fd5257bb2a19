import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import * as z from 'zod';
import type { Exchange } from '../exchange/exchange.ts';
import { fedContractSchema } from '../feed/fed-contract.ts';
import type { FedContract } from '../feed/feed-options.ts';
import type { ContractList } from '../instruments/contract-list.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import type { SavedFill } from './saved-fill.ts';
import { restoredFill, savedFill, savedFillSchema } from './saved-fill.ts';
import type { SavedOrder } from './saved-order.ts';
import { restoredOrders, savedOrder, savedOrderSchema } from './saved-order.ts';

const lineSchema = z.union([
  z.object({ order: savedOrderSchema }),
  z.object({ fill: savedFillSchema }),
  z.object({ contract: fedContractSchema }),
]);

interface Saved {
  /** The last line of each order, by id. */
  readonly orders: Map<number, SavedOrder>;
  readonly fills: SavedFill[];
  /** Contracts from outside in which there was an order, by id. */
  readonly contracts: Map<string, FedContract>;
}

/** Orders and fills as lines of JSON, each written as it happens, so that they outlive the process however it ends. */
export class StateFile {
  readonly #path: string;
  readonly #saved: Saved;
  readonly #keepContracts: boolean;
  #file: number;

  /** Reads what is there and writes it anew, an order a line. A last line that was cut off is left out. Throws, with the line's number, for anything else it can't read. `keepContracts`: they come from outside, so that those with orders are kept as well. */
  constructor(path: string, keepContracts: boolean = false) {
    this.#path = path;
    this.#keepContracts = keepContracts;
    this.#saved = readSaved(path);
    this.#file = this.#rewrite();
  }

  /** Those from outside in which there was an order. */
  get contracts(): readonly FedContract[] {
    return [...this.#saved.contracts.values()];
  }

  /** Gives an exchange what was saved, and from here on keeps what happens there. */
  attach(exchange: Exchange, contracts: ContractList, now: number): void {
    const contractOf = (contractId: string) => contracts.expired(contractId);
    const orders = restoredOrders(this.#saved.orders.values(), contractOf);
    const fills = this.#saved.fills.map((fill) => restoredFill(fill, contractOf));
    exchange.listen((event) => {
      if (event.kind === 'order') {
        this.#keepContract(event.order.contract);
        this.#write({ order: savedOrder(event.order) });
      }
      // In one write, so that a kill leaves no order without its fills and no fills without their order.
      // safeguard: the state file keeps fills
      else if (event.kind === 'booked')
        this.#write(
          { order: savedOrder(event.order) },
          ...event.fills.map((fill) => ({ fill: savedFill(fill) })),
        );
      // end of safeguard
    });
    exchange.restore(orders, fills, now);
    this.#forget();
  }

  /** Empties the file. */
  clear(): void {
    this.#forget();
    closeSync(this.#file);
    this.#file = this.#rewrite();
  }

  close(): void {
    closeSync(this.#file);
  }

  #forget(): void {
    this.#saved.orders.clear();
    this.#saved.fills.length = 0;
  }

  #keepContract({
    id,
    name,
    description,
    tickSize,
    tickValue,
    activeContract,
  }: SimulatedContract): void {
    if (!this.#keepContracts || this.#saved.contracts.has(id)) return;
    const contract = { id, name, description, tickSize, tickValue, activeContract };
    this.#saved.contracts.set(id, contract);
    this.#write({ contract });
  }

  #write(...lines: readonly object[]): void {
    writeSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  /** Through a second file, so that a crash in the middle leaves the first as it was. */
  #rewrite(): number {
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, 'w');
    for (const contract of this.#saved.contracts.values())
      writeSync(file, `${JSON.stringify({ contract })}\n`);
    for (const order of this.#saved.orders.values())
      writeSync(file, `${JSON.stringify({ order })}\n`);
    for (const fill of this.#saved.fills) writeSync(file, `${JSON.stringify({ fill })}\n`);
    fsyncSync(file);
    renameSync(fresh, this.#path);
    return file;
  }
}

function readSaved(path: string): Saved {
  const saved: Saved = { orders: new Map(), fills: [], contracts: new Map() };
  const lines = textOf(path).split('\n');
  // What stands behind the last line feed is a line that was cut off.
  lines.pop();
  lines.forEach((text, index) => {
    const bound = lineSchema.safeParse(jsonOf(text));
    if (!bound.success)
      throw new TypeError(
        `stateFile: line ${index + 1} of ${path} is no order, no fill and no contract of the simulator`,
      );
    if ('order' in bound.data) saved.orders.set(bound.data.order.id, bound.data.order);
    else if ('fill' in bound.data) saved.fills.push(bound.data.fill);
    else saved.contracts.set(bound.data.contract.id, bound.data.contract);
  });
  return saved;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
