// The simulator of the venue.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a gateway that refuses keeps its process alive',
    without: 'the simulator ends while it refuses connections, and never answers again',
    edits: [{ safeguard: 'a gateway that refuses keeps its process alive' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/faults/fault-port.test.ts',
        names: ['keeps its process alive'],
      },
    ],
  },
  {
    name: 'nothing is due behind a close',
    without: 'an order that was delayed is carried out, and written to a state file that is closed',
    edits: [{ safeguard: 'nothing is due behind a close' }],
    tests: [{ file: 'packages/gateway-sim/src/close.test.ts', names: ['carries nothing out'] }],
  },
];
