// Where the processes of one machine meet.

const folder = 'packages/core/src/machine/socket-folder.test.ts';

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: "sockets lie in nobody else's folder",
    without: 'another user who makes the folder first answers in place of the keeper',
    edits: [{ safeguard: "sockets lie in nobody else's folder" }],
    tests: [{ file: folder, names: ["is nobody else's folder"] }],
  },
  {
    name: 'sockets lie where no other user may look',
    without: 'a folder that others may enter is used',
    edits: [{ safeguard: 'sockets lie where no other user may look' }],
    tests: [{ file: folder, names: ['is no link that somebody has laid'] }],
  },
  {
    name: 'nobody can put another folder in the place of the sockets',
    without: 'the folder may be renamed by everybody',
    edits: [{ safeguard: 'nobody can put another folder in the place of the sockets' }],
    tests: [{ file: folder, names: ['everybody may put another folder'] }],
  },
];
