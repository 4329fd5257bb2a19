import type { Mutation } from '../operation.ts';
import type { OutcomeKind } from '../outcome.ts';
import type { Decision } from '../router/decision.ts';
import type { StoryLine } from './story-line.ts';

type Delivery = Extract<StoryLine, { readonly kind: 'delivery' }>;
/** What deliveries have in common with the one before, most of the time. */
type How = Pick<Delivery, 'operation' | 'executor' | 'because' | 'bytes' | 'meant'>;
/** That the bot was told of an order which was accepted: the outcome of nearly all. */
interface Told {
  readonly operation: Mutation;
  readonly outcome: OutcomeKind;
}
type Content = { readonly how: How } | { readonly told: Told } | { readonly line: StoryLine };

/** Of a line: at, sentAt, and the five times of a delivery. What is undefined is not a number here. */
const numbersOfLine = 7;

/**
 * Lines in columns: the two that each order writes are kept as their numbers and ids, and made anew for who asks.
 * As objects they would outlive the young generation by the thousands, and each of them be copied twice by the collector between one order and the next.
 */
export class LineColumns {
  readonly #numbers: Float64Array;
  readonly #clientOrderIds: (string | undefined)[];
  readonly #orderIds: (string | undefined)[];
  readonly #contents: (Content | undefined)[];
  readonly #decisions: (Decision | undefined)[];
  #how: { readonly how: How } | undefined;
  #told: { readonly told: Told } | undefined;

  constructor(lines: number) {
    this.#numbers = new Float64Array(lines * numbersOfLine);
    this.#clientOrderIds = empty(lines);
    this.#orderIds = empty(lines);
    this.#contents = empty(lines);
    this.#decisions = empty(lines);
  }

  /** In the place of what stood there. */
  set(index: number, line: StoryLine): void {
    this.#clientOrderIds[index] = line.clientOrderId;
    this.#orderIds[index] = line.orderId;
    this.#numbers[index * numbersOfLine] = line.at;
    this.#decisions[index] = line.kind === 'delivery' ? line.decision : undefined;
    this.#contents[index] =
      line.kind === 'delivery'
        ? this.#delivery(index, line)
        : line.kind === 'outcome' && line.code === undefined && line.message === undefined
          ? this.#outcome(line)
          : { line };
  }

  /** Whether there is a line, and it is of an order that `is` says yes to. */
  isOf(
    index: number,
    is: (clientOrderId: string | undefined, orderId: string | undefined) => boolean,
  ): boolean {
    return (
      this.#contents[index] !== undefined && is(this.#clientOrderIds[index], this.#orderIds[index])
    );
  }

  get(index: number): StoryLine | undefined {
    const content = this.#contents[index];
    if (!content) return undefined;
    if ('line' in content) return content.line;
    const [at = 0, sentAt = 0, ...times] = this.#numbers.subarray(
      index * numbersOfLine,
      (index + 1) * numbersOfLine,
    );
    const about = {
      at,
      clientOrderId: this.#clientOrderIds[index],
      orderId: this.#orderIds[index],
    };
    if ('told' in content)
      return { kind: 'outcome', ...about, ...content.told, code: undefined, message: undefined };
    const [route, encode, toWire, toFirstByte, total] = times.map((time) =>
      Number.isNaN(time) ? undefined : time,
    );
    return {
      kind: 'delivery',
      ...about,
      ...content.how,
      decision: this.#decisions[index],
      sentAt,
      timings: { route, encode, toWire, toFirstByte, total },
    };
  }

  #delivery(
    index: number,
    { operation, executor, because, bytes, meant, sentAt, timings }: Delivery,
  ): Content {
    const [numbers, first] = [this.#numbers, index * numbersOfLine];
    numbers[first + 1] = sentAt;
    numbers[first + 2] = timings.route ?? Number.NaN;
    numbers[first + 3] = timings.encode ?? Number.NaN;
    numbers[first + 4] = timings.toWire ?? Number.NaN;
    numbers[first + 5] = timings.toFirstByte ?? Number.NaN;
    numbers[first + 6] = timings.total ?? Number.NaN;
    const last = this.#how;
    if (
      last &&
      last.how.meant === meant &&
      last.how.operation === operation &&
      last.how.executor === executor &&
      last.how.because === because &&
      last.how.bytes === bytes
    )
      return last;
    return (this.#how = { how: { operation, executor, because, bytes, meant } });
  }

  #outcome({ operation, outcome }: Told): Content {
    const last = this.#told;
    if (last && last.told.operation === operation && last.told.outcome === outcome) return last;
    return (this.#told = { told: { operation, outcome } });
  }
}

function empty<Value>(length: number): (Value | undefined)[] {
  return Array.from({ length }, () => undefined);
}
