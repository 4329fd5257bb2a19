// What is known of fills, orders and positions from events that come twice, late, in another order, or never.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a fill told again stays as it was told first',
    without:
      'a repeat of a fill without its result, at the time of the close or for its order, takes the place of the fill',
    edits: [
      {
        safeguard: 'a fill told again stays as it was told first',
        replace: 'known.trade = trade;',
      },
    ],
    tests: [
      { file: 'packages/core/src/state/fill-state.test.ts', names: ['as it was first told'] },
    ],
  },
  {
    name: 'a fill told under two ids counts once',
    without: 'the opening trade that a close repeats counts as another fill',
    edits: [{ safeguard: 'a fill told under two ids counts once' }],
    tests: [
      { file: 'packages/core/src/state/fill-intake.test.ts', names: ['under another id'] },
      {
        file: 'packages/system-tests/test/fill-sequences.test.ts',
        names: ['with ids of their own for repeated trades'],
      },
    ],
  },
  {
    name: 'a fill of before the start is no news when a close repeats it',
    without: 'a bot that starts beside a position is told of its entry when it is closed',
    edits: [{ safeguard: 'a fill of before the start is no news when a close repeats it' }],
    tests: [
      {
        file: 'packages/system-tests/test/fill-sequences.test.ts',
        names: ['starts beside a position'],
      },
    ],
  },
  {
    name: 'a fill shows before its order says so',
    without: 'a listener that is told of a fill is given an order that has filled nothing',
    edits: [
      { safeguard: 'a fill shows before its order says so', replace: 'const isAhead = false;' },
    ],
    tests: [
      {
        file: 'packages/system-tests/test/fill-sequences.test.ts',
        names: ['shows as filled already'],
      },
    ],
  },
  {
    name: 'the time of a fill is that of its trade',
    without: 'a leg is said to have filled when it began to work',
    edits: [
      {
        safeguard: 'the time of a fill is that of its trade',
        replace: 'lastTradeTimestamp: filledQuantity > 0 ? updatedAt : undefined,',
      },
    ],
    tests: [{ file: 'packages/host-ccxt/src/unified.test.ts', names: ['when its fill was'] }],
  },
  {
    name: 'what a fill was not told with is read',
    without: 'a trade or a position that the stream left out stays unknown',
    edits: [
      { safeguard: 'what a fill was not told with is read' },
      { safeguard: 'a trade without its order or its position is looked into' },
    ],
    tests: [
      {
        file: 'packages/system-tests/test/fill-sequences.test.ts',
        names: ['is its trade', 'is its order', 'is its position, entry'],
      },
    ],
  },
  {
    name: 'a look takes no price back that an event told meanwhile',
    without:
      'the look for a late answer shows an order at the price of before its modify, for good',
    edits: [
      {
        safeguard: 'a look takes no price back that an event told meanwhile',
        replace: 'return (order) => this.seen(order);',
      },
    ],
    tests: [
      { file: 'packages/core/src/broker/awaited-place.test.ts', names: ['takes no price back'] },
    ],
  },
  {
    name: 'a limit order beyond the market may be shown as a market order',
    without: 'an order of before a restart stays unknown though the venue shows it under its id',
    edits: [{ safeguard: 'a limit order beyond the market may be shown as a market order' }],
    tests: [
      {
        file: 'packages/core/src/broker/matches-order.test.ts',
        names: ['shown as a market order, with its price', 'filled within its price'],
      },
    ],
  },
  {
    name: 'a read undoes no event that came while it was on its way',
    without: 'prices of before a modify come back with a read that was asked for before it',
    edits: [
      {
        safeguard: 'a read undoes no event that came while it was on its way',
        replace: 'const merged = mergeOrder(before, row);',
      },
    ],
    tests: [{ file: 'packages/core/src/state/order-state.test.ts', names: ['lets no read undo'] }],
  },
];
