import type { RateLimit } from '../capabilities.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Leader } from '../machine/leader-files.ts';
import type { Random } from '../random.ts';
import type { WrittenAccount } from './account-file.ts';
import { AccountFile } from './account-file.ts';
import type { BudgetAccount, BudgetQuestion } from './budget-account.ts';
import { BudgetFollower } from './budget-follower.ts';
import { BudgetKeeper } from './budget-keeper.ts';
import { BudgetLedger } from './budget-ledger.ts';
import type { BudgetPlace } from './budget-place.ts';
import { budgetPlace } from './budget-place.ts';
import type { BudgetLease, BudgetSettlement, InstantSource } from './budget-source.ts';

/** How often somebody is sought who keeps the account, before the caller hears that there is nobody. */
const attempts = 4;
/** Who was stopped and woke, and who follows one that was left, notices within this time. */
const lookEveryMs = 300;
/** Milliseconds in which a keeper before brings what it knows to one that found nothing written. */
const listenMs = 800;
/** By how many the limit is divided where processes can't meet. */
const partWithoutPlace = 4;

let idsGiven = 0;

interface Following {
  readonly follower: BudgetFollower;
  readonly leader: Leader;
}

export interface MachineBudgetParts {
  readonly login: string;
  readonly limit: RateLimit;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Default: of this machine. */
  readonly place?: typeof budgetPlace | undefined;
}

/**
 * Shares a login's limit between the processes of one machine: one of them keeps the account behind a local socket, the others lease from it. It writes the account down before it lends. One that dies, is stopped or computes is left within half a second,
 * and another goes on with the account; when it wakes it lends nothing, and follows. Where processes can't meet, each counts for itself with a part of the limit.
 */
export class MachineBudget implements InstantSource {
  readonly #parts: MachineBudgetParts;
  readonly #holder: string;
  readonly #name = `process ${process.pid}`;
  #place: BudgetPlace | undefined;
  /** Where there is no place to meet. */
  #alone: BudgetLedger | undefined;
  #keeping:
    | {
        readonly keeper: BudgetKeeper;
        readonly leader: Leader;
        readonly file: AccountFile | undefined;
      }
    | undefined;
  #following: Following | undefined;
  /** The account as it stood when this one was passed over; for who keeps it now, should its file have been taken away. */
  #passedOn: { readonly account: BudgetAccount; readonly at: number } | undefined;
  #hasFollowed = false;
  #saidUnsaved = false;
  /** The keeper that did not answer. */
  #left = '';
  #finding: Promise<void> | undefined;
  #looking: Timer | undefined;
  #closed = false;

  constructor(parts: MachineBudgetParts) {
    this.#parts = parts;
    this.#holder = this.#newId('holder');
  }

  get lendsAtOnce(): boolean {
    return this.#keeping !== undefined;
  }

  exchangeNow(
    settled: BudgetSettlement,
    wanted: { readonly general: number; readonly reserve: number },
  ): BudgetLease | undefined {
    return this.#closed
      ? undefined
      : this.#keeping?.keeper.exchange(this.#question(settled, wanted), 'this process');
  }

  async exchange(
    settled: BudgetSettlement,
    wanted: { readonly general: number; readonly reserve: number },
  ): Promise<BudgetLease> {
    const question = this.#question(settled, wanted);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await this.#find();
      if (this.#alone)
        return {
          ...this.#alone.exchange(question, 'this process alone'),
          processes: partWithoutPlace,
        };
      const following = this.#following;
      const lease = this.#keeping
        ? this.#keeping.keeper.exchange(question, 'this process')
        : await following?.follower.ask(question);
      if (lease) return lease;
      if (following) this.#leave(following);
    }
    throw new Error(
      `nobody keeps the rate budget of this login on this machine: ${this.#left === '' ? 'none could take it over' : 'the one that does gives no answer'}`,
    );
  }

