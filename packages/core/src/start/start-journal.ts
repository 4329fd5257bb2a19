import type { Clock } from '../clock.ts';
import { Latch } from '../halt/latch.ts';
import type { Journal, JournalContext } from '../journal/journal.ts';
import { claimJournal, openJournal } from '../journal/take-journal.ts';
import type { JournalHistory } from '../recovery/read-journal.ts';
import { readJournal } from '../recovery/read-journal.ts';
import type { Ground } from './set-up-ground.ts';
import type { StartInputs } from './start-inputs.ts';
import type { StartingBroker } from './starting-broker.ts';
import type { UndoList } from './undo-list.ts';

/** What a start takes from a journal. */
export interface TakenUp {
  readonly history: JournalHistory;
  readonly latch: Latch;
}

/** The journal while its broker starts: claimed before the venue is asked, opened when its account is known, and read once. */
export class StartJournal {
  readonly #journal: Journal;
  readonly #context: JournalContext;
  readonly #starting: StartingBroker;
  readonly #undo: UndoList;
  readonly #clock: Clock;
  /** One function, since the undo list counts the same function once. */
  readonly #close = (): Promise<void> => this.#journal.close();
  #early: TakenUp | undefined;

  constructor(
    { options, starting, undo, clock }: StartInputs<string>,
    { adapter, events, log }: Pick<Ground<string>, 'adapter' | 'events' | 'log'>,
  ) {
    this.#journal = options.journal;
    this.#starting = starting;
    this.#undo = undo;
    this.#clock = clock;
    this.#context = {
      log,
      clock,
      adapter: options.adapter.pluginName,
      baseUrl: adapter.endpoint.origin.origin,
      onTrouble: ({ what, cause }) =>
        events.emit('journal.failed', {
          what,
          operation: undefined,
          clientOrderId: undefined,
          cause,
        }),
    };
  }

  /** Takes it, and reads one that has recorded something: before the venue is asked for anything, so that a halt can be written. One that has recorded nothing yet can't be written before its account is known. */
  async claim(): Promise<void> {
    const journal = this.#journal;
    // safeguard: the journal is taken before the venue is asked
    const claimed = await claimJournal(journal, this.#context);
    // One that has rejected is left alone: somebody else may hold it.
    if (claimed) this.#undo.add(this.#close);
    if (claimed?.scope !== undefined) this.#early = await this.#takeUp();
  }

  /** Opens it for the account. */
  async open(scope: string): Promise<TakenUp> {
    await openJournal(this.#journal, scope, this.#context);
    this.#undo.add(this.#close);
    return this.#early ?? (await this.#takeUp());
  }

  async #takeUp(): Promise<TakenUp> {
    const history = await readJournal(this.#journal);
    const latch = new Latch(this.#journal, this.#clock, history.isHalted);
    this.#starting.journalOpen(latch);
    return { history, latch };
  }
}
