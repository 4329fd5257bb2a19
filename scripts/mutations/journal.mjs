// The journal and its lock.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'half a line of sent signals is taken back',
    without: 'the next line stands behind half of one, and the file is damaged',
    edits: [{ safeguard: 'half a line of sent signals is taken back' }],
    tests: [
      {
        file: 'packages/host-backtest-kit/src/line-file.test.ts',
        names: ['for which the disk had no room'],
      },
    ],
  },
  {
    name: 'torn last line',
    without: 'the next line is written behind half of one',
    edits: [{ safeguard: 'torn last line' }],
    tests: [
      { file: 'packages/system-tests/test/rows/journal-rows.test.ts', names: ['J02'] },
      {
        file: 'packages/core/src/journal/journal-damage.test.ts',
        names: ['that is half of a line is cut', 'goes on with the next number'],
      },
    ],
  },
  {
    name: 'the checksum of a line',
    without: 'an order is taken up with a price or a size that nobody wrote',
    edits: [{ safeguard: 'the checksum of a line' }],
    tests: [
      {
        file: 'packages/core/src/journal/journal-damage.test.ts',
        names: ['is seen whichever bit of it was flipped'],
      },
    ],
  },
  {
    name: 'each line in its place',
    without: 'a line that is there twice, or in another order, goes unseen',
    edits: [{ safeguard: 'each line in its place' }],
    tests: [
      {
        file: 'packages/core/src/journal/journal-damage.test.ts',
        names: ['when it is there twice', 'when it is before the one it followed'],
      },
    ],
  },
  {
    name: 'a line that is lost may have been a halt',
    without: 'a bot that was halted trades, since its disk lost the line',
    edits: [{ safeguard: 'a line that is lost may have been a halt', replace: 'return [];' }],
    tests: [
      {
        file: 'packages/core/src/journal/journal-damage.test.ts',
        names: ['starts halted, since a line that was lost'],
      },
    ],
  },
  {
    name: 'what a journal yields is a record',
    without: "a journal of the author's ends a start in a bare TypeError",
    edits: [
      {
        safeguard: 'what a journal yields is a record',
        replace: "if (checked.of === 'nothing') yield value;",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/journal/authors-journal.test.ts',
        names: ['when it yields nothing that is a record', 'when it yields a record without an id'],
      },
    ],
  },
  {
    name: 'the length of a write',
    without: 'an order leaves with half of its line, and the next line damages both',
    edits: [{ safeguard: 'the length of a write' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: [
          'is written to its end',
          'when only some of it fitted',
          'when characters have several bytes',
        ],
      },
    ],
  },
  {
    name: 'no line behind half of one',
    without: 'a line is written behind half of one that could not be taken away',
    edits: [{ safeguard: 'no line behind half of one' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: ['leaves half of it when that can not be taken away'],
      },
    ],
  },
  {
    name: "the length of a rotation's writes",
    without: 'a rotation goes on though the disk takes nothing',
    edits: [{ safeguard: "the length of a rotation's writes", replace: 'if (more === 0) break;' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: ['tried again: a write takes nothing'],
      },
    ],
  },
  {
    name: 'a rotated journal is read back',
    without: 'a file that lacks lines takes the place of one that has them',
    edits: [{ safeguard: 'a rotated journal is read back' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: [
          'tried again: what was written does not read the same',
          'tried again: the disk says it wrote',
        ],
      },
    ],
  },
  {
    name: 'a rotation comes to an end',
    without: 'a bot that trades quickly never gets its journal rotated, and fills its disk',
    edits: [{ safeguard: 'a rotation comes to an end' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: ['comes to an end though orders are written faster'],
      },
    ],
  },
  {
    name: 'a disk is not filled by a rotation',
    without: 'a rotation takes the room that lines of orders need',
    edits: [{ safeguard: 'a disk is not filled by a rotation' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: ['tried again: there is too little room'],
      },
    ],
  },
  {
    name: 'a rotation that fails is told',
    without: 'a disk that fills goes unnoticed until no order enters',
    edits: [{ safeguard: 'a rotation that fails is told' }],
    tests: [
      {
        file: 'packages/core/src/journal/disk-faults.test.ts',
        names: ['tried again: a write fails'],
      },
    ],
  },
  {
    name: 'a journal that was removed or replaced is noticed',
    without: 'orders are written where no start will look',
    edits: [
      {
        safeguard: 'a journal that was removed or replaced is noticed',
        replace: "const state = { is: 'same' };",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/journal/replaced-journal.test.ts',
        names: ['is written anew when it is removed', 'in its place lies another file'],
      },
    ],
  },
  {
    name: 'no line that the next start would not find',
    without: 'orders enter though their lines are written where no start will look',
    edits: [{ safeguard: 'no line that the next start would not find' }],
    tests: [
      {
        file: 'packages/core/src/journal/replaced-journal.test.ts',
        names: ['in its place lies another file'],
      },
    ],
  },
  {
    name: 'what is no journal is not emptied',
    without: "somebody's file is emptied",
    edits: [{ safeguard: 'what is no journal is not emptied' }],
    tests: [
      {
        file: 'packages/core/src/journal/file-journal.test.ts',
        names: ['left as it is when it is zeros alone'],
      },
    ],
  },
  {
    name: 'only what is ours is taken away',
    without: "somebody's file beside the journal is deleted",
    edits: [
      { safeguard: 'only what is ours is taken away', replace: 'if (found.is !== undefined) {' },
    ],
    tests: [
      {
        file: 'packages/core/src/journal/file-journal.test.ts',
        names: ['may lie beside files that look like its own'],
      },
    ],
  },
  {
    name: 'a journal is a file',
    without: 'a start hangs on a pipe, or opens a device',
    edits: [{ safeguard: 'a journal is a file' }],
    tests: [
      {
        file: 'packages/core/src/journal/file-names.test.ts',
        names: ['nothing is opened or waited for: a pipe', 'when it is a device'],
      },
    ],
  },
  {
    name: 'a journal is for its user alone',
    without: 'other users read what the account trades',
    edits: [{ safeguard: 'a journal is for its user alone' }],
    tests: [
      {
        file: 'packages/core/src/journal/file-journal.test.ts',
        names: ['that others may read is kept to its user'],
      },
    ],
  },
  {
    name: 'a rotated journal is for its user alone',
    without: 'a rotation leaves a file that its own user can not open, or that others can',
    edits: [{ safeguard: 'a rotated journal is for its user alone' }],
    tests: [
      { file: 'packages/core/src/journal/file-journal.test.ts', names: ['whatever the umask is'] },
    ],
  },
  {
    name: 'the lock beside the file',
    without: 'two brokers write one journal',
    edits: [
      {
        safeguard: 'the lock beside the file',
        replace:
          'const taken = await takeFileLock(`${path}-${process.hrtime.bigint()}`, kind, info, files);',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/journal/file-names.test.ts',
        names: ['by the same path', 'by a link,'],
      },
    ],
  },
  {
    name: 'a file of several names is not shared',
    without: 'two brokers write one journal by two of its names',
    edits: [{ safeguard: 'a file of several names is not shared' }],
    tests: [
      { file: 'packages/core/src/journal/file-names.test.ts', names: ['another of its names'] },
    ],
  },
  {
    name: 'a file that is mounted by itself is not locked beside itself',
    without: 'two containers write one journal',
    edits: [
      {
        safeguard: 'a file that is mounted by itself is not locked beside itself',
        replace: 'if (false) {',
      },
    ],
    tests: [{ file: 'packages/core/src/journal/file-names.test.ts', names: ['mounted by itself'] }],
  },
  {
    name: "a lock is nobody else's when it is taken",
    without: 'several starts of one instant hold one lock',
    edits: [
      { safeguard: "a lock is nobody else's when it is taken", replace: "return { is: 'free' };" },
    ],
    tests: [
      {
        file: 'packages/core/src/journal/lock/folder-lock.test.ts',
        names: ['goes to one of those who then come at once'],
      },
    ],
  },
  {
    name: 'a lock is held by who can be seen to hold it',
    without: 'a start holds a lock that the next one does not see',
    edits: [{ safeguard: 'a lock is held by who can be seen to hold it' }],
    tests: [
      {
        file: 'packages/core/src/journal/lock/folder-lock.test.ts',
        names: ['taken for dead before it listened'],
      },
    ],
  },
  {
    name: 'a lock that could not be asked is not taken for free',
    without: 'a start gives up for a reason of its own, or takes a lock that it may not ask about',
    edits: [{ safeguard: 'a lock that could not be asked is not taken for free' }],
    tests: [
      {
        file: 'packages/core/src/journal/lock/lock-socket.test.ts',
        names: ['does not take for free'],
      },
    ],
  },
  {
    name: "a lock of a cluster's worker is its own",
    without: 'every worker of a cluster holds the lock of its primary',
    edits: [{ safeguard: "a lock of a cluster's worker is its own", replace: 'const own = {};' }],
    tests: [
      {
        file: 'packages/core/src/journal/lock/folder-lock.test.ts',
        names: ['listened on by the worker itself'],
      },
    ],
  },
  {
    name: 'lock of the account',
    without: 'two brokers trade one account',
    edits: [
      {
        safeguard: 'lock of the account',
        replace:
          'const socket = await LockSocket.listen(`${address}-${process.hrtime.bigint()}`, info);',
      },
    ],
    tests: [
      { file: 'packages/system-tests/test/rows/journal-rows.test.ts', names: ['J04'] },
      { file: 'packages/core/src/journal/lock/user-lock.test.ts', names: ['is held by one'] },
    ],
  },
];
