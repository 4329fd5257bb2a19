import type { ContractId } from '../brand.ts';
import type { JournalRecord } from '../journal/journal.ts';

/** A close that an earlier process may have left on its way. */
export interface EarlierClose {
  readonly contractId: ContractId;
  /** Wall milliseconds of its line. */
  readonly at: number;
}

/** The closes that a journal tells of and whose end it does not. Fed with its records, oldest first. */
export class EarlierCloses {
  /** Since as many had ended as had begun: lines of an end do not say of which contract. */
  #begun: EarlierClose[] = [];
  #ended = 0;

  take(record: JournalRecord): void {
    if (record.kind === 'intent' && record.operation === 'close') {
      const { contractId } = record.content as { readonly contractId?: ContractId };
      if (contractId !== undefined) this.#begun.push({ contractId, at: record.at });
    } else if (
      record.kind === 'outcome' &&
      record.operation === 'close' &&
      (record.outcome !== 'unknown' || record.code === 'ABSENT')
    ) {
      this.#ended += 1;
      if (this.#ended < this.#begun.length) return;
      this.#begun = [];
      this.#ended = 0;
    }
  }

  /** Those sent at `since` or later; wall milliseconds. */
  openSince(since: number): readonly EarlierClose[] {
    return this.#begun.filter(({ at }) => at >= since);
  }
}
