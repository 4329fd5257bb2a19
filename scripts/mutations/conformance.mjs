// A conformance run asks a gateway that may be real: nothing of it stays there.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a conformance run takes back its order at every end',
    without: 'an order of a run that ended early rests on the account',
    edits: [
      {
        safeguard: 'a conformance run takes back its order at every end',
        replace: '    taken = { clean: true, filled: 0 };',
      },
    ],
    tests: [
      {
        file: 'packages/gateway-sim/src/conformance/conformance.test.ts',
        names: ['when a person stops it', 'reset behind the place'],
      },
    ],
  },
  {
    name: 'what a conformance run may have placed is remembered before it leaves',
    without: 'an order whose answer was lost is not looked for',
    edits: [{ safeguard: 'what a conformance run may have placed is remembered before it leaves' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/conformance/conformance.test.ts',
        names: ['reset behind the place'],
      },
    ],
  },
  {
    name: 'an order of a conformance run is far below prices of now',
    without: 'a bar from before a stall or a weekend says what is far',
    edits: [{ safeguard: 'an order of a conformance run is far below prices of now' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/conformance/far-price.test.ts',
        names: ['nobody tells a price of now'],
      },
    ],
  },
  {
    name: 'what a gateway said is shown without names and ids',
    without: 'a text of the gateway shows in a report who asked',
    edits: [
      {
        safeguard: 'what a gateway said is shown without names and ids',
        replace: "    return { ...line, seen, verdict: 'different' };",
      },
    ],
    tests: [
      {
        file: 'packages/gateway-sim/src/conformance/redaction.test.ts',
        names: ['shows nothing of who asked'],
      },
    ],
  },
  {
    name: 'a fault of the conformance run leaves no order',
    without: 'the process ends at a fault, and its order rests on',
    edits: [{ safeguard: 'a fault of the conformance run leaves no order' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/conformance/stopping.test.ts',
        names: ['uncaughtException', 'unhandledRejection'],
      },
    ],
  },
  {
    name: 'legs of a conformance run are taken back with their entry',
    without: 'suspended legs stay behind an entry that is gone',
    edits: [{ safeguard: 'legs of a conformance run are taken back with their entry' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/conformance/order-guard.test.ts',
        names: ['outlive their entry'],
      },
    ],
  },
];
