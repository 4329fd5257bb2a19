import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import { systemCode } from '../file-system.ts';
import type { MachineFacts } from '../../machine/machine-facts.ts';
import { machineFacts } from '../../machine/machine-facts.ts';
import type { FolderReach } from './folder-reach.ts';
import { reachFolder } from './folder-reach.ts';
import type { JournalHolder, LockInfo } from './lock-info.ts';
import { askLock, LockSocket } from './lock-socket.ts';

/** A lock that is held. */
export interface Lock {
  /** Whether others can still see that it is held. */
  isSeen(): boolean;
  release(): Promise<void>;
}
/** A lock, or who was first. */
export type Taken =
  | { readonly lock: Lock }
  | { readonly lock: undefined; readonly holder: JournalHolder };

/** How long one that does not answer is waited for: it may be about to end, and free the lock. */
const silentForMs = 1_000;
/** The same for one that came later than this start: it is the one that gives way, and only a clock that was set back makes it the holder. */
const laterSilentForMs = 10_000;
const askWithinMs = 250;
/** Starts that come at the same instant give way to each other for so long at the most. */
const longestMs = 20_000;

/**
 * Takes a lock that lies in a folder: a socket whose name begins with `stem`. Whoever comes listens under a name that nobody has had, and holds the lock once it sees its own name and no other that somebody listens under.
 * As everybody listens before looking, of two at least one sees the other; and as no name comes twice, one that nobody listens under is dead for good and is taken away by whoever finds it. Of several that start, the earliest goes on and the others step back.
 * Rejects with what the system says when no socket can be made there.
 */
export async function takeFolderLock(
  folder: string,
  stem: string,
  info: () => LockInfo,
  facts: MachineFacts = machineFacts(),
): Promise<Taken> {
  const prefix = `${stem}.lock.`;
  const reach = reachFolder(folder, longestLockName(stem), facts);
  try {
    const until = systemClock.monotonic() + longestMs;
    for (;;) {
      const name = prefix + newId(info());
      const socket = await listen(reach.address(name), info, folder);
      if (!socket) continue;
      const leave = async (): Promise<void> => {
        remove(join(folder, name));
        await socket.close();
      };
      let found: Found;
      try {
        found = await decide({ folder, prefix, reach, name, until });
      } catch (error) {
        await leave();
        throw error;
      }
      if (found.is === 'free') {
        socket.state = 'holds';
        return { lock: { isSeen: () => isThere(join(folder, name)), release: leave } };
      }
      await leave();
      if (found.is === 'held') return { lock: undefined, holder: found.holder };
      const other = await waitForOthers({ folder, prefix, reach, name, until });
      if (other) return { lock: undefined, holder: other };
    }
  } finally {
    reach.close();
  }
}

/** Undefined when somebody has removed the socket while it was made, as who looks just then takes it for dead. */
async function listen(
  address: string,
  info: () => LockInfo,
  folder: string,
): Promise<LockSocket | undefined> {
  try {
    return await LockSocket.listen(address, info);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && existsSync(folder)) return undefined;
    throw error;
  }
}

/** The stem of the locks of a file: its name, where that is short. */
export function stemOf(fileName: string): string {
  return Buffer.byteLength(fileName) <= 20
    ? fileName
    : `journal-${createHash('sha256').update(fileName).digest('hex').slice(0, 12)}`;
}

/** Bytes of the names that a stem's locks have. */
export const longestLockName = (stem: string): number =>
  Buffer.byteLength(`${stem}.lock.`) + idLength;

/** Time, chance and process, so that names sort by age and none comes twice. */
function newId({ since, pid }: LockInfo): string {
  return `${since.toString(36).padStart(9, '0')}-${randomBytes(3).toString('hex')}-${pid.toString(36)}`;
}
const idLength = 9 + 1 + 6 + 1 + 6;
const idPattern = /^[0-9a-z]{9,}-[0-9a-f]{6}-[0-9a-z]+$/;

interface Candidate {
  readonly folder: string;
  readonly prefix: string;
  readonly reach: FolderReach;
  readonly name: string;
  /** When it gives up, monotonic. */
  readonly until: number;
}
type Found =
  | { readonly is: 'free' }
  | { readonly is: 'held'; readonly holder: JournalHolder }
  | { readonly is: 'not-yet' };

async function decide(candidate: Candidate): Promise<Found> {
  const { folder, prefix, reach, name, until } = candidate;
  const silence = new Silence(name);
  for (;;) {
    const names = namesIn(folder, prefix);
    // Somebody who looked before it listened has taken it for dead.
    // safeguard: a lock is held by who can be seen to hold it
    if (!names.includes(name)) return { is: 'not-yet' };
    let others = 0;
    let isLater = false;
    for (const other of names) {
      if (other === name) continue;
      const answer = await askLock(reach.address(other), askWithinMs);
      if (answer.is === 'gone') {
        // Only while this one is listened on itself: what it takes for dead may be about to listen, and looks for itself afterwards.
        remove(join(folder, other));
        continue;
      }
      if (answer.state === 'holds')
        return { is: 'held', holder: { ...answer.info, answers: true } };
      others += 1;
      if (answer.state === 'starts' && other < name) isLater = true;
      if (answer.state === undefined && silence.isOver(other))
        return { is: 'held', holder: silentHolder(other, prefix) };
    }
    // safeguard: a lock is nobody else's when it is taken
    if (others === 0) return { is: 'free' };
    if (isLater) return { is: 'not-yet' };
    if (systemClock.monotonic() > until) return { is: 'held', holder: { answers: false } };
    await pause(5);
  }
}

/** Waits, without standing in their way, until those that started earlier have come to something. Undefined: nobody is left. */
async function waitForOthers({
  folder,
  prefix,
  reach,
  name,
  until,
}: Candidate): Promise<JournalHolder | undefined> {
  const silence = new Silence('~');
  for (;;) {
    await pause(5 + randomInt(20));
    let others = 0;
    for (const other of namesIn(folder, prefix)) {
      if (other === name) continue;
      const answer = await askLock(reach.address(other), askWithinMs);
      if (answer.is === 'gone') continue;
      if (answer.state === 'holds') return { ...answer.info, answers: true };
      if (answer.state === undefined && silence.isOver(other)) return silentHolder(other, prefix);
      others += 1;
    }
    if (others === 0) return undefined;
    if (systemClock.monotonic() > until) return { answers: false };
  }
}

/** Who has said nothing, and since when. */
class Silence {
  readonly #name: string;
  readonly #since = new Map<string, number>();

  constructor(name: string) {
    this.#name = name;
  }

  isOver(other: string): boolean {
    const now = systemClock.monotonic();
    const since = this.#since.get(other) ?? now;
    this.#since.set(other, since);
    return now - since >= (other < this.#name ? silentForMs : laterSilentForMs);
  }
}

/** What the name of its socket tells of it. */
function silentHolder(name: string, prefix: string): JournalHolder {
  const [since = '', , pid = ''] = name.slice(prefix.length).split('-');
  const [at, number] = [Number.parseInt(since, 36), Number.parseInt(pid, 36)];
  return {
    answers: false,
    ...(Number.isFinite(at) && { since: at }),
    ...(Number.isFinite(number) && { pid: number }),
  };
}

function namesIn(folder: string, prefix: string): string[] {
  return readdirSync(folder).filter(
    (name) => name.startsWith(prefix) && idPattern.test(name.slice(prefix.length)),
  );
}

/** Of a file that is no socket nobody knows whose it is. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    if (isThere(path)) unlinkSync(path);
  } catch {
    // Gone already, or not to be taken away by this user.
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
