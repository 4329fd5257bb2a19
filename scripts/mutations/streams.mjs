// The venue's event streams and its session.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'stream held against the list',
    without: 'a fill whose events were lost on a stream that goes on stays unknown',
    edits: [{ safeguard: 'stream held against the list' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/stream-regressions.test.ts',
        names: ['Lean.TradeStation #101'],
      },
    ],
  },
  {
    name: 'a hub is tried without end',
    without: 'a venue that is away for minutes is given up',
    edits: [
      {
        safeguard: 'a hub is tried without end',
        replace: 'while (this.#isWanted && failures < 6) {',
      },
    ],
    tests: [
      { file: 'packages/system-tests/test/rows/stream-regressions.test.ts', names: ['hunter547'] },
    ],
  },
  {
    name: 'live only when read over',
    without: 'a stream that is back is called live though what it missed was not read',
    edits: [
      {
        safeguard: 'live only when read over',
        replace: 'void resync(adapter, target, this.#gapSince).catch(() => undefined).then(',
      },
    ],
    tests: [
      { file: 'packages/system-tests/test/rows/stream-regressions.test.ts', names: ['MarqSpec'] },
    ],
  },
  {
    name: 'quiet is no sign on the user hub',
    without: 'an idle account loses its stream again and again',
    edits: [{ safeguard: 'quiet is no sign on the user hub', replace: 'quietMs: 30_000,' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/stream-regressions.test.ts',
        names: ['project-x-py #129'],
      },
    ],
  },
  {
    name: 'hub watchdog',
    without: 'a hub that says nothing and does not close is believed',
    edits: [{ safeguard: 'hub watchdog', replace: 'return;' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/stream-regressions.test.ts',
        names: ['#56109: a hub that says nothing'],
      },
    ],
  },
  {
    name: 'one login for all who wait',
    without: 'each order and the hub log in by themselves',
    edits: [
      {
        safeguard: 'one login for all who wait',
        replace: 'this.#inFlight = get().finally(() => (this.#inFlight = undefined));',
      },
      { safeguard: 'a renewal waits for the login under way' },
    ],
    tests: [
      {
        file: 'packages/system-tests/test/rows/stream-regressions.test.ts',
        names: ['project-x-py #124'],
      },
    ],
  },
  {
    name: 'a book of which the stream has brought one side alone',
    without: 'a strategy is given a book without asks',
    edits: [
      {
        safeguard: 'a book of which the stream has brought one side alone',
        replace: 'if (depth === undefined) return;',
      },
    ],
    tests: [
      {
        file: 'packages/system-tests/test/backtest-kit-market.test.ts',
        names: ['waits for the other side'],
      },
    ],
  },
];
