// Orders around a contract that rolls.

const core = 'packages/core/src/broker/doubted-contract.test.ts';
const rolls = 'packages/system-tests/test/contract-roll.test.ts';

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a place waits where what its symbol stands for is in doubt',
    without: 'the second order after a roll goes to the old month as well',
    edits: [
      {
        safeguard: 'a place waits where what its symbol stands for is in doubt',
        replace: 'const isDoubted = false;',
      },
    ],
    tests: [
      { file: core, names: ['leaves when it is known'] },
      { file: rolls, names: ['those sent at once after it'] },
    ],
  },
  {
    name: 'an exit waits for no contract in doubt',
    without: 'a read that hangs keeps a bot in its position',
    edits: [
      {
        safeguard: 'a place waits where what its symbol stands for is in doubt',
        replace: 'const isDoubted = adapter.isDoubted?.(record.request.symbol) === true;',
      },
    ],
    tests: [{ file: core, names: ['what gets out waits for nobody'] }],
  },
  {
    name: 'a month that was refused is doubted until the list has been read',
    without: 'a bot that places anew at once is refused once more',
    edits: [{ safeguard: 'a month that was refused is doubted until the list has been read' }],
    tests: [{ file: rolls, names: ['those sent at once after it'] }],
  },
  {
    name: 'an order for an old month is told what to do',
    without: 'the first order after a roll is rejected without a hint',
    edits: [
      { safeguard: 'an order for an old month is told what to do', replace: 'return verdict;' },
    ],
    tests: [
      {
        file: rolls,
        names: ['those sent at once after it', 'still names the old month', 'by its name'],
      },
    ],
  },
  {
    name: 'an adapter that throws for a doubt',
    without: 'a place throws what the adapter throws',
    edits: [
      {
        safeguard: 'an adapter that throws for a doubt',
        replace: 'return this.#inner.isDoubted?.(symbol) === true;',
      },
    ],
    tests: [
      { file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['throws for a doubt'] },
    ],
  },
];
