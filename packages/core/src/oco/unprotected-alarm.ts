import { moreMs } from '../standstill.ts';
import type { Protection } from './leave-contracts.ts';
import { leaveContracts } from './leave-contracts.ts';
import type { OcoParts } from './oco-parts.ts';

/** Tells once when an entry's contracts are held without their stop, and does what the author chose for that. */
export class UnprotectedAlarm<Key extends string> {
  readonly #parts: OcoParts<Key>;
  readonly #protection: Protection<Key>;
  /** Monotonic; undefined while the stop works. */
  #since: number | undefined;
  #isTold = false;
  #hadMore = false;

  constructor(parts: OcoParts<Key>, protection: Protection<Key>) {
    this.#parts = parts;
    this.#protection = protection;
  }

  /** A stop that the venue refused needs no waiting for. */
  look(isCovered: boolean, isRefused: boolean): void {
    const { broker, protectWithinMs, whenUnprotected } = this.#parts;
    const { entry } = this.#protection;
    if (isCovered) {
      this.#since = undefined;
      this.#isTold = false;
      this.#hadMore = false;
      return;
    }
    const now = broker.clock.monotonic();
    this.#since ??= now;
    let waitMs = this.#since + protectWithinMs - now;
    // safeguard: a stop is not missed by a loop that could not hear of it
    if (waitMs < 0 && !this.#hadMore) waitMs = this.#more(now, -waitMs);
    // safeguard: alarm of a stop that is missing
    if (this.#isTold) return;
    if (!isRefused && waitMs > 0) return this.#parts.lookIn(waitMs, entry);
    this.#isTold = true;
    broker.events.emit('position.unprotected', {
      contractId: entry.contractId,
      position: broker.state.positions.find(entry.contractId),
      message: `${this.#protection.left()} contracts of ${entry.clientOrderId} are held without their stop: ${isRefused ? 'the venue refused it' : `none works after ${protectWithinMs} ms`}.`,
    });
    if (whenUnprotected === 'close') void leaveContracts(this.#parts, this.#protection);
  }

  /** Where the loop stood still, what told of the stop may not have been read: it has a while longer, once. */
  #more(now: number, lateMs: number): number {
    const { protectWithinMs } = this.#parts;
    const more = moreMs(protectWithinMs, lateMs);
    if (more === 0) return 0;
    this.#hadMore = true;
    this.#since = now + more - protectWithinMs;
    return more;
  }
}
