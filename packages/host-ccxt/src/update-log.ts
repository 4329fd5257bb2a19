import { ExchangeClosedByUser } from 'ccxt';

/** One thing that happened, and which symbol it was about. */
interface Entry<Item> {
  readonly number: number;
  readonly symbol: string | undefined;
  readonly item: Item;
}
interface Waiting {
  readonly symbols: ReadonlySet<string> | undefined;
  resolve(): void;
  reject(error: Error): void;
}

/** What is not taken in time is dropped from here on, oldest first. */
const mostKept = 1_000;

/** What one of the `watch…` methods gives: everything that came since the last call that asked for the same, as soon as there is something. */
export class UpdateLog<Item> {
  readonly #entries: Entry<Item>[] = [];
  /** The number up to which each question has been answered. */
  readonly #answered = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #count = 0;
  #closed = false;

  add(symbol: string | undefined, item: Item): void {
    this.#entries.push({ number: (this.#count += 1), symbol, item });
    if (this.#entries.length > mostKept) this.#entries.shift();
    for (const waiting of this.#waiting)
      if (!waiting.symbols || (symbol !== undefined && waiting.symbols.has(symbol)))
        waiting.resolve();
  }

  /** Rejects with `ExchangeClosedByUser` once it is closed. */
  async next(symbols: readonly string[] | undefined): Promise<Item[]> {
    const wanted = symbols && new Set(symbols);
    const question = symbols?.toSorted().join(' ') ?? '';
    const since = this.#answered.get(question) ?? 0;
    const fresh = (): Entry<Item>[] =>
      this.#entries.filter(
        ({ number, symbol }) =>
          number > since && (!wanted || (symbol !== undefined && wanted.has(symbol))),
      );
    if (fresh().length === 0) await this.#something(wanted);
    const taken = fresh();
    this.#answered.set(
      question,
      Math.max(this.#answered.get(question) ?? 0, taken.at(-1)?.number ?? 0),
    );
    return taken.map(({ item }) => item);
  }

  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting)
      waiting.reject(new ExchangeClosedByUser('the exchange was closed'));
  }

  #something(symbols: ReadonlySet<string> | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new ExchangeClosedByUser('the exchange was closed'));
      const waiting: Waiting = {
        symbols,
        resolve: () => (this.#waiting.delete(waiting), resolve()),
        reject: (error) => (this.#waiting.delete(waiting), reject(error)),
      };
      this.#waiting.add(waiting);
    });
  }
}
