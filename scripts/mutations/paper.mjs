// Paper mode: nothing of it reaches a venue, and nothing of it is taken for what did.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: "a paper journal is no account's journal",
    without: 'a journal that was kept on paper is taken up by the account itself',
    edits: [{ safeguard: "a paper journal is no account's journal", replace: '  return scope;' }],
    tests: [
      {
        file: 'packages/core/src/paper-mode.test.ts',
        names: ['is never taken for the one of the account itself'],
      },
    ],
  },
  {
    name: 'no fill without a fresh quote',
    without:
      'orders on quotes from outside fill on one that is old, or that the market has left since',
    edits: [
      { safeguard: 'no fill without a fresh quote', replace: '    const quote = source.quote;' },
    ],
    tests: [
      {
        file: 'packages/gateway-sim/src/feed/feed.test.ts',
        names: ['a quote is too old after quoteMaxAgeMs'],
      },
    ],
  },
  {
    name: 'paper mode sends the venue nothing but reads of the market',
    without: 'the client of paper mode sends the venue whatever it is given',
    edits: [{ safeguard: 'paper mode sends the venue nothing but reads of the market' }],
    tests: [
      {
        file: 'packages/adapter-topstepx/src/paper/market-host.test.ts',
        names: [
          'never hears of /api/Order/place',
          'never hears of /api/Position/closeContract',
          'takes no other name',
        ],
      },
    ],
  },
  {
    name: 'quotes of before a gap fill nothing on paper',
    without: 'an order on paper fills at the last quote before the market hub broke off',
    edits: [{ safeguard: 'quotes of before a gap fill nothing on paper' }],
    tests: [
      {
        file: 'packages/system-tests/test/paper-mode.test.ts',
        names: ["nothing fills in a gap of the venue's market hub"],
      },
    ],
  },
];
