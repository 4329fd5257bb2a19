// What executors, adapters and journals of an author's give, and give back.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a state that throws',
    without: 'an executor whose state can not be read keeps every order from leaving',
    edits: [{ safeguard: 'a state that throws', replace: 'return this.#inner.state;' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['whose state throws is not used'],
      },
    ],
  },
  {
    name: 'a reset that throws',
    without: 'an executor that can not be reset ends the process when the clock steps',
    edits: [{ safeguard: 'a reset that throws', replace: 'this.#inner.reset?.(because);' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['stands a reset that throws'],
      },
    ],
  },
  {
    name: 'what an executor gives need be no promise',
    without: 'an executor that gives no promise leaves an order without an end',
    edits: [{ safeguard: 'what an executor gives need be no promise' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['without a promise is taken at its word'],
      },
    ],
  },
  {
    name: "a delivery that can't be read proves nothing",
    without: 'a delivery that contradicts itself is taken over, though it may have left',
    edits: [{ safeguard: "a delivery that can't be read proves nothing" }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['nothing was written makes an order unknown'],
      },
    ],
  },
  {
    name: 'a read that an executor never ends',
    without: 'a read waits for ever for an executor',
    edits: [
      {
        safeguard: 'a read that an executor never ends',
        replace: 'const timer = { cancel: () => undefined };',
      },
    ],
    tests: [{ file: 'packages/core/src/guests/odd-executors.test.ts', names: ['never ends one'] }],
  },
  {
    name: 'what an executor never ends is told at a close',
    without: 'a close waits for ever for an executor',
    edits: [{ safeguard: 'what an executor never ends is told at a close' }],
    tests: [
      { file: 'packages/core/src/guests/odd-executors.test.ts', names: ['never ends a delivery'] },
    ],
  },
  {
    name: 'nobody waits for ever for a hook',
    without: 'a hook that hangs holds up who waits for it',
    edits: [
      {
        safeguard: 'nobody waits for ever for a hook',
        replace: 'const timer = { cancel: () => undefined };',
      },
    ],
    tests: [
      { file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['whose reads never end'] },
    ],
  },
  {
    name: 'a verdict that there is not proves nothing',
    without: 'an order is called accepted by an id that is none',
    edits: [
      { safeguard: 'a verdict that there is not proves nothing', replace: 'return verdict;' },
    ],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['order id that is no text'],
      },
    ],
  },
  {
    name: "evidence that can't be read",
    without: 'evidence that can not be read throws where the adapter brings it',
    edits: [{ safeguard: "evidence that can't be read", replace: 'context.evidence(item);' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['goes on being listened to'],
      },
    ],
  },
  {
    name: 'an adapter that throws for a contract',
    without: 'a contract without a tick is priced by',
    edits: [
      {
        safeguard: 'an adapter that throws for a contract',
        replace: 'return this.#inner.contract(symbol);',
      },
    ],
    tests: [
      { file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['one without a tick'] },
    ],
  },
  {
    name: "a finding that can't be read shows nothing",
    without: 'nonsense that was found is taken for an order',
    edits: [
      { safeguard: "a finding that can't be read shows nothing", replace: 'return finding;' },
    ],
    tests: [{ file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['finds nonsense'] }],
  },
  {
    name: 'a read that gives nonsense',
    without: 'a bot is given nonsense for its positions',
    edits: [{ safeguard: 'a read that gives nonsense', replace: 'return undefined;' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['whose reads give nonsense'],
      },
    ],
  },
  {
    name: "market data that can't be read",
    without: 'market data that can not be read throws where the adapter brings it',
    edits: [{ safeguard: "market data that can't be read", replace: 'listener(item);' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['market data that can not be read'],
      },
    ],
  },
  {
    name: "a market that can't be left",
    without: 'a market that can not be left keeps the broker from closing',
    edits: [{ safeguard: "a market that can't be left", replace: '(stop as () => void)();' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['harms neither orders nor the end'],
      },
    ],
  },
  {
    name: "a market that can't be watched has no price",
    without: 'a place throws where a market can not be watched',
    edits: [
      {
        safeguard: "a market that can't be watched has no price",
        replace:
          "price.stop = this.#parts.adapter.watchMarket?.(contract, ['quotes'], take) ?? price.stop;",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['harms neither orders nor the end'],
      },
    ],
  },
  {
    name: 'a journal that only promises is not believed',
    without: 'an order leaves though its line is only promised',
    edits: [{ safeguard: 'a journal that only promises is not believed' }],
    tests: [
      {
        file: 'packages/core/src/guests/guarded-journal.test.ts',
        names: ['only promises to write'],
      },
    ],
  },
  {
    name: 'ids that are longer than the venue takes',
    without: 'ids go out that the venue does not take',
    edits: [
      {
        safeguard: 'ids that are longer than the venue takes',
        replace: 'return maxClientOrderIdLength;',
      },
    ],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['fits what the venue takes'] },
    ],
  },
  {
    name: 'ids that the venue does not take',
    without: 'ids go out that the venue does not take',
    edits: [{ safeguard: 'ids that the venue does not take' }],
    tests: [
      {
        file: 'packages/core/src/broker/mint-ids.test.ts',
        names: ['held to what the venue takes'],
      },
    ],
  },
  {
    name: 'a path is no package',
    without: 'a config file runs whatever stands at a path',
    edits: [{ safeguard: 'a path is no package' }],
    tests: [
      {
        file: 'packages/core/src/config/configured-broker.test.ts',
        names: ['named by \\.\\./third'],
      },
    ],
  },
];
