import { clientOrderIdKey } from '../client-order-id.ts';
import type { OcoRecord } from '../oco/oco-records.ts';
import type { JournalRecord } from './journal.ts';
import { isOrderRecord } from './journal.ts';

/** What is younger than this is kept, whatever it says: ids are known, and orders explained, for so long at least. */
const youngMs = 24 * 60 * 60 * 1000;

/** Of places that are older and over, so many are kept: a call with one of their ids gets its outcome. */
const keptPlaces = 100_000;

/** Lines between two clearings: a journal holds more than memory should. */
const clearEvery = 50_000;

interface Line {
  readonly index: number;
  readonly at: number;
}
interface PlaceLines {
  readonly lines: Line[];
  isOpen: boolean;
  lastAt: number;
}

/** An entry under the broker's own protection, its legs, and what was done about them. */
interface ProtectedLines {
  readonly lines: Line[];
  /** The client order ids of the entry and its legs, without case. */
  readonly ids: Set<string>;
  hasEnded: boolean;
  lastAt: number;
}

/** Chooses the lines of a journal that the next start still needs. Fed with all of them, oldest first. */
export class EssentialLines {
  readonly #keptPlaces: number;
  /** Changes and exits, which nothing but their youth keeps. */
  #changes: Line[] = [];
  readonly #protected = new Map<string, ProtectedLines>();
  readonly #places = new Map<string, PlaceLines>();
  /** Of each executor: where its ramp last was, and what came after. */
  readonly #ramps = new Map<string, Line[]>();
  readonly #latches = new Map<string, Line>();
  #halt: Line | undefined;
  /** Lines of kinds that only a newer version knows. */
  readonly #unknown: number[] = [];
  #count = 0;
  /** Wall milliseconds of the youngest line: the journal's own now. */
  #newest = -Infinity;

  /** `kept`: places that are kept though they are older than a day and over. */
  constructor(kept: number = keptPlaces) {
    this.#keptPlaces = kept;
  }

  take(record: JournalRecord): void {
    const line: Line = { index: this.#count, at: record.at };
    this.#count += 1;
    this.#newest = Math.max(this.#newest, record.at);
    if (this.#count % clearEvery === 0) this.#clear();
    switch (record.kind) {
      case 'halt':
      case 'resume':
        this.#halt = line;
        return;
      case 'rollout':
        // A latch is the line that set it, also where a later one moved the ramp.
        if (record.latch !== undefined) {
          if (record.cause === 'released') this.#latches.delete(record.latch);
          else this.#latches.set(record.latch, line);
        }
        if (record.ramp) this.#ramps.set(record.executor, [line]);
        return;
      case 'rollout-window':
        this.#ramps.get(record.executor)?.push(line);
        return;
      case 'withdrawal':
      case 'arrival':
        this.#ofPlace(clientOrderIdKey(record.clientOrderId), line, true);
        return;
      case 'intent':
      case 'attempt':
      case 'outcome':
        break;
      case 'oco':
        this.#ofProtected(record, line);
        return;
    }
    if (
      isOrderRecord(record) &&
      record.operation === 'place' &&
      record.clientOrderId !== undefined
    ) {
      this.#ofPlace(
        clientOrderIdKey(record.clientOrderId),
        line,
        record.kind !== 'outcome' || record.outcome === 'unknown',
      );
    } else {
      this.#changes.push(line);
    }
  }

  /** A line whose meaning a newer version knows: it is that one's to say when it is over. */
  takeUnknown(): void {
    this.#unknown.push(this.#count);
    this.#count += 1;
  }

  /** A 1 for each of the lines that is needed, a 0 for the others. Their text is not kept: a journal may be larger than memory should be, and orders wait while they are chosen. */
  marks(): Uint8Array {
    this.#clear();
    const marks = new Uint8Array(this.#count);
    const choose = (lines: Iterable<Line>): void => {
      for (const { index } of lines) marks[index] = 1;
    };
    for (const index of this.#unknown) marks[index] = 1;
    choose(this.#changes);
    choose(this.#latches.values());
    for (const lines of this.#ramps.values()) choose(lines);
    for (const { lines } of this.#protected.values()) choose(lines);
    for (const { lines } of this.#places.values()) choose(lines);
    if (this.#halt) choose([this.#halt]);
    return marks;
  }

  #ofPlace(key: string, line: Line, isOpen: boolean): void {
    const place = this.#places.get(key);
    if (!place) return void this.#places.set(key, { lines: [line], isOpen, lastAt: line.at });
    place.lines.push(line);
    place.isOpen = isOpen;
    place.lastAt = Math.max(place.lastAt, line.at);
  }

  #ofProtected(record: OcoRecord, line: Line): void {
    const key = clientOrderIdKey(record.entry);
    const group = this.#protected.get(key) ?? {
      lines: [],
      ids: new Set([key]),
      hasEnded: false,
      lastAt: line.at,
    };
    this.#protected.set(key, group);
    group.lines.push(line);
    group.lastAt = Math.max(group.lastAt, line.at);
    group.hasEnded = record.step === 'ended';
    if (record.step === 'leg') group.ids.add(clientOrderIdKey(record.clientOrderId));
  }

  #clear(): void {
    const from = this.#newest - youngMs;
    for (const [key, { hasEnded, lastAt }] of this.#protected)
      if (hasEnded && lastAt < from) this.#protected.delete(key);
    // The places of an entry and its legs say which orders they are, for as long as the entry is protected.
    const needed = new Set([...this.#protected.values()].flatMap(({ ids }) => [...ids]));
    this.#changes = this.#changes.filter(({ at }) => at >= from);
    for (const [key, { isOpen, lastAt }] of this.#places) {
      if (this.#places.size <= this.#keptPlaces) return;
      if (!isOpen && lastAt < from && !needed.has(key)) this.#places.delete(key);
    }
  }
}
