import { describe, expect, it } from 'vitest';
import type { PlaceRecord } from '../broker/intent-book.ts';
import { ofTheIntent } from '../broker/of-the-intent.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { PlaceOutcome } from '../outcome.ts';
import { unsettled } from './open-unknown.ts';
import { notSent, rejected } from './refusals.ts';
import type { Told } from './told.ts';

// One place as a state machine: what the client may do by the policy, and everything that may happen to its attempts. The venue keeps one order to an id and is otherwise hostile: it takes requests late or never,
// refuses with or without keeping the id, loses answers and shows its rows whenever it likes. Every state that can be reached with a number of attempts is visited.

/** Where an attempt is. `flying`: its bytes have left, and may arrive whenever they like. */
type At = 'held' | 'unwritten' | 'flying' | 'lost' | 'accepted' | 'refused' | 'duplicate';
/** What its executor has reported. */
type Report = 'none' | 'unwritten' | 'silent' | 'accepted' | 'refused' | 'in-use';
interface Attempt {
  readonly tag: string;
  readonly at: At;
  readonly report: Report;
}
type Word = 'none' | 'accepted' | 'rejected' | 'not-sent' | 'unknown' | 'absent';
interface State {
  readonly attempts: readonly Attempt[];
  /** Ids that the venue has taken: by an order, or by a refusal that keeps them. */
  readonly taken: readonly string[];
  /** What the bot was told last. */
  readonly word: Word;
  /** The first attempt of the call that is under way: the ones before it ended with an earlier call. */
  readonly callFrom: number;
}

interface Rules {
  readonly attempts: number;
  readonly tagOf: (attempt: number) => string;
  /** Reports that let another executor take over. */
  readonly takeoverAfter: readonly Report[];
  /** An attempt that was reported unwritten is written all the same. */
  readonly unwrittenMayFly: boolean;
  /** What a refused call makes of an intent of which an earlier call is only absent. */
  readonly ofTheIntent: typeof ofTheIntent<'x'>;
  /** What the reports of a call come to while some of them are silent. */
  readonly whileSilent: Word;
}
const policy: Rules = {
  attempts: 3,
  tagOf: () => 'id',
  takeoverAfter: ['unwritten'],
  unwrittenMayFly: false,
  ofTheIntent,
  whileSilent: 'unknown',
};

const clientOrderId = toClientOrderId('id');
const base: Told<'x'> = {
  clientOrderId,
  operation: 'place',
  executor: 'x',
  deliveries: 1,
  timings: {
    route: undefined,
    encode: undefined,
    toWire: undefined,
    toFirstByte: undefined,
    total: undefined,
    settled: 0,
  },
};
const earlier: PlaceRecord<'x'> = {
  clientOrderId,
  request: { type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 },
  minted: false,
  calledAt: 0,
  isExit: false,
  contract: undefined,
  outcome: unsettled(base, 'ABSENT', 'earlier'),
  orderId: undefined,
  withdrawn: false,
  arrived: false,
  executor: 'x',
  absent: undefined,
  shared: undefined,
};

/** The word of a call whose attempts all have a report; undefined while one is under way. */
function wordOf(state: State, rules: Rules): Word | undefined {
  const own = state.attempts.slice(state.callFrom);
  if (own.some(({ report }) => report === 'none')) return undefined;
  if (own.some(({ report }) => report === 'accepted')) return 'accepted';
  if (own.some(({ report }) => report === 'in-use')) return 'unknown';
  if (own.some(({ report }) => report === 'silent')) return rules.whileSilent;
  const refused: PlaceOutcome<'x'> =
    own.at(-1)?.report === 'refused'
      ? rejected(base, { code: 'ORDER_REJECTED', message: 'no' })
      : notSent(base, { code: 'UNREACHABLE', message: 'nobody' });
  // Attempts of an earlier call are only absent when they wrote a byte; what never left needs no rule.
  const before = state.attempts.slice(0, state.callFrom).some(({ report }) => report === 'silent');
  const outcome = before ? rules.ofTheIntent(refused, earlier) : refused;
  return outcome.kind === 'unknown' ? 'absent' : outcome.kind;
}

