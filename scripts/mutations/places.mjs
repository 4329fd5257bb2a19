// What becomes of a place.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'tag on fallback',
    without: 'every attempt after the first gets an id of its own',
    edits: [
      {
        safeguard: 'tag on fallback',
        replace:
          "encoded = adapter.encode(this.#deliveries > 0 && this.#task.intent.operation === 'place' ? { ...this.#task.intent, clientOrderId: `${this.#task.intent.clientOrderId}-again` } : this.#task.intent);",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/invariants/invariant-01.one-intent-one-tag.test.ts',
        names: ['carries the same id'],
      },
    ],
  },
  {
    name: 'lookup',
    without: 'nobody asks the venue what became of an order',
    edits: [
      { safeguard: 'lookup of an order', replace: "return { is: 'not-found' };" },
      { safeguard: 'orders are read in a sweep', replace: 'this.#orders ??= Promise.resolve([]);' },
    ],
    tests: [
      { file: 'packages/system-tests/test/rows/place-sending.test.ts', names: ['P06', 'P09'] },
    ],
  },
  {
    name: 'journal write before send',
    without: 'an order leaves without its line',
    edits: [{ safeguard: 'journal write before send', replace: 'const refused = this.#spend();' }],
    tests: [
      { file: 'packages/system-tests/test/rows/place-settling.test.ts', names: ['P24'] },
      { file: 'packages/system-tests/test/rows/journal-rows.test.ts', names: ['J01'] },
    ],
  },
  {
    name: 'deadline check in the tick of the write',
    without: 'an attempt leaves however late it is',
    edits: [{ safeguard: 'deadline check in the tick of the write' }],
    tests: [
      { file: 'packages/core/src/invariants/invariant-06.orders-go-stale.test.ts', names: ['P03'] },
    ],
  },
  {
    name: 'adoption',
    without: 'an order that was there before the call is never our own',
    edits: [{ safeguard: 'adoption', replace: 'return false;' }],
    tests: [{ file: 'packages/system-tests/test/rows/place-answers.test.ts', names: ['P17'] }],
  },
  {
    name: 'an order of an earlier attempt is ours',
    without:
      'what came of a place that was called absent is a stranger to the next call under its id',
    edits: [
      {
        safeguard: 'an order of an earlier attempt is ours',
        replace: 'if (!first) first = record;',
      },
      {
        safeguard: "a venue's clock may be behind an earlier attempt",
        replace: 'const youngMs = adoptWithinMs;',
      },
    ],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-answers.test.ts',
        names: ['P16.*after an attempt that was called absent'],
      },
    ],
  },
  {
    name: 'attempt-versus-intent rule',
    without: 'a refused attempt ends an intent of which another may still come',
    edits: [{ safeguard: 'attempt-versus-intent rule', replace: 'return outcome;' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-absence.test.ts',
        names: ['P25.*ends itself'],
      },
    ],
  },
  {
    name: 'one repeat after a 401',
    without: 'a token that is refused again is renewed again',
    edits: [{ safeguard: 'one repeat after a 401' }],
    tests: [{ file: 'packages/system-tests/test/rows/place-answers.test.ts', names: ['P14'] }],
  },
  {
    name: 'one id, one intent',
    without: 'a second call with an id is another order',
    edits: [{ safeguard: 'one id, one intent', replace: 'if (false) {' }],
    tests: [
      { file: 'packages/system-tests/test/rows/place-settling.test.ts', names: ['P22', 'P23'] },
    ],
  },
  {
    name: 'ids of long ago are read from the journal',
    without: 'an accepted order whose id is called again is not sent while halted',
    edits: [
      {
        safeguard: 'ids of long ago are read from the journal',
        replace: 'const recalling = undefined;',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/recovery/recovery.test.ts',
        names: [
          'gets its own outcome before any other check',
          'knows ids that are older than a day',
        ],
      },
    ],
  },
  {
    name: 'a row is ours by more than its id',
    without: "whatever bears the id of an author's is taken for the order",
    edits: [{ safeguard: 'a row is ours by more than its id' }],
    tests: [{ file: 'packages/system-tests/test/rows/place-answers.test.ts', names: ['P17'] }],
  },
  {
    name: 'bound order ids',
    without: 'an answer may name the order of another intent',
    edits: [{ safeguard: 'bound order ids', replace: 'if (false) {' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-answers.test.ts',
        names: ['P20 an answer that names the order of another intent is unknown$'],
      },
    ],
  },
  {
    name: 'evidence of arrival',
    without: 'an order that the venue has said to have is called absent',
    edits: [{ safeguard: 'evidence of arrival' }],
    tests: [
      { file: 'packages/system-tests/test/rows/place-sending.test.ts', names: ['P09'] },
      { file: 'packages/system-tests/test/rows/place-answers.test.ts', names: ['P12'] },
    ],
  },
  {
    name: 'lookups that fail prove nothing',
    without: 'an outage of the lookups counts as looking',
    edits: [
      {
        safeguard: 'lookups that fail prove nothing',
        replace: 'this.#absence.notFound(sweep.begunAt);',
      },
    ],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-absence.test.ts',
        names: ['P25.*soon after an outage'],
      },
    ],
  },
  {
    name: 'events settle a call',
    without: 'an event before the answer is not looked at',
    edits: [{ safeguard: 'events settle a call' }],
    tests: [{ file: 'packages/system-tests/test/rows/place-settling.test.ts', names: ['P21'] }],
  },
  {
    name: 'watch over absent orders',
    without: "an absent order that turns up is nobody's",
    edits: [{ safeguard: 'watch over absent orders' }],
    tests: [{ file: 'packages/system-tests/test/rows/place-absence.test.ts', names: ['P26'] }],
  },
  {
    name: 'an order that was changed is the one that its changes name',
    without:
      'a place whose outcome found no room on the disk, and whose order was modified, is never settled',
    edits: [{ safeguard: 'an order that was changed is the one that its changes name' }],
    tests: [
      {
        file: 'packages/core/src/recovery/recovery.test.ts',
        names: ['knows an order again by the modify of it'],
      },
    ],
  },
];