  #question(
    { inHand, spentAgesMs }: BudgetSettlement,
    wanted: BudgetQuestion['wanted'],
  ): BudgetQuestion {
    return {
      holder: this.#holder,
      inHand: { account: inHand.keeper, general: inHand.general, reserve: inHand.reserve },
      spentAgesMs,
      wanted,
    };
  }

  throttled(retryAfterMs: number | undefined): void {
    const throttledMs = retryAfterMs ?? this.#parts.limit.windowMs;
    this.#alone?.throttled(throttledMs);
    this.#keeping?.keeper.throttled(throttledMs);
    // What is no number would be no line.
    if (throttledMs >= 0 && throttledMs <= 1e12) this.#following?.follower.tell({ throttledMs });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#looking?.cancel();
    await this.#finding?.catch(() => undefined);
    this.#following?.follower.close();
    const { keeper, leader, file } = this.#keeping ?? {};
    this.#keeping = undefined;
    if (!keeper || !leader) return;
    // Where somebody follows, or the venue still counts what was sent, the files stay, and whoever comes next goes on with the account.
    const isLast = !keeper.hasFollowers && !keeper.isCounted;
    await keeper.close();
    const isLeft = isLast && this.#place?.files.isCurrent(leader) === true;
    if (isLeft) this.#place?.files.remove(leader.generation);
    if (isLeft) file?.remove();
    else file?.close();
  }

  /** Follows whoever keeps the account, or keeps it. One at a time. */
  #find(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the rate budget is closed'));
    this.#finding ??= this.#findNow().finally(() => (this.#finding = undefined));
    return this.#finding;
  }

  async #findNow(): Promise<void> {
    if (this.#alone) return;
    // The folder may have been taken away, as tidy systems do.
    const place =
      this.#place?.isThere() === true ? this.#place : (this.#place = await this.#findPlace());
    if (!place) return;
    this.#stepDownIfLeft(place);
    if (this.#keeping) return;
    const current = place.files.current();
    if (this.#following?.follower.isOpen === true && this.#following.leader.id === current?.id)
      return;
    this.#following?.follower.close();
    this.#following = undefined;
    if (current && current.id !== this.#left && (await this.#follow(place, current))) return;
    await this.#takeOver(place, place.files.newest());
    this.#lookSoon();
  }

  async #findPlace(): Promise<BudgetPlace | undefined> {
    const { login, limit, clock, log, place = budgetPlace } = this.#parts;
    const found = await place(login, this.#newId('try'));
    if (!('problems' in found)) return found;
    const part: RateLimit = {
      ...limit,
      requests: Math.max(1, Math.floor(limit.requests / partWithoutPlace)),
      reserve: Math.floor(limit.reserve / partWithoutPlace),
    };
    log.warn(
      {
        because: found.problems,
        requests: part.requests,
        of: limit.requests,
        windowMs: limit.windowMs,
      },
      'the processes of this machine have no place to share the rate budget: this one counts for itself, with a part of it',
    );
    this.#alone = new BudgetLedger(this.#newId('account'), part, clock);
    return undefined;
  }

  /** False when nobody is there. */
  async #follow(place: BudgetPlace, leader: Leader): Promise<boolean> {
    const { clock } = this.#parts;
    // Whoever follows one that dies looks for the next at once: it may be this one that goes on with the account.
    const follower = await BudgetFollower.open(
      place.pathOf(leader.socket),
      clock,
      () => void this.#find().catch(() => undefined),
    );
    if (follower?.keeper !== leader.id || this.#closed) {
      follower?.close();
      return false;
    }
    this.#following = { follower, leader };
    this.#hasFollowed = true;
    if (this.#passedOn)
      follower.tell({
        account: aged(this.#passedOn.account, clock.monotonic() - this.#passedOn.at),
      });
    this.#passedOn = undefined;
    this.#lookSoon();
    return true;
  }

  /** Tries to: somebody else may come first, and is followed then. */
  async #takeOver(place: BudgetPlace, newest: number): Promise<void> {
    const { limit, clock, log } = this.#parts;
    const id = this.#newId('keeper');
    const leader: Leader = {
      generation: newest + 1,
      id,
      socket: place.socketFor(id),
      pid: process.pid,
    };
    const keeper = await BudgetKeeper.listen(place.pathOf(leader.socket), id, this.#name);
    try {
      if (this.#closed || !place.files.claim(leader)) return await keeper.close();
    } catch (error) {
      await keeper.close();
      throw error;
    }
    const ledger = new BudgetLedger(this.#newId('account'), limit, clock);
    // safeguard: whoever takes over goes on with what was written until it had the lead
    const before = accountBefore(place, leader.generation);
    if (before) ledger.takeIn(before.account, Math.max(0, clock.now() - before.writtenAt));
    // end of safeguard
    if (this.#passedOn)
      ledger.takeIn(this.#passedOn.account, clock.monotonic() - this.#passedOn.at);
    else if (!before && (newest > 0 || this.#hasFollowed)) ledger.waitFor(listenMs);
    this.#passedOn = undefined;
    const file = this.#newFile(place.accountOf(leader.socket));
    const save = (account: BudgetAccount): void => this.#save(file, account);
    save(ledger.shown());
    keeper.keep(ledger, { isCurrent: () => place.files.isCurrent(leader), save });
    this.#keeping = { keeper, leader, file };
    place.files.removeBelow(leader.generation, (socket) =>
      [place.fileOf(socket) ?? [], place.accountOf(socket)].flat(),
    );
    if (newest > 0)
      log.info(
        { generation: leader.generation, left: this.#left === '' ? undefined : this.#left },
        'this process keeps the shared rate budget now',
      );
  }

  #newFile(path: string): AccountFile | undefined {
    try {
      return AccountFile.create(path);
    } catch (error) {
      this.#unsaved(error);
      return undefined;
    }
  }

  /** What can't be written is lent all the same: only whoever takes over from a process that died would miss it. */
  #save(file: AccountFile | undefined, account: BudgetAccount): void {
    try {
      file?.write({ writtenAt: this.#parts.clock.now(), account });
    } catch (error) {
      this.#unsaved(error);
    }
  }

  #unsaved(error: unknown): void {
    if (this.#saidUnsaved) return;
    this.#saidUnsaved = true;
    this.#parts.log.warn(
      { error },
      'the account of the shared rate budget cannot be written down: should this process die, the next one to keep it does not know what was lent',
    );
  }

  /** The one asked gave no answer: it is not asked again, whether it lives or not. */
  #leave(following: Following): void {
    this.#left = following.leader.id;
    if (following.follower.isOpen)
      this.#parts.log.warn(
        { pid: following.leader.pid },
        'the keeper of the shared rate budget does not answer; another process takes it over',
      );
    following.follower.close();
    if (this.#following === following) this.#following = undefined;
  }

  /** Whoever was passed over while it was stopped follows the one that took over, and so does one whose files were taken away. */
  #stepDownIfLeft(place: BudgetPlace): void {
    if (!this.#keeping || place.files.isCurrent(this.#keeping.leader)) return;
    const { keeper, leader, file } = this.#keeping;
    this.#keeping = undefined;
    const account = keeper.shown();
    if (account) this.#passedOn = { account, at: this.#parts.clock.monotonic() };
    void keeper.close();
    file?.close();
    this.#parts.log.info(
      { generation: leader.generation },
      'another process keeps the shared rate budget',
    );
  }

  #lookSoon(): void {
    this.#looking?.cancel();
    if (!this.#closed)
      this.#looking = this.#parts.clock.setTimer(lookEveryMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    await this.#find().catch(() => undefined);
    this.#lookSoon();
  }

  /** Unlike any other's on this machine, also where chance is the same in each process, as with a seed. */
  #newId(of: string): string {
    idsGiven += 1;
    return `${of}-${process.pid}-${idsGiven}-${Math.trunc(this.#parts.random() * 1e15).toString(36)}`;
  }
}

/** What the last of the keepers before wrote that wrote anything: one that lent wrote first. */
function accountBefore(place: BudgetPlace, generation: number): WrittenAccount | undefined {
  try {
    for (const leader of place.files.all()) {
      const written =
        leader.generation < generation
          ? AccountFile.read(place.accountOf(leader.socket))
          : undefined;
      if (written) return written;
    }
  } catch {
    // The folder was taken away, and what was written with it.
  }
  return undefined;
}

function aged(account: BudgetAccount, byMs: number): BudgetAccount {
  const holders = Object.entries(account.holders).map(
    ([name, shown]) => [name, { ...shown, presumedAgoMs: shown.presumedAgoMs + byMs }] as const,
  );
  return {
    ...account,
    agesMs: account.agesMs.map((age) => age + byMs),
    heldForMs: Math.max(0, account.heldForMs - byMs),
    holders: Object.fromEntries(holders),
  };
}
