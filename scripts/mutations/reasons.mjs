// What is told of a decision: in messages, in explain and in the log.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'instanceof of an error class goes by its brand',
    without: 'an error of a second copy of core is a stranger to whoever asks by instanceof',
    edits: [{ safeguard: 'instanceof of an error class goes by its brand' }],
    tests: [{ file: 'packages/system-tests/test/two-copies-of-core.test.ts', names: ['knows the errors of either'] }],
  },
  {
    name: 'a plugin made for another version of the interfaces is refused',
    without: 'a plugin of another version is taken as if it fitted',
    edits: [{ safeguard: 'a plugin made for another version of the interfaces is refused', replace: 'return undefined;' }],
    tests: [
      { file: 'packages/core/src/config/registry.test.ts', names: ['refuses another version'] },
      { file: 'packages/core/src/create-broker.test.ts', names: ['names everything that is wrong at once'] },
    ],
  },
];
