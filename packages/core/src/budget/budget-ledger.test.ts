import { describe, expect, it } from 'vitest';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { BudgetLedger } from './budget-ledger.ts';
import type { BudgetLease } from './budget-source.ts';

const limit = { requests: 40, windowMs: 60_000, reserve: 12 };
interface Asked {
  readonly inHand?: readonly [general: number, reserve: number];
  readonly of?: string;
  readonly spent?: readonly number[];
  readonly wanted?: readonly [general: number, reserve: number];
}
function ask(
  ledger: BudgetLedger,
  holder: string,
  { inHand = [0, 0], of = 'first', spent = [], wanted = [0, 0] }: Asked = {},
): BudgetLease {
  return ledger.exchange(
    {
      holder,
      inHand: { account: of, general: inHand[0], reserve: inHand[1] },
      spentAgesMs: spent,
      wanted: { general: wanted[0], reserve: wanted[1] },
    },
    'somebody',
  );
}
function ledgerOf(
  account = 'first',
  clock: ManualClock = createManualClock(),
): { readonly ledger: BudgetLedger; readonly clock: ManualClock } {
  return { ledger: new BudgetLedger(account, limit, clock), clock };
}
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

describe('the account of a login', () => {
  it('lends what is wanted up to the lines of the limit, less what processes keep for their exits', () => {
    const { ledger } = ledgerOf();
    expect(ask(ledger, 'a', { wanted: [20, 4] })).toMatchObject({
      general: 20,
      reserve: 4,
      used: 0,
      processes: 1,
      keptBy: 'somebody',
    });
    expect(ask(ledger, 'b', { wanted: [20, 20] })).toMatchObject({
      general: 8,
      reserve: 4,
      processes: 2,
    });
    expect(ask(ledger, 'c', { wanted: [20, 20] })).toMatchObject({
      general: 0,
      reserve: 0,
      processes: 3,
    });
  });

  it('counts what was spent by its age, and has back what was not', () => {
    const { ledger, clock } = ledgerOf();
    ask(ledger, 'a', { wanted: [28, 0] });
    clock.advance(1_000);
    expect(ask(ledger, 'a', { inHand: [20, 0], spent: [900, 500, 0] })).toMatchObject({ used: 3 });
    expect(ask(ledger, 'b', { wanted: [28, 0] })).toMatchObject({ general: 5 });
    ask(ledger, 'b');
    clock.advance(59_100);
    expect(ask(ledger, 'a')).toMatchObject({ used: 2 });
  });

  it('counts what a process that fell silent was lent as spent, until it says what it was', () => {
    const { ledger, clock } = ledgerOf();
    ask(ledger, 'a', { wanted: [28, 0] });
    clock.advance(2_900);
    expect(ask(ledger, 'b', { wanted: [28, 0] })).toMatchObject({
      general: 0,
      used: 0,
      processes: 2,
    });
    clock.advance(100);
    expect(ask(ledger, 'b', { wanted: [28, 0] })).toMatchObject({
      general: 0,
      used: 28,
      processes: 1,
    });
    clock.advance(10_000);
    ask(ledger, 'a', { spent: [12_500] });
    expect(ask(ledger, 'b', { wanted: [28, 0] })).toMatchObject({ general: 27, used: 1 });
  });

  it('forgets a process that never came back, a window later', () => {
    const { ledger, clock } = ledgerOf();
    ask(ledger, 'a', { wanted: [28, 0] });
    clock.advance(3_000);
    ask(ledger, 'b');
    clock.advance(59_999);
    expect(ask(ledger, 'b')).toMatchObject({ used: 28 });
    clock.advance(1);
    expect(ask(ledger, 'b', { wanted: [28, 0] })).toMatchObject({ used: 0, general: 28 });
    expect(Object.keys(ledger.shown().holders)).toEqual(['b']);
  });

  it('goes from keeper to keeper with all that is in it, and nobody loses what it has in hand', () => {
    const { ledger, clock } = ledgerOf();
    ask(ledger, 'a', { wanted: [10, 4] });
    ask(ledger, 'b', { wanted: [10, 2] });
    ask(ledger, 'a', { inHand: [6, 4], spent: zeros(4) });
    ledger.throttled(5_000);
    const shown = ledger.shown();
    clock.advance(1_000);
    const next = new BudgetLedger('second', limit, clock);
    next.takeIn(shown, 1_000);
    // Twice the same account is the same account.
    next.takeIn(shown, 1_000);
    expect(ask(next, 'b', { inHand: [10, 2], wanted: [28, 20] })).toMatchObject({
      keeper: 'first',
      used: 4,
      general: 8,
      reserve: 2,
      heldForMs: 4_000,
      processes: 2,
    });
    clock.advance(3_000);
    // The keeper before has not come: what it had counts as spent.
    expect(ask(next, 'b', { inHand: [18, 4] })).toMatchObject({ used: 14 });
  });

  it('is not lent from by one that knows nothing of it before others could tell', () => {
    const clock = createManualClock();
    const before = new BudgetLedger('first', limit, clock);
    ask(before, 'a', { wanted: [20, 0] });
    ask(before, 'a', { spent: zeros(20) });
    const next = new BudgetLedger('second', limit, clock);
    next.waitFor(800);
    expect(ask(next, 'b', { of: 'second', wanted: [28, 8] })).toMatchObject({
      general: 0,
      reserve: 0,
    });
    clock.advance(400);
    next.takeIn(before.shown(), 0);
    clock.advance(400);
    expect(ask(next, 'b', { of: 'second', wanted: [28, 8] })).toMatchObject({
      keeper: 'first',
      used: 20,
      general: 8,
      reserve: 8,
    });
  });

  it('adds to itself what another keeper did beside it', () => {
    const { ledger, clock } = ledgerOf();
    ask(ledger, 'a', { wanted: [10, 0] });
    const other = new BudgetLedger('second', limit, clock);
    ask(other, 'b', { of: 'second', wanted: [10, 0] });
    ask(other, 'b', { of: 'second', spent: zeros(5), inHand: [5, 0] });
    ledger.takeIn(other.shown(), 0);
    expect(ask(ledger, 'a', { inHand: [10, 0] })).toMatchObject({ keeper: 'first', used: 5 });
    expect(ask(ledger, 'c', { wanted: [28, 0] })).toMatchObject({ general: 8 });
    // What it had of the other account is void here.
    ask(ledger, 'b', { of: 'second', inHand: [5, 0] });
    expect(ask(ledger, 'd', { wanted: [28, 0] })).toMatchObject({ general: 5 });
  });

  it('is never lent beyond the limit, whoever asks for what', () => {
    const { ledger, clock } = ledgerOf();
    let seed = 7;
    const chance = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const names = ['a', 'b', 'c', 'd'];
    const hand = new Map(names.map((name) => [name, { general: 0, reserve: 0 }]));
    const sent: number[] = [];
    for (let step = 0; step < 3_000; step += 1) {
      clock.advance(Math.round(chance() * 300));
      const name = names[Math.floor(chance() * names.length)] ?? 'a';
      const mine = hand.get(name) ?? { general: 0, reserve: 0 };
      const spent = {
        general: Math.floor(chance() * (mine.general + 1)),
        reserve: Math.floor(chance() * (mine.reserve + 1)),
      };
      for (let count = 0; count < spent.general + spent.reserve; count += 1)
        sent.push(clock.monotonic());
      const left = { general: mine.general - spent.general, reserve: mine.reserve - spent.reserve };
      const lease = ask(ledger, name, {
        inHand: [left.general, left.reserve],
        spent: zeros(spent.general + spent.reserve),
        wanted: [Math.floor(chance() * 30), Math.floor(chance() * 12)],
      });
      hand.set(name, {
        general: left.general + lease.general,
        reserve: left.reserve + lease.reserve,
      });
    }
    for (const end of sent)
      expect(
        sent.filter((instant) => instant > end - limit.windowMs && instant <= end).length,
      ).toBeLessThanOrEqual(36);
    expect(sent.length).toBeGreaterThan(200);
  });
});
