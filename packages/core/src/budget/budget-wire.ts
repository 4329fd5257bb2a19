import type { Socket } from 'node:net';
import * as z from 'zod';
import type { BudgetAccount, BudgetQuestion } from './budget-account.ts';
import { accountSchema, questionSchema } from './budget-account.ts';
import type { BudgetLease } from './budget-source.ts';

/** Told by the keeper as soon as somebody connects: who speaks, in which version of these lines. */
export interface Hello {
  readonly hotpathBudget: typeof wireVersion;
  readonly keeper: string;
}
export const wireVersion = 3;

/** A line from a process that leases. */
export type ToKeeper =
  | { readonly id: number; readonly question: BudgetQuestion }
  | { readonly throttledMs: number }
  | { readonly account: BudgetAccount };
/** A line from the one that keeps the account. */
export type FromKeeper = Hello | { readonly id: number; readonly lease: BudgetLease };

const number = z.number().min(0).max(1e12);
const id = z.int().min(0);
const toKeeper: z.ZodType<ToKeeper> = z.union([
  z.strictObject({ id, question: questionSchema }),
  z.strictObject({ throttledMs: number }),
  z.strictObject({ account: accountSchema }),
]);
const lease = z.strictObject({
  general: number,
  reserve: number,
  validMs: number,
  keeper: z.string().min(1).max(100),
  heldForMs: number,
  used: number,
  processes: number,
  keptBy: z.string().max(100),
});
const fromKeeper: z.ZodType<FromKeeper> = z.union([
  z.strictObject({ hotpathBudget: z.literal(wireVersion), keeper: z.string().min(1).max(100) }),
  z.strictObject({ id, lease }),
]);

/** Characters. */
const longestLine = 1_000_000;
/** Bytes that may wait for somebody who does not read; beyond, it is left. */
const longestBacklog = 4_000_000;

export function readToKeeper(socket: Socket, take: (line: ToKeeper) => void): void {
  readLines(socket, toKeeper, take);
}

export function readFromKeeper(socket: Socket, take: (line: FromKeeper) => void): void {
  readLines(socket, fromKeeper, take);
}

export function send(socket: Socket, line: ToKeeper | FromKeeper): void {
  if (socket.destroyed) return;
  if (socket.writableLength > longestBacklog) socket.destroy();
  else socket.write(`${JSON.stringify(line)}\n`);
}

/** Whoever says something else ends the connection. Node's own line reader throws what its socket suffers. */
function readLines<Line>(
  socket: Socket,
  schema: z.ZodType<Line>,
  take: (line: Line) => void,
): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    // safeguard: a line of the budget's socket has an end
    if (rest.length > longestLine) return void socket.destroy();
    for (const line of lines) {
      const read = schema.safeParse(jsonOf(line));
      if (!read.success) return void socket.destroy();
      take(read.data);
    }
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