function* next(state: State, rules: Rules): Generator<State> {
  const { attempts, taken, word } = state;
  const last = attempts.at(-1);
  const withAttempt = (
    index: number,
    change: Partial<Attempt>,
    also: Partial<State> = {},
  ): State => ({
    ...state,
    ...also,
    attempts: attempts.map((attempt, at) => (at === index ? { ...attempt, ...change } : attempt)),
  });

  // The router.
  const another: Attempt = { tag: rules.tagOf(attempts.length), at: 'held', report: 'none' };
  const isOver = word === 'accepted' || word === 'rejected';
  if (attempts.length < rules.attempts && !isOver) {
    const isFirst = attempts.length === 0;
    const isTakenOver =
      last !== undefined && rules.takeoverAfter.includes(last.report) && word === 'none';
    // Two lookups have shown nothing; what the venue has not shown, or not taken yet, is not in them.
    const isRepeated = last?.report === 'silent' && (word === 'none' || word === 'unknown');
    if (isFirst || isTakenOver || isRepeated) yield { ...state, attempts: [...attempts, another] };
    // The bot calls again under the same id.
    if (word === 'absent' || word === 'not-sent')
      yield { ...state, attempts: [...attempts, another], callFrom: attempts.length, word: 'none' };
  }

  for (const [index, { tag, at, report }] of attempts.entries()) {
    // The executor, until it has reported.
    if (at === 'held') {
      yield withAttempt(index, { at: 'unwritten', report: 'unwritten' });
      yield withAttempt(index, { at: 'flying' });
      if (rules.unwrittenMayFly) yield withAttempt(index, { at: 'flying', report: 'unwritten' });
    }
    // The venue.
    if (at === 'flying') {
      yield withAttempt(index, { at: 'lost' });
      if (taken.includes(tag)) {
        yield withAttempt(index, { at: 'duplicate' });
      } else {
        yield withAttempt(index, { at: 'accepted' }, { taken: [...taken, tag] });
        yield withAttempt(index, { at: 'refused' }, { taken: [...taken, tag] });
        yield withAttempt(index, { at: 'refused' });
      }
    }
    // The answer, or none: the connection is given up while the request may still be on its way.
    if (report === 'none' && at !== 'held') {
      yield withAttempt(index, { report: 'silent' });
      if (at === 'accepted') yield withAttempt(index, { report: 'accepted' });
      if (at === 'refused') yield withAttempt(index, { report: 'refused' });
      if (at === 'duplicate') yield withAttempt(index, { report: 'in-use' });
    }
  }

  // What the bot is told: by the reports, by a row, or by absence.
  const said = wordOf(state, rules);
  if (word === 'none' && said !== undefined && attempts.length > 0) yield { ...state, word: said };
  if (attempts.some(({ at }) => at === 'accepted') && word !== 'accepted')
    yield { ...state, word: 'accepted' };
  if (
    word === 'unknown' &&
    attempts.every(({ report }) => report !== 'none' && report !== 'in-use')
  )
    yield { ...state, word: 'absent' };
}

function problemOf({ attempts, word }: State): string | undefined {
  const orders = attempts.filter(({ at }) => at === 'accepted').length;
  if (orders > 1) return 'two orders for one place';
  if (word === 'accepted' && orders === 0) return 'false accepted';
  if ((word === 'rejected' || word === 'not-sent') && orders > 0) return `false ${word}`;
  return undefined;
}

/** Every state that can be reached, and what is wrong in them. */
function explore(rules: Rules): {
  readonly states: number;
  readonly problems: readonly string[];
  readonly words: readonly string[];
} {
  const start: State = { attempts: [], taken: [], word: 'none', callFrom: 0 };
  const seen = new Set([JSON.stringify(start)]);
  const open: State[] = [start];
  const problems = new Set<string>();
  const words = new Set<string>();
  for (let state = open.pop(); state; state = open.pop()) {
    const problem = problemOf(state);
    if (problem !== undefined) problems.add(problem);
    words.add(state.word);
    for (const following of next(state, rules)) {
      const key = JSON.stringify(following);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(following);
    }
  }
  return { states: seen.size, problems: [...problems].toSorted(), words: [...words].toSorted() };
}

describe('a place, in every state that it can come to', () => {
  it.each([2, 3])('has one order at most and no false word with %d attempts', (attempts) => {
    const { states, problems, words } = explore({ ...policy, attempts });
    expect(problems).toEqual([]);
    expect(words).toEqual(['absent', 'accepted', 'none', 'not-sent', 'rejected', 'unknown']);
    expect(states).toBeGreaterThan(attempts === 2 ? 100 : 1_000);
  });

  it.each<[string, Partial<Rules>, readonly string[]]>([
    [
      'an id of its own for each attempt',
      { tagOf: (attempt) => `id-${attempt}` },
      ['two orders for one place'],
    ],
    [
      'a takeover of what got no answer, under an id of its own',
      { tagOf: (attempt) => `id-${attempt}`, takeoverAfter: ['unwritten', 'silent'] },
      ['two orders for one place'],
    ],
    ['an executor whose "not written" is not final', { unwrittenMayFly: true }, ['false not-sent']],
    [
      'no difference between an attempt and its intent',
      { ofTheIntent: (outcome) => outcome },
      ['false not-sent', 'false rejected'],
    ],
    ['silence taken for a refusal', { whileSilent: 'rejected' }, ['false rejected']],
    ['silence taken for not sent', { whileSilent: 'not-sent' }, ['false not-sent']],
    ['silence taken for done', { whileSilent: 'accepted' }, ['false accepted']],
  ])('goes wrong with %s', (_name, without, expected) => {
    expect(explore({ ...policy, attempts: 2, ...without }).problems).toEqual(
      expect.arrayContaining([...expected]),
    );
  });
});
