import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { userKey } from '../machine/user-key.ts';
import { BudgetLedger } from './budget-ledger.ts';
import type { BudgetLease, BudgetSettlement, BudgetSource } from './budget-source.ts';
import { RateBudget } from './rate-budget.ts';

const amounts = { general: z.number().min(0), reserve: z.number().min(0) };
const ages = z.array(z.number().min(0)).max(10_000);
const questionSchema = z.union([
  z.object({ id: z.number(), settled: z.object({ ...amounts, spentAgesMs: ages }), wanted: z.object(amounts) }),
  z.object({ throttledMs: z.number().min(0) }),
]);
const answerSchema = z.union([
  z.object({ keeper: z.string() }),
  z.object({ id: z.number(), lease: z.object({ ...amounts, validMs: z.number(), keeper: z.string(), heldForMs: z.number() }), agesMs: ages }),
]);

/** Characters. */
const longestLine = 1_000_000;
/** How often the keeper is sought before the caller hears of it. */
const attempts = 5;

/** Where the processes of one machine and user that share a login find each other. */
function socketPath(login: string): string {
  const name = `hotpath-budget-${userKey()}-${createHash('sha256').update(login).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\?\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/**
 * Shares a login's limit between the processes of one machine: one of them keeps the account behind a local socket, the others lease from it. When it dies, another takes over with what it last heard.
 * What the dead one had in hand then counts as spent.
 */
export class MachineBudget implements BudgetSource {
  readonly #path: string;
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #self = {};
  #keeping: Keeper | undefined;
  #following: Follower | undefined;
  /** What was last heard of the account. */
  #heard: { readonly at: number; readonly agesMs: readonly number[] } | undefined;
  #closed = false;

  constructor(login: string, limit: RateLimit, clock: Clock, random: Random) {
    this.#path = socketPath(login);
    this.#limit = limit;
    this.#clock = clock;
    this.#random = random;
  }

  async exchange(settled: BudgetSettlement, wanted: { readonly general: number; readonly reserve: number }): Promise<BudgetLease> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await this.#find();
      if (this.#keeping) return this.#keeping.ledger.exchange(this.#self, settled, wanted);
      const answer = await this.#following?.ask(settled, wanted);
      if (answer) {
        this.#heard = { at: this.#clock.monotonic(), agesMs: answer.agesMs };
        return answer.lease;
      }
      this.#following = undefined;
    }
    throw new Error(`nobody keeps the rate budget behind ${this.#path}`);
  }

  throttled(retryAfterMs: number | undefined): void {
    const heldMs = retryAfterMs ?? this.#limit.windowMs;
    this.#keeping?.ledger.throttled(heldMs);
    this.#following?.tell({ throttledMs: heldMs });
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#following?.close();
    return this.#keeping?.close() ?? Promise.resolve();
  }

  /** Follows whoever keeps the account, or keeps it. */
  async #find(): Promise<void> {
    if (this.#closed) throw new Error('the rate budget is closed');
    if (this.#keeping || this.#following?.isOpen === true) return;
    this.#following = await Follower.open(this.#path);
    if (this.#following) return;
    const id = `keeper-${this.#random().toString(36).slice(2)}`;
    const keeper = await Keeper.open(this.#path, id, this.#ledger(id));
    if (!keeper) return;
    // Two that found a socket nobody listened on may both have put theirs in its place: the path leads to one of them.
    const met = await Follower.open(this.#path);
    if (met?.keeper === keeper.id) this.#keeping = keeper;
    else await keeper.close();
    if (met?.keeper === keeper.id) met.close();
    else this.#following = met;
  }

  #ledger(id: string): BudgetLedger {
    const budget = new RateBudget(this.#limit, this.#clock);
    if (this.#heard) {
      const since = this.#clock.monotonic() - this.#heard.at;
      budget.countIn(this.#heard.agesMs.map((age) => age + since));
    }
    return new BudgetLedger(id, this.#self, budget, this.#clock);
  }
}

/** The end that keeps the account. */
class Keeper {
  readonly id: string;
  readonly ledger: BudgetLedger;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, id: string, ledger: BudgetLedger) {
    this.id = id;
    this.#server = server;
    this.ledger = ledger;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** Undefined when somebody else came first. */
  static async open(path: string, id: string, ledger: BudgetLedger): Promise<Keeper | undefined> {
    const server = createServer();
    const keeper = new Keeper(server, id, ledger);
    if (await listens(server, path)) return keeper;
    if (await Follower.open(path).then((other) => (other?.close(), other !== undefined))) return undefined;
    // The socket of a process that died.
    try {
      unlinkSync(path);
    } catch {
      // Somebody else took it away first.
    }
    return (await listens(server, path)) ? keeper : undefined;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    socket.unref();
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.ledger.gone(socket);
    });
    send(socket, { keeper: this.id });
    onLine(socket, (line) => {
      const question = questionSchema.safeParse(jsonOf(line));
      if (!question.success) return socket.destroy();
      if ('throttledMs' in question.data) return this.ledger.throttled(question.data.throttledMs);
      const { id, settled, wanted } = question.data;
      return send(socket, { id, lease: this.ledger.exchange(socket, settled, wanted), agesMs: this.ledger.agesMs() });
    });
  }
}

/** The end that leases. */
class Follower {
  readonly keeper: string;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: { readonly lease: BudgetLease; readonly agesMs: readonly number[] } | undefined) => void>();
  #asked = 0;

  private constructor(socket: Socket, keeper: string) {
    this.#socket = socket;
    this.keeper = keeper;
  }

  /** Undefined when nobody is there. */
  static open(path: string): Promise<Follower | undefined> {
    return new Promise((resolve) => {
      const socket = connect(path);
      let follower: Follower | undefined;
      const gone = (): void => {
        resolve(undefined);
        follower?.gone();
      };
      socket.on('error', gone).on('close', gone);
      onLine(socket, (line) => {
        const answer = answerSchema.safeParse(jsonOf(line));
        if (!answer.success) return socket.destroy();
        if ('keeper' in answer.data) {
          // Only what somebody waits for keeps the process alive.
          socket.unref();
          return resolve((follower = new Follower(socket, answer.data.keeper)));
        }
        return follower?.answered(answer.data.id, answer.data);
      });
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Undefined when the keeper is gone. */
  ask(settled: BudgetSettlement, wanted: { readonly general: number; readonly reserve: number }): Promise<{ readonly lease: BudgetLease; readonly agesMs: readonly number[] } | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined);
    const id = (this.#asked += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.ref();
      send(this.#socket, { id, settled, wanted });
    });
  }

  tell(message: object): void {
    if (this.isOpen) send(this.#socket, message);
  }

  close(): void {
    this.#socket.destroy();
  }

  answered(id: number, answer: { readonly lease: BudgetLease; readonly agesMs: readonly number[] }): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#socket.unref();
  }

  gone(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const failed = (): void => resolve(false);
    server.once('error', failed);
    server.listen(path, () => {
      server.off('error', failed);
      // A process that only shares a budget must be able to end.
      server.unref();
      resolve(true);
    });
  });
}

function send(socket: Socket, message: object): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Node's own line reader throws what its socket suffers. */
function onLine(socket: Socket, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) socket.destroy();
    for (const line of lines) take(line);
  });
}
