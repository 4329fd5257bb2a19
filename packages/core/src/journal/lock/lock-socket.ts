import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { isAbsolute } from 'node:path';
import { systemClock } from '../../clock.ts';
import { JournalError } from '../../errors/journal-error.ts';
import { setPatientTimer } from '../../set-patient-timer.ts';
import { systemCode, systemWords } from '../file-system.ts';
import type { LockInfo } from './lock-info.ts';
import { lockInfoOf } from './lock-info.ts';

/** `starts`: it may still find that somebody else was first. */
export type LockState = 'starts' | 'holds';

/** What was found at the address of a lock. `gone`: no process listens there. */
export type LockAnswer =
  | { readonly is: 'gone' }
  | {
      readonly is: 'there';
      readonly state: LockState | undefined;
      readonly info: LockInfo | undefined;
    };

/** Bytes that an answer may have. */
const longestAnswer = 4_096;
/** Askers at once; more are turned away, and know all the same that somebody is there. */
const mostAskers = 64;
const askerWithinMs = 2_000;

/** The end of a lock that holds it: a local socket that tells whoever connects who it is. It ends with its process, however that ends. */
export class LockSocket {
  state: LockState = 'starts';
  readonly #server: Server;
  readonly #askers: ReadonlySet<Socket>;

  private constructor(server: Server, askers: ReadonlySet<Socket>) {
    this.#server = server;
    this.#askers = askers;
  }

  /** Rejects with what the system says; `EADDRINUSE` when the address is taken. */
  static listen(address: string, info: () => LockInfo): Promise<LockSocket> {
    return new Promise((resolve, reject) => {
      const askers = new Set<Socket>();
      const server = createServer((asker) => {
        askers.add(asker);
        asker.on('close', () => askers.delete(asker));
        // Nobody who asks keeps the process alive, or ends it.
        asker.unref();
        asker.on('error', () => asker.destroy());
        asker.setTimeout(askerWithinMs, () => asker.destroy());
        asker.resume();
        asker.end(`${JSON.stringify({ lock: 'hotpath journal', state: lock.state, ...info() })}\n`);
      });
      const lock = new LockSocket(server, askers);
      server.maxConnections = mostAskers;
      // It stays: a process without descriptors hears of a connection that it can't accept.
      server.on('error', reject);
      // A socket in a folder may be asked by whoever can enter the folder.
      const forAll = isAbsolute(address) && !address.startsWith('\\\\');
      // safeguard: a lock of a cluster's worker is its own
      const own = { exclusive: true };
      server.listen({ path: address, ...own, readableAll: forAll, writableAll: forAll }, () => {
        server.unref();
        resolve(lock);
      });
    });
  }

  close(): Promise<void> {
    // Nor does one who stays keep the lock from being let go of.
    for (const asker of this.#askers) asker.destroy();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }
}

/** Asks who is behind an address. One that takes the connection and says nothing within the time is there. Rejects with `JournalError` when this process can't ask. */
export function askLock(address: string, withinMs: number): Promise<LockAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const done = (answer: LockAnswer): void => {
      timer.cancel();
      socket.destroy();
      resolve(answer);
    };
    const timer = setPatientTimer(systemClock, withinMs, () => done(silent));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text = (text + part).slice(0, longestAnswer);
      if (text.includes('\n')) done(answerOf(text));
    });
    socket.once('close', () => done(silent));
    socket.on('error', (error) => {
      const code = systemCode(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT') return done({ is: 'gone' });
      // safeguard: a lock that could not be asked is not taken for free
      if (!ownTrouble.has(code)) return done(silent);
      timer.cancel();
      return reject(
        new JournalError(
          'JOURNAL_FAILED',
          `Whether another broker holds the journal could not be asked: ${systemWords(error)}. This process has too few descriptors or too little memory.`,
          { cause: error },
        ),
      );
    });
  });
}

const silent: LockAnswer = { is: 'there', state: undefined, info: undefined };
/** Of this process: they say nothing about the other end. */
const ownTrouble: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

function answerOf(text: string): LockAnswer {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== 'object' || said === null || !('state' in said)) return silent;
    return {
      is: 'there',
      state: said.state === 'holds' ? 'holds' : 'starts',
      info: lockInfoOf(said),
    };
  } catch {
    return silent;
  }
}
