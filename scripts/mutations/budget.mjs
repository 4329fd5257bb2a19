// The rate budget: what may be spent, by whom, and what happens when nobody lends.

const budget = 'packages/core/src/budget';
const leased = `${budget}/leased-budget.test.ts`;
const machine = `${budget}/machine-budget.test.ts`;
const ledger = `${budget}/budget-ledger.test.ts`;
const keeper = `${budget}/budget-keeper.test.ts`;

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'reads may fill no more than their lane',
    without: 'a bot that polls spends what entries would need',
    edits: [{ safeguard: 'reads may fill no more than their lane', replace: 'read: entries,' }],
    tests: [
      {
        file: `${budget}/rate-budget.test.ts`,
        names: ['keeps room for entries however much is read'],
      },
    ],
  },
  {
    name: 'nothing is held back for more than an hour',
    without: 'one Retry-After keeps a bot out for years',
    edits: [
      {
        safeguard: 'nothing is held back for more than an hour',
        replace: 'return Math.max(0, wanted);',
      },
    ],
    tests: [
      { file: `${budget}/rate-budget.test.ts`, names: ['held back for an hour at the most'] },
      { file: leased, names: ['holds back for an hour at the most'] },
    ],
  },
  {
    name: 'the share of its own',
    without: 'nobody gets out while nobody lends',
    edits: [{ safeguard: 'the share of its own', replace: 'return false;' }],
    tests: [{ file: leased, names: ['exits spend a share of their own'] }],
  },
  {
    name: "the part of a process that is gone is nobody else's within the window",
    without: 'exits of those that are left go over the limit by what a stopped process had spent',
    edits: [{ safeguard: "the part of a process that is gone is nobody else's within the window" }],
    tests: [
      {
        file: `${budget}/own-share.test.ts`,
        names: ['does not grow by the part of a process that is gone'],
      },
    ],
  },
  {
    name: 'the shares of their own are taken out from the start',
    without: 'what exits spend unlent comes on top of a spent limit',
    edits: [
      {
        safeguard: 'the shares of their own are taken out from the start',
        replace: 'const ceilings = laneCeilings(limit);',
      },
    ],
    tests: [{ file: ledger, names: ['less what processes keep for their exits'] }],
  },
  {
    name: 'a source that never answers is not waited for',
    without: 'a bot hangs where it starts, with the source of its requests',
    edits: [
      {
        safeguard: 'a source that never answers is not waited for',
        replace:
          "const answer = await asked().then((value) => ({ is: 'done' as const, value }), (error: unknown) => ({ is: 'failed' as const, error }));",
      },
    ],
    tests: [{ file: leased, names: ['while the source never answers'] }],
  },
  {
    name: 'closing waits for no source',
    without: 'a bot hangs where it ends',
    edits: [
      {
        safeguard: 'closing waits for no source',
        replace:
          "const closed = await this.#source.close().then(() => ({ is: 'done' as const }), (error: unknown) => ({ is: 'failed' as const, error }));",
      },
    ],
    tests: [{ file: leased, names: ['hangs only then'] }],
  },
  {
    name: 'no more is taken of a lease than was wanted',
    without: 'a source that lends a thousand million is believed',
    edits: [{ safeguard: 'no more is taken of a lease than was wanted', replace: 'return value;' }],
    tests: [{ file: leased, names: ['never more than was wanted'] }],
  },
  {
    name: 'no lease is for ever',
    without: 'an endless lease is spent from when its account is long lost',
    edits: [{ safeguard: 'no lease is for ever', replace: 'validMs,' }],
    tests: [{ file: leased, names: ['ten seconds at the most'] }],
  },
  {
    name: 'what a silent process was lent counts as spent',
    without: 'what a killed process had spent is lent once more',
    edits: [{ safeguard: 'what a silent process was lent counts as spent' }],
    tests: [
      { file: ledger, names: ['fell silent was lent as spent', 'goes from keeper to keeper'] },
    ],
  },
  {
    name: 'whoever takes over without knowing the account first listens to those who do',
    without: 'a new keeper lends a whole window over what was spent before it came',
    edits: [
      {
        safeguard: 'whoever takes over without knowing the account first listens to those who do',
        replace:
          'const general = Math.floor(Math.max(0, Math.min(wanted.general, this.#room(now, true))));',
      },
    ],
    tests: [{ file: ledger, names: ['knows nothing of it before others could tell'] }],
  },
  {
    name: 'what is lent is written down before its holder has it',
    without: 'whoever takes over from a dead keeper does not know what it had lent',
    edits: [{ safeguard: 'what is lent is written down before its holder has it' }],
    tests: [{ file: keeper, names: ['before it is lent'] }],
  },
  {
    name: 'whoever takes over goes on with what was written until it had the lead',
    without:
      'a new keeper lends once more what the one before had lent and nobody was there to hear of',
    edits: [
      {
        safeguard: 'whoever takes over goes on with what was written until it had the lead',
        replace: 'const before = undefined;',
      },
    ],
    tests: [
      {
        file: machine,
        names: [
          'lent until it was passed over',
          'is followed by one that has never spoken with it',
          'died, and what it lent last',
        ],
      },
    ],
  },
  {
    name: 'a keeper that was left lends nothing when it wakes',
    without: 'two processes lend the same requests',
    edits: [
      { safeguard: 'a keeper that was left lends nothing when it wakes', replace: 'return lease;' },
    ],
    tests: [
      { file: keeper, names: ['once it was passed over', 'looks then whether it was passed over'] },
    ],
  },
  {
    name: 'a keeper that does not answer is left',
    without: 'a stopped keeper holds everybody up',
    edits: [
      {
        safeguard: 'a keeper that does not answer is left',
        replace: "const answer = { is: 'done' as const, value: await leased };",
      },
    ],
    tests: [{ file: machine, names: ['is left by who follows it'] }],
  },
  {
    name: "a line of the budget's socket has an end",
    without: 'one line fills the memory of the keeper',
    edits: [{ safeguard: "a line of the budget's socket has an end" }],
    tests: [{ file: keeper, names: ['a line without end'] }],
  },
  {
    name: 'of several who take over only one does',
    without:
      'the last of several who take over at once has the lead, and the others think they have it',
    edits: [
      {
        safeguard: 'of several who take over only one does',
        replace: 'rmSync(path, { force: true }); return linked(unfinished, path);',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/machine/leader-files.test.ts',
        names: ['one of several who take over at once'],
      },
    ],
  },
  {
    name: 'a start goes on though reads have no room, or nobody lends',
    without: 'a bot cannot start, and so cannot get out',
    edits: [{ safeguard: 'a start goes on though reads have no room, or nobody lends' }],
    tests: [
      { file: 'packages/core/src/router/read-sender.test.ts', names: ['while the broker starts'] },
    ],
  },
  {
    name: 'a look that can not be had keeps nobody from getting out of what is known',
    without: 'a flatten that finds no room to look cancels and closes nothing',
    edits: [
      { safeguard: "a look that can't be had keeps nobody from getting out of what is known" },
    ],
    tests: [
      { file: 'packages/core/src/halt/halting.test.ts', names: ['H02: gets out of what is known'] },
    ],
  },
];
