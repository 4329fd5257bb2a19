import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import type { BudgetAccount, BudgetQuestion } from './budget-account.ts';
import { BudgetKeeper } from './budget-keeper.ts';
import { BudgetLedger } from './budget-ledger.ts';

const limit = { requests: 40, windowMs: 60_000, reserve: 12 };
const question = (holder: string): BudgetQuestion => ({
  holder,
  inHand: { general: 0, reserve: 0 },
  spentAgesMs: [],
  wanted: { general: 10, reserve: 2 },
});
let room: string;
let keeper: BudgetKeeper;
let isCurrent: boolean;
const sockets: Socket[] = [];
beforeEach(async () => {
  room = mkdtempSync(join(tmpdir(), 'hp-keeper-'));
  isCurrent = true;
  keeper = await BudgetKeeper.listen(join(room, 'k.sock'), 'keeper-1', 'process 1');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await keeper.close();
  rmSync(room, { recursive: true, force: true });
});
const saved: BudgetAccount[] = [];
const keep = (): void =>
  keeper.keep(new BudgetLedger('account', limit, createManualClock()), {
    isCurrent: () => isCurrent,
    save: (account) => void saved.push(account),
  });

/** A process that leases: what it is told, line by line, and whether it was hung up on. */
async function follow(): Promise<{
  readonly lines: string[];
  readonly socket: Socket;
  readonly ended: Promise<void>;
  readonly lineThat: (has: string) => Promise<string>;
}> {
  const socket = connect(join(room, 'k.sock'));
  sockets.push(socket);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  const ended = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  socket
    .on('error', () => undefined)
    .setEncoding('utf8')
    .on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      for (const look of waiting) look();
    });
  const lineThat = (has: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = lines.find((each) => each.includes(has));
        if (line === undefined) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  await lineThat('hotpathBudget');
  return { lines, socket, ended, lineThat };
}

it('writes down what it lends, and looks then whether it was passed over, before it is lent', async () => {
  const did: string[] = [];
  const lent = { one: { general: 10, reserve: 2 } };
  keeper.keep(new BudgetLedger('account', limit, createManualClock()), {
    isCurrent: () => did.push('looked') === 4,
    save: ({ holders }) => {
      did.push('saved');
      expect(holders).toMatchObject(lent);
    },
  });
  // Passed over between the two.
  expect(keeper.exchange(question('one'))).toBeUndefined();
  expect(keeper.exchange(question('one'))).toMatchObject(lent.one);
  expect(did).toEqual(['saved', 'looked', 'saved', 'looked']);
});

it('lends nothing once it was passed over, to nobody, and hangs up on who asks', async () => {
  keep();
  const { socket, ended, lines } = await follow();
  expect(keeper.exchange(question('own'))).toMatchObject({ general: 10 });
  isCurrent = false;
  expect(keeper.exchange(question('own'))).toBeUndefined();
  socket.write(`${JSON.stringify({ id: 1, question: question('one') })}\n`);
  await ended;
  expect(lines.filter((line) => line.includes('"lease"'))).toEqual([]);
});

it('answers what came before it had an account once it has one', async () => {
  const { socket, lineThat } = await follow();
  socket.write(`${JSON.stringify({ id: 7, question: question('one') })}\n`);
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  keep();
  expect(JSON.parse(await lineThat('"lease"'))).toMatchObject({
    id: 7,
    lease: { general: 10, keptBy: 'process 1' },
  });
});

it.each([
  ['a line without end', 'x'.repeat(1_200_000)],
  ['what is no question', '{"id":1,"question":{"holder":"one"}}\n'],
  [
    'numbers that are none',
    `${JSON.stringify({ id: 1, question: { ...question('one'), spentAgesMs: [-1] } })}\n`,
  ],
  [
    'more than there could be',
    `${JSON.stringify({ id: 1, question: { ...question('one'), wanted: { general: 1e30, reserve: 0 } } })}\n`,
  ],
])('hangs up on who says %s, and goes on with others', async (_what, text) => {
  keep();
  const [one, other] = [await follow(), await follow()];
  one.socket.write(text);
  await one.ended;
  other.socket.write(`${JSON.stringify({ id: 1, question: question('other') })}\n`);
  expect(JSON.parse(await other.lineThat('"lease"'))).toMatchObject({ lease: { general: 10 } });
});
