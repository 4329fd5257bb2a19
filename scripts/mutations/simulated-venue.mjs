// What the simulator does as the venue does.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a side that there is not trades nothing',
    without: 'an order of side 7 fills as a sell',
    edits: [
      {
        safeguard: 'a side that there is not trades nothing',
        replace:
          '    if (side === undefined) return this.#place({ ...request, type: request.type, side: 1 }, account, contract, raw);',
      },
    ],
    tests: [
      {
        file: 'packages/gateway-sim/src/refusals.test.ts',
        names: ['which no enumeration has, is refused'],
      },
    ],
  },
  {
    name: 'the state file keeps fills',
    without: 'a restarted simulator has orders that filled and no position',
    edits: [{ safeguard: 'the state file keeps fills' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/state/state-file.test.ts',
        names: ['brings back orders, fills'],
      },
    ],
  },
  {
    name: 'a fill ends a cancel that is on its way',
    without: 'an order that filled while its cancel was on its way is cancelled as well',
    edits: [
      {
        safeguard: 'a fill ends a cancel that is on its way',
        replace: '      this.cancel(order, then);',
      },
    ],
    tests: [
      {
        file: 'packages/gateway-sim/src/options/latency.test.ts',
        names: ['fills while a cancel is on its way'],
      },
    ],
  },
];
