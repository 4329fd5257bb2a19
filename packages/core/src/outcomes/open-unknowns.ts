import type { UnknownCode } from '../outcome-codes.ts';
import type { NotSent, Rejected, Unknown, Unsettled } from '../outcome.ts';
import type { Told } from './told.ts';

type FinalCode = Unsettled['code'];

export interface UnknownDetails {
  readonly code: Exclude<UnknownCode, FinalCode>;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** An unknown that nothing will settle any more. */
export function unsettled<Key extends string>(base: Told<Key>, code: FinalCode, message: string): Unsettled<Key> {
  return { kind: 'unknown', ...base, final: true, code, message, retry: code === 'IN_USE_NOT_FOUND' ? 'no' : 'same-id', field: undefined, hint: undefined };
}

/** The intents whose outcome is still unknown, each with the promise its bot may be waiting on. */
export class OpenUnknowns<Key extends string> {
  readonly #open = new Set<() => void>();
  readonly #announce: (outcome: Unsettled<Key>) => void;
  #closed = false;

  constructor(announce: (outcome: Unsettled<Key>) => void) {
    this.#announce = announce;
  }

  /** After `closeAll` there is nobody left to settle it: it comes back final at once. */
  open<Done>(base: Told<Key>, { code, message, hint }: UnknownDetails): Unknown<Key, Done> | Unsettled<Key> {
    if (this.#closed) return unsettled(base, 'CLOSED', `${message} The broker was closed before the venue could be asked.`);
    const outcome = { kind: 'unknown' as const, ...base, final: false as const, code, message, retry: 'same-id' as const, field: undefined, hint };
    const resolved = new Promise<Done | Rejected<Key> | NotSent<Key> | Unsettled<Key>>((resolve) => {
      this.#open.add(() => {
        const end = unsettled(base, 'CLOSED', 'The broker was closed before the venue said what became of it.');
        this.#announce(end);
        resolve(end);
      });
    });
    // Enumerable, it would break JSON.stringify, structuredClone and every logger.
    return Object.defineProperty(outcome as Unknown<Key, Done>, 'resolved', { value: resolved, enumerable: false });
  }

  closeAll(): void {
    this.#closed = true;
    for (const settle of this.#open) settle();
    this.#open.clear();
  }
}
