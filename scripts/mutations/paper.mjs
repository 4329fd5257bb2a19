// Paper mode: nothing of it reaches a venue, and nothing of it is taken for what did.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: "a paper journal is no account's journal",
    without: 'a journal that was kept on paper is taken up by the account itself',
    edits: [{ safeguard: "a paper journal is no account's journal", replace: '  return scope;' }],
    tests: [{ file: 'packages/core/src/paper-mode.test.ts', names: ['is never taken for the one of the account itself'] }],
  },
  {
    name: 'no fill without a fresh quote',
    without: 'orders on quotes from outside fill on one that is old, or that the market has left since',
    edits: [{ safeguard: 'no fill without a fresh quote', replace: '    const quote = source.quote;' }],
    tests: [{ file: 'packages/gateway-sim/src/feed/feed.test.ts', names: ['a quote is too old after quoteMaxAgeMs'] }],
  },
];
