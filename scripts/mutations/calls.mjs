// What a bot hands in with a call, and what becomes of a call by a fault of ours.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'an order is read once',
    without: 'a getter that throws makes a place throw',
    edits: [{ safeguard: 'an order is read once', replace: 'order = plainOrder(given, type);' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['can not be read which field it is'],
      },
    ],
  },
  {
    name: 'a request is read once',
    without: 'a getter that throws makes a cancel throw',
    edits: [
      { safeguard: 'a request is read once', replace: 'request = plainRequest(given, known);' },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['can not be read which field it is'],
      },
    ],
  },
  {
    name: 'a way out is taken by what can be read of it',
    without: 'a getter of no consequence keeps a position open',
    edits: [{ safeguard: 'a way out is taken by what can be read of it' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['gets out by what can be read'],
      },
    ],
  },
  {
    name: 'what only looks like a signal is refused',
    without: 'something that is no signal is asked whether it was aborted',
    edits: [{ safeguard: 'what only looks like a signal is refused' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['only looks like a signal'],
      },
    ],
  },
  {
    name: 'a place never throws',
    without: 'a fault of ours makes a place throw',
    edits: [{ safeguard: 'a place never throws', replace: 'return this.#begin(request, how);' }],
    tests: [
      {
        file: 'packages/core/src/broker/own-faults.test.ts',
        names: ['in a place is told, and never thrown'],
      },
    ],
  },
  {
    name: 'a mutation never throws',
    without: 'a fault of ours makes a close reject',
    edits: [{ safeguard: 'a mutation never throws', replace: 'return go(request);' }],
    tests: [
      {
        file: 'packages/core/src/broker/own-faults.test.ts',
        names: ['behind the write of a close'],
      },
    ],
  },
  {
    name: "a call that can't be settled is unknown",
    without: 'a fault of ours leaves a place without an outcome',
    edits: [{ safeguard: "a call that can't be settled is unknown" }],
    tests: [
      {
        file: 'packages/core/src/broker/own-faults.test.ts',
        names: ['behind the write of a place'],
      },
    ],
  },
  {
    name: 'a way out is taken whatever its arguments are',
    without: 'a misspelt option keeps orders from being cancelled',
    edits: [
      { safeguard: 'a way out is taken whatever its arguments are', replace: 'options = read();' },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['takes a way out all the same'],
      },
    ],
  },
  {
    name: "a broker's methods can be handed on",
    without: 'a signal that was to halt the bot throws instead',
    edits: [{ safeguard: "a broker's methods can be handed on" }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['method that is handed on by itself'],
      },
    ],
  },
  {
    name: "a subscription's methods can be handed on",
    without: 'a signal that was to close a subscription throws instead',
    edits: [{ safeguard: "a subscription's methods can be handed on" }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['subscription is closed by its method alone'],
      },
    ],
  },
  {
    name: 'a symbol that is no text is refused by name',
    without: 'a symbol that is null ends in a bare TypeError of ccxt',
    edits: [{ safeguard: 'a symbol that is no text is refused by name' }],
    tests: [
      {
        file: 'packages/system-tests/test/host-ccxt-refusals.test.ts',
        names: ['a symbol that is none'],
      },
    ],
  },
  {
    name: 'parameters that are none are refused by name',
    without: 'parameters that are null end in a bare TypeError',
    edits: [{ safeguard: 'parameters that are none are refused by name' }],
    tests: [
      {
        file: 'packages/system-tests/test/host-ccxt-refusals.test.ts',
        names: ['parameters that are none'],
      },
    ],
  },
];
