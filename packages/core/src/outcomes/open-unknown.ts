import type { UnknownCode } from '../outcome-codes.ts';
import type { Order } from '../order.ts';
import type { NotSent, Outcome, Rejected, Unknown, Unsettled } from '../outcome.ts';
import type { Sweep } from './sweep.ts';
import type { Told } from './told.ts';

type FinalCode = Unsettled['code'];
/** How an unknown can end. */
export type End<Key extends string> = Exclude<Outcome<Key>, Unknown<Key, never>>;
/** How an unknown of one operation can end. */
export type EndOf<Key extends string, Done> = Done | Rejected<Key> | NotSent<Key> | Unsettled<Key>;

export interface UnknownDetails {
  readonly code: Exclude<UnknownCode, FinalCode>;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** How an unknown is settled. */
export interface Search<Ended> {
  /** Wall milliseconds of the send. */
  readonly since: number;
  /** Looks once; undefined as long as nothing is proven. */
  look(sweep: Sweep): Promise<Ended | undefined>;
  /** Whether this row is worth another look at once. */
  concerns(order: Order): boolean;
  /** Called once with the end, before anybody else hears of it. */
  ended?(end: Ended): void;
}

/** An unknown that nothing will settle any more. */
export function unsettled<Key extends string>(
  base: Told<Key>,
  code: FinalCode,
  message: string,
): Unsettled<Key> {
  return {
    kind: 'unknown',
    ...base,
    final: true,
    code,
    message,
    retry: code === 'IN_USE_NOT_FOUND' ? 'no' : 'same-id',
    field: undefined,
    hint: undefined,
  };
}

export interface OpenUnknownParts<Key extends string, Done> {
  readonly base: Told<Key>;
  readonly details: UnknownDetails;
  /** Undefined: it is settled elsewhere. */
  readonly search: Search<EndOf<Key, Done>> | undefined;
  /** Whether the bot has been told that it is unknown; if not, it is told the end and nothing else. */
  isTold: boolean;
  /** Monotonic. */
  readonly dueAt: number;
  readonly pauseMs: number;
  /** Called once, with the end of what the bot was told is unknown. */
  readonly announce: (end: End<Key>) => void;
  /** Called once, at the end. */
  readonly forget: (open: OpenUnknown<Key, Done>) => void;
}

/** One intent whose outcome is not known yet. */
export class OpenUnknown<Key extends string, Done> {
  /** Monotonic; the next look is due. */
  dueAt: number;
  pauseMs: number;
  readonly resolved: Promise<EndOf<Key, Done>>;
  readonly #parts: OpenUnknownParts<Key, Done>;
  #resolve: (ended: EndOf<Key, Done>) => void = () => undefined;
  #hasEnded = false;

  constructor(parts: OpenUnknownParts<Key, Done>) {
    this.#parts = parts;
    this.dueAt = parts.dueAt;
    this.pauseMs = parts.pauseMs;
    this.resolved = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Wall milliseconds of the send; undefined for one that nobody has to look for. */
  get since(): number | undefined {
    return this.#parts.search?.since;
  }

  concerns(order: Order): boolean {
    return this.#parts.search?.concerns(order) ?? false;
  }

  async look(sweep: Sweep): Promise<void> {
    const ended = await this.#parts.search?.look(sweep);
    if (ended !== undefined) this.end(ended);
  }

  /** Does nothing the second time. `announced`: whoever found the end has told of it. */
  end(ended: EndOf<Key, Done>, { announced = false }: { readonly announced?: boolean } = {}): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { search, isTold, announce, forget } = this.#parts;
    forget(this);
    search?.ended?.(ended);
    // `Done` is one of the accepted outcomes; what a search ends in is an end of its own intent.
    if (isTold && !announced) announce(ended as End<Key>);
    this.#resolve(ended);
  }

  close(): void {
    this.end(
      unsettled(
        this.#parts.base,
        'CLOSED',
        'The broker was closed before the venue said what became of it.',
      ),
    );
  }

  /** What the bot is told from here on. `settledMs`: milliseconds between its call and now; undefined: as they stood. */
  tell(settledMs?: number): Unknown<Key, Done> {
    this.#parts.isTold = true;
    const { base, details } = this.#parts;
    const { code, message, hint } = details;
    const timings =
      settledMs === undefined ? base.timings : { ...base.timings, settled: settledMs };
    const outcome = {
      kind: 'unknown' as const,
      ...base,
      timings,
      final: false as const,
      code,
      message,
      retry: 'same-id' as const,
      field: undefined,
      hint,
    };
    // Enumerable, it would break JSON.stringify, structuredClone and every logger.
    return Object.defineProperty(outcome as Unknown<Key, Done>, 'resolved', {
      value: this.resolved,
      enumerable: false,
    });
  }
}
