// What is told of a decision: in messages, in explain and in the log.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'instanceof of an error class goes by its brand',
    without: 'an error of a second copy of core is a stranger to whoever asks by instanceof',
    edits: [{ safeguard: 'instanceof of an error class goes by its brand' }],
    tests: [
      {
        file: 'packages/system-tests/test/two-copies-of-core.test.ts',
        names: ['knows the errors of either'],
      },
    ],
  },
  {
    name: 'a plugin made for another version of the interfaces is refused',
    without: 'a plugin of another version is taken as if it fitted',
    edits: [
      {
        safeguard: 'a plugin made for another version of the interfaces is refused',
        replace: 'return undefined;',
      },
    ],
    tests: [
      { file: 'packages/core/src/config/registry.test.ts', names: ['refuses another version'] },
      {
        file: 'packages/core/src/create-broker.test.ts',
        names: ['names everything that is wrong at once'],
      },
    ],
  },
  {
    name: "it is noted why another executor than the table's delivers",
    without: 'nothing tells why an order went by another executor',
    edits: [{ safeguard: "it is noted why another executor than the table's delivers" }],
    tests: [
      {
        file: 'packages/core/src/router/decision.test.ts',
        names: [
          'turns it off',
          'could not be set up',
          'by what it was tripped',
          'whom it took over from',
          'every executor was tripped',
        ],
      },
    ],
  },
  {
    name: 'explain knows orders of before a restart',
    without: 'an order of an earlier process has no way that could be told',
    edits: [{ safeguard: 'explain knows orders of before a restart' }],
    tests: [
      {
        file: 'packages/system-tests/test/explain-over-restarts.test.ts',
        names: ['of place, modify and cancel, as before', 'from the journal alone', 'a ramp kept'],
      },
    ],
  },
  {
    name: 'an order stays over a restart with the executor that took it over',
    without: 'later operations go to the executor that had failed to place the order',
    edits: [{ safeguard: 'an order stays over a restart with the executor that took it over' }],
    tests: [
      {
        file: 'packages/core/src/router/decision.test.ts',
        names: ['taken over stays, over a restart'],
      },
    ],
  },
  {
    name: 'every line of the log names its account',
    without: 'two brokers of one process can not be told apart in their log',
    edits: [{ safeguard: 'every line of the log names its account' }],
    tests: [
      { file: 'packages/core/src/log/log.test.ts', names: ['begin with the account'] },
      { file: 'packages/system-tests/test/log-answers.test.ts', names: ['each of two brokers'] },
    ],
  },
  {
    name: 'lines are written after the outcome is told',
    without: 'a slow log stands between an outcome and its bot',
    edits: [{ safeguard: 'lines are written after the outcome is told', replace: 'this.flush();' }],
    tests: [
      {
        file: 'packages/core/src/log/log.test.ts',
        names: ['is written after the bot has been told'],
      },
    ],
  },
];
