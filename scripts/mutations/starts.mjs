// Starts, and what is told when nobody can be reached.

const start = 'packages/core/src/start/start.test.ts';
const executors = 'packages/core/src/start/start-executors.test.ts';

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a start is tried again',
    without: 'one lost answer ends a start',
    edits: [{ safeguard: 'a start is tried again', replace: 'throw failure.error;' }],
    tests: [
      { file: start, names: ['gets over no answer', 'gets over a 429', 'goes on without end'] },
    ],
  },
  {
    name: 'what no try can mend ends a start',
    without: 'a start waits for a certificate or a library that never comes',
    edits: [{ safeguard: 'what no try can mend ends a start' }],
    tests: [
      {
        file: executors,
        names: ['when nobody accepts the certificate', 'that can not be set up at all'],
      },
    ],
  },
  {
    name: 'a required executor is waited for',
    without: 'a broker starts without an executor that it may not start without',
    edits: [
      { safeguard: 'a required executor is waited for', replace: 'const failure = unconnected;' },
    ],
    tests: [
      {
        file: executors,
        names: ['are waited for when they are required', 'when a required one never comes'],
      },
    ],
  },
  {
    name: 'a start waits for as long as the venue said',
    without: 'a start asks again though the venue said when',
    edits: [
      {
        safeguard: 'a start waits for as long as the venue said',
        replace: 'const askedForMs = 0;',
      },
    ],
    tests: [{ file: start, names: ['waits for as long as the venue said'] }],
  },
  {
    name: 'the first reads of a state may spend what is kept for getting out',
    without: 'a 429 at the start keeps the state from being read for a minute',
    edits: [
      {
        safeguard: 'the first reads of a state may spend what is kept for getting out',
        replace: "const lane = 'read';",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/state/venue-state.test.ts',
        names: ['reads its first state with what is kept'],
      },
    ],
  },
  {
    name: 'a process lives while its start waits',
    without: 'a process ends in the middle of a start, without a word',
    edits: [
      {
        safeguard: 'a process lives while its start waits',
        replace: 'const letEnd = (): void => { keepAlive()(); };',
      },
    ],
    tests: [{ file: start, names: ['keeps its process alive'] }],
  },
  {
    name: 'reads of a start end with it',
    without: 'a read of a start that was given up goes on, and opens what nobody closes',
    edits: [{ safeguard: 'reads of a start end with it' }],
    tests: [{ file: start, names: ['ends what the adapter has under way'] }],
  },
  {
    name: 'the journal is taken before the venue is asked',
    without:
      'a journal that somebody else holds is said only when the venue has answered, and no halt can be written before',
    edits: [
      {
        safeguard: 'the journal is taken before the venue is asked',
        replace:
          'const claimed = await Promise.resolve(journal.claim === undefined ? undefined : { scope: undefined });',
      },
    ],
    tests: [
      { file: start, names: ['is said before the venue is asked', 'one that is written at once'] },
    ],
  },
  {
    name: 'a halt of before the journal could be written is written then',
    without: 'a halt while the venue is away is forgotten',
    edits: [{ safeguard: 'a halt of before the journal could be written is written then' }],
    tests: [
      {
        file: start,
        names: [
          'lets nothing enter once the broker is there',
          'takes a halt as soon as its account is known',
        ],
      },
    ],
  },
  {
    name: 'a halt while the venue was away gets out once it is there',
    without: 'what is held stays held after a halt that came before the broker',
    edits: [{ safeguard: 'a halt while the venue was away gets out once it is there' }],
    tests: [{ file: start, names: ['lets nothing enter once the broker is there'] }],
  },
  {
    name: 'an adapter that was closed while it connected opens nothing any more',
    without: 'a start that was given up leaves timers and hubs behind',
    edits: [{ safeguard: 'an adapter that was closed while it connected opens nothing any more' }],
    tests: [
      {
        file: 'packages/adapter-topstepx/src/topstepx-adapter.test.ts',
        names: ['closed while it connects'],
      },
    ],
  },
  {
    name: 'whoever reaches nobody is told the reason of each executor',
    without: 'an order that could not leave says only that nobody was there',
    edits: [
      {
        safeguard: 'whoever reaches nobody is told the reason of each executor',
        replace: "const reasons = '';",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/router/decision.test.ts',
        names: ['names each executor with its reason', 'names why nobody else could take over'],
      },
    ],
  },
];
