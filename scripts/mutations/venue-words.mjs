// What the venue says, and to whom a secret is shown.

const decode = 'packages/adapter-topstepx/src/decode.test.ts';
const read = 'packages/adapter-topstepx/src/read-client.test.ts';

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'what the venue says of an order is cleaned before anybody is shown it',
    without:
      "a venue's text that repeats the request puts the token into outcomes, events and logs",
    edits: [
      {
        safeguard: 'what the venue says of an order is cleaned before anybody is shown it',
        replace: 'return text;',
      },
    ],
    tests: [{ file: decode, names: ['shows nobody a secret'] }],
  },
  {
    name: 'what the venue says of a read is cleaned before anybody is shown it',
    without: 'the same in the errors of reads and of a login',
    edits: [
      {
        safeguard: 'what the venue says of a read is cleaned before anybody is shown it',
        replace: 'return text.slice(0, longest);',
      },
    ],
    tests: [{ file: read, names: ['repeats no secret.*HTTP 200', 'repeats no secret.*HTTP 500'] }],
  },
  {
    name: 'what a hub says is cleaned before anybody is shown it',
    without: 'the same in what is told of a gap',
    edits: [
      {
        safeguard: 'what a hub says is cleaned before anybody is shown it',
        replace: 'return text;',
      },
    ],
    tests: [
      {
        file: 'packages/adapter-topstepx/src/hubs/user-hub.test.ts',
        names: ['words which repeat the token'],
      },
    ],
  },
  {
    name: 'a failure carries nothing of what was sent or read',
    without:
      'the bytes that a parser could not read, and the token in them, are shown with the failure',
    edits: [
      {
        safeguard: 'a failure carries nothing of what was sent or read',
        replace: 'const bare = cause as Error;',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/delivery-progress.test.ts',
        names: ['nothing of what the failure carries'],
      },
    ],
  },
  {
    name: 'a bot is told the field that a 400 names',
    without: 'a rejection as malformed says nothing of the field',
    edits: [
      {
        safeguard: 'a bot is told the field that a 400 names',
        replace: 'const field = undefined; void names;',
      },
    ],
    tests: [{ file: decode, names: ["what the venue's framework complains of.*size"] }],
  },
  {
    name: 'what the framework names in errors is told',
    without: 'a 400 says "One or more validation errors occurred." and no more',
    edits: [
      {
        safeguard: 'what the framework names in errors is told',
        replace: 'const named: string[] = [];',
      },
    ],
    tests: [
      { file: decode, names: ["what the venue's framework complains of.*accountId"] },
      {
        file: read,
        names: ["the venue's framework names: loginKey", "the venue's framework names: bars"],
      },
    ],
  },
];
