// Safeguards, each with the edit that takes it out and the tests that must notice. `find` stands exactly once in its file.

const core = 'packages/core/src';
const rows = 'packages/system-tests/test/rows';
const sending = `${rows}/place-sending.test.ts`;
const answers = `${rows}/place-answers.test.ts`;
const settling = `${rows}/place-settling.test.ts`;
const changes = `${rows}/change-rows.test.ts`;
const exits = `${rows}/exit-rows.test.ts`;
const journal = `${rows}/journal-rows.test.ts`;
const streams = `${rows}/stream-regressions.test.ts`;
const protection = `${rows}/protection-regressions.test.ts`;
const topstepx = 'packages/adapter-topstepx/src';
const attempts = `${core}/router/attempt-sequence.ts`;

/** @typedef {{ readonly file: string, readonly find: string, readonly replace: string }} Edit */
/** @typedef {{ readonly file: string, readonly names: readonly string[] }} Watch */
/** @typedef {{ readonly name: string, readonly without: string, readonly edits: readonly Edit[], readonly tests: readonly Watch[] }} Mutation */

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    name: 'tag on fallback',
    without: 'every attempt after the first gets an id of its own',
    edits: [
      {
        file: attempts,
        find: 'encoded = adapter.encode(this.#task.intent);',
        replace: "encoded = adapter.encode(this.#deliveries > 0 && this.#task.intent.operation === 'place' ? { ...this.#task.intent, clientOrderId: `${this.#task.intent.clientOrderId}-again` } : this.#task.intent);",
      },
    ],
    tests: [{ file: `${core}/invariants/invariant-01.one-intent-one-tag.test.ts`, names: ['carries the same id'] }],
  },
  {
    name: 'lookup',
    without: 'nobody asks the venue what became of an order',
    edits: [
      { file: `${core}/broker/look-up.ts`, find: 'return await adapter.find(sought, options);', replace: "return await Promise.resolve({ is: 'not-found' });" },
      { file: `${core}/outcomes/sweep.ts`, find: "this.#orders ??= this.#adapter.reads.orders({ from: this.#since - clockMarginMs }, 'resolve');", replace: 'this.#orders ??= Promise.resolve([]);' },
    ],
    tests: [{ file: sending, names: ['P06', 'P09'] }],
  },
  {
    name: 'journal write before send',
    without: 'an order leaves without its line',
    edits: [{ file: attempts, find: 'const refused = this.#spend() ?? this.#record(entry);', replace: 'const refused = this.#spend();' }],
    tests: [
      { file: settling, names: ['P24'] },
      { file: journal, names: ['J01'] },
    ],
  },
  {
    name: 'deadline check in the tick of the write',
    without: 'an attempt leaves however late it is',
    edits: [{ file: attempts, find: 'if (isPast(this.#task.deadline, this.#parts.clock)) return', replace: 'if (false) return' }],
    tests: [
      { file: `${core}/invariants/invariant-06.orders-go-stale.test.ts`, names: ['P03'] },
    ],
  },
  {
    name: 'adoption',
    without: 'an order that was there before the call is never our own',
    edits: [
      { file: `${core}/broker/settle-place.ts`, find: 'return order.createdAt >= calledAt - youngMs && matchesOrder(record, order);', replace: 'return false;' },
    ],
    tests: [{ file: answers, names: ['P17'] }],
  },
  {
    name: 'an order of an earlier attempt is ours',
    without: 'what came of a place that was called absent is a stranger to the next call under its id',
    edits: [
      { file: `${core}/broker/settle-place.ts`, find: 'while (first.absent) first = first.absent;', replace: 'if (!first) first = record;' },
      { file: `${core}/broker/settle-place.ts`, find: 'record.absent ? Math.max(adoptWithinMs, clocksFarApartMs) : adoptWithinMs', replace: 'adoptWithinMs' },
    ],
    tests: [{ file: answers, names: ['P16.*after an attempt that was called absent'] }],
  },
  {
    name: 'reset, fast executor',
    without: 'a connection without an answer is ended, and its kernel goes on delivering',
    edits: [{ file: 'packages/executor-fast/src/reset-socket.ts', find: 'else raw.resetAndDestroy();', replace: 'else raw.destroy();' }],
    tests: [{ file: sending, names: ['over fast first.*P07 no answer after the request was written is unknown$'] }],
  },
  {
    name: 'reset, fallback executor',
    without: 'the same over fetch',
    edits: [{ file: 'packages/executor-fallback/src/reset-socket.ts', find: 'else raw.resetAndDestroy();', replace: 'else raw.destroy();' }],
    tests: [{ file: sending, names: ['over fallback first.*P07 no answer after the request was written is unknown$'] }],
  },
  {
    name: 'reset after a sleep',
    without: 'what a kernel held while the machine slept is delivered when it wakes',
    edits: [{ file: `${core}/create-broker.ts`, find: 'roster.resetConnections(`the wall clock stepped by ${Math.round(byMs)} ms`);', replace: '' }],
    tests: [{ file: `${core}/state/venue-state.test.ts`, names: ['is what a sleeping machine had'] }],
  },
  {
    name: 'attempt-versus-intent rule',
    without: 'a refused attempt ends an intent of which another may still come',
    edits: [{ file: `${core}/broker/of-the-intent.ts`, find: "if (outcome.kind !== 'not-sent' && outcome.kind !== 'rejected') return outcome;", replace: 'if (outcome) return outcome;' }],
    tests: [{ file: settling, names: ['P25.*ends itself'] }],
  },
  {
    name: 'latch check',
    without: 'what is on its way at a halt goes on',
    edits: [{ file: attempts, find: 'if (this.#parts.latch.isSet && !this.#task.goesUnjournaled) return', replace: 'if (false) return' }],
    tests: [{ file: exits, names: ['H01'] }],
  },
  {
    name: 'withdrawal check',
    without: 'an order that was cancelled before it left still leaves',
    edits: [{ file: attempts, find: 'if (this.#task.withdrawal?.withdrawn === true) return', replace: 'if (false) return' }],
    tests: [{ file: changes, names: ['C04.*no further attempt starts'] }],
  },
  {
    name: 'one repeat after a 401',
    without: 'a token that is refused again is renewed again',
    edits: [{ file: attempts, find: 'if (this.#repeated || generation === undefined) return', replace: 'if (generation === undefined) return' }],
    tests: [{ file: answers, names: ['P14'] }],
  },
  {
    name: 'one id, one intent',
    without: 'a second call with an id is another order',
    edits: [{ file: `${core}/broker/place-orders.ts`, find: '    if (known) {\n', replace: '    if (false) {\n' }],
    tests: [{ file: settling, names: ['P22', 'P23'] }],
  },
  {
    name: 'ids of long ago are read from the journal',
    without: 'an accepted order whose id is called again is not sent while halted',
    edits: [{ file: `${core}/broker/place-orders.ts`, find: 'this.#parts.recall(given);', replace: 'undefined as Promise<void> | undefined;' }],
    tests: [{ file: `${core}/recovery/recovery.test.ts`, names: ['gets its own outcome before any other check', 'knows ids that are older than a day'] }],
  },
  {
    name: 'a row is ours by more than its id',
    without: "whatever bears the id of an author's is taken for the order",
    edits: [{ file: `${core}/broker/settle-place.ts`, find: 'if (!this.#isOwn(record, order)) return undefined;', replace: '' }],
    tests: [{ file: answers, names: ['P17'] }],
  },
  {
    name: 'bound order ids',
    without: 'an answer may name the order of another intent',
    edits: [{ file: `${core}/broker/settle-place.ts`, find: 'if (holder && holder !== record) {', replace: 'if (false) {' }],
    tests: [{ file: answers, names: ['P20 an answer that names the order of another intent is unknown$'] }],
  },
  {
    name: 'evidence of arrival',
    without: 'an order that the venue has said to have is called absent',
    edits: [{ file: `${core}/outcomes/place-search.ts`, find: 'if (this.#parts.record.arrived || !this.#absence.isOver(gapless)) return undefined;', replace: 'if (!this.#absence.isOver(gapless)) return undefined;' }],
    tests: [
      { file: sending, names: ['P09'] },
      { file: answers, names: ['P12'] },
    ],
  },
  {
    name: 'lookups that fail prove nothing',
    without: 'an outage of the lookups counts as looking',
    edits: [{ file: `${core}/outcomes/place-search.ts`, find: 'this.#absence.failed();', replace: 'this.#absence.notFound(sweep.begunAt);' }],
    tests: [{ file: settling, names: ['P25.*soon after an outage'] }],
  },
  {
    name: 'events settle a call',
    without: 'an event before the answer is not looked at',
    edits: [{ file: `${core}/outcomes/awaited-calls.ts`, find: 'for (const call of this.#calls) if (call.concerns(order)) call.seen(order);', replace: '' }],
    tests: [{ file: settling, names: ['P21'] }],
  },
  {
    name: 'watch over absent orders',
    without: 'an absent order that turns up is nobody\'s',
    edits: [{ file: `${core}/outcomes/absent-watch.ts`, find: 'if (book.find(told.clientOrderId)) watched.set(', replace: 'if (false) watched.set(' }],
    tests: [{ file: settling, names: ['P26'] }],
  },
  {
    name: 'modifies one after the other',
    without: 'two modifies of one order are under way at once',
    edits: [{ file: `${core}/broker/modify-queue.ts`, find: 'if (row) return', replace: 'if (false) return' }],
    tests: [{ file: changes, names: ['M06'] }],
  },
  {
    name: 'a close that is open is joined',
    without: 'every exit sends a close of its own',
    edits: [{ file: `${core}/broker/close-positions.ts`, find: 'if (open) return open;', replace: '' }],
    tests: [{ file: exits, names: ['K06'] }],
  },
  {
    name: 'no entry behind an open close',
    without: 'what enters is closed by a close that comes late',
    edits: [{ file: `${core}/broker/place-orders.ts`, find: 'if (heldForMs > 0) {', replace: 'if (false) {' }],
    tests: [{ file: exits, names: ['K02'] }],
  },
  {
    name: 'no entry behind the close of a killed process',
    without: 'what enters after a restart is closed by a close from before it',
    edits: [{ file: `${core}/create-broker.ts`, find: 'parts.closeGuard.hold(contractId, at + mayRunForMs - clock.now());', replace: 'void [contractId, at];' }],
    tests: [{ file: `${core}/recovery/recovery.test.ts`, names: ['lets nothing enter a contract whose close was on its way'] }],
  },
  {
    name: 'no exit by a read from before another one ended',
    without: 'a second reduce takes off what the first has taken off already',
    edits: [{ file: `${core}/broker/close-positions.ts`, find: '&& endings !== this.#endings', replace: '&& endings < 0' }],
    tests: [{ file: `${core}/broker/close-positions.test.ts`, names: ['does not act on a read from before another one ended'] }],
  },
  {
    name: 'legs go behind every close',
    without: 'a close whose end came late leaves a stop that opens a position of its own',
    edits: [{ file: `${core}/broker/close-positions.ts`, find: 'await this.#leave(contract, end);', replace: '' }],
    tests: [{ file: exits, names: ['K05.*of a close whose end was not known at first too'] }],
  },
  {
    name: 'changes of a killed process are taken up',
    without: 'a cancel that never left is forgotten, and its order works on',
    edits: [{ file: `${core}/broker/hotpath-broker.ts`, find: 'for (const change of frame.earlierChanges) this.#changing.resume(change);', replace: '' }],
    tests: [{ file: settling, names: ['P24.*of a cancel that never left', 'P24.*of a modify that arrived'] }],
  },
  {
    name: 'a reduce is never repeated',
    without: 'a reduce that nothing shows is sent again',
    edits: [{ file: `${core}/outcomes/close-search.ts`, find: 'if (this.#repeated || quantity !== undefined || !hasEnded', replace: 'if (this.#repeated || !hasEnded' }],
    tests: [{ file: exits, names: ['K04'] }],
  },
  {
    name: 'no close again behind a gap',
    without: 'a close is sent again though its own order may have been missed',
    edits: [{ file: `${core}/outcomes/close-search.ts`, find: '!isAsBefore || !this.#isGapless() ||', replace: '!isAsBefore ||' }],
    tests: [{ file: exits, names: ['K02.*never behind a gap'] }],
  },
  {
    name: 'torn last line',
    without: 'the next line is written behind half of one',
    edits: [{ file: `${core}/journal/file-journal.ts`, find: 'this.#cutTornLine(this.#descriptor);', replace: '' }],
    tests: [{ file: journal, names: ['J02'] }],
  },
  {
    name: 'lock of the account',
    without: 'two brokers trade one account',
    edits: [{ file: `${core}/journal/scope-lock.ts`, find: 'const server = await listenOn(path);', replace: 'const server = await listenOn(`${path}-${process.hrtime.bigint()}`);' }],
    tests: [{ file: journal, names: ['J04'] }],
  },
  {
    name: 'stream held against the list',
    without: 'a fill whose events were lost on a stream that goes on stays unknown',
    edits: [{ file: `${core}/state/stream-check.ts`, find: 'lost(good, `', replace: 'void (`' }],
    tests: [{ file: streams, names: ['Lean.TradeStation #101'] }],
  },
  {
    name: 'a hub is tried without end',
    without: 'a venue that is away for minutes is given up',
    edits: [{ file: `${topstepx}/hubs/hub-keeper.ts`, find: 'while (this.#isWanted) {', replace: 'while (this.#isWanted && failures < 6) {' }],
    tests: [{ file: streams, names: ['hunter547'] }],
  },
  {
    name: 'live only when read over',
    without: 'a stream that is back is called live though what it missed was not read',
    edits: [{ file: `${core}/state/venue-state.ts`, find: 'void resync(adapter, target, this.#gapSince).then(', replace: 'void resync(adapter, target, this.#gapSince).catch(() => undefined).then(' }],
    tests: [{ file: streams, names: ['MarqSpec'] }],
  },
  {
    name: 'quiet is no sign on the user hub',
    without: 'an idle account loses its stream again and again',
    edits: [{ file: `${topstepx}/hubs/hub-timings.ts`, find: 'quietMs: 0,', replace: 'quietMs: 30_000,' }],
    tests: [{ file: streams, names: ['project-x-py #129'] }],
  },
  {
    name: 'hub watchdog',
    without: 'a hub that says nothing and does not close is believed',
    edits: [{ file: `${topstepx}/hubs/hub-watch.ts`, find: 'const now = clock.monotonic();', replace: 'if (timings) return;\n    const now = clock.monotonic();' }],
    tests: [{ file: streams, names: ['#56109: a hub that says nothing'] }],
  },
  {
    name: 'one login for all who wait',
    without: 'each order and the hub log in by themselves',
    edits: [
      { file: `${topstepx}/session.ts`, find: 'this.#inFlight ??= get()', replace: 'this.#inFlight = get()' },
      { file: `${topstepx}/session.ts`, find: 'if (this.#inFlight) await this.#inFlight.catch(() => undefined);', replace: '' },
    ],
    tests: [{ file: streams, names: ['project-x-py #124'] }],
  },
  {
    name: 'alarm of a stop that is missing',
    without: 'an entry whose stop was refused is held without a word',
    edits: [{ file: `${core}/oco/unprotected-alarm.ts`, find: 'if (this.#isTold) return;', replace: 'if (waitMs !== undefined) return;' }],
    tests: [{ file: protection, names: ['PR#51: an entry whose stop the venue refuses'] }],
  },
  {
    name: 'legs follow the fills',
    without: 'a stop stays as large as the first part of its entry',
    edits: [{ file: `${core}/oco/leg-keeper.ts`, find: 'return this.#adjust(state, left, averagePrice);', replace: 'return;' }],
    tests: [{ file: protection, names: ['PR#51: an entry that fills in parts'] }],
  },
  {
    name: 'exits of one contract wait for each other',
    without: 'a close beside a reduce on its way takes off what the reduce takes off as well',
    edits: [{ file: `${core}/broker/close-positions.ts`, find: 'this.#reducing.set(only.contract.id, reducing);', replace: '' }],
    tests: [
      { file: 'packages/core/src/outcomes/close-search.test.ts', names: ['a close is sent when the bot has been told of the reduce', 'a second reduce waits for the first one'] },
      { file: exits, names: ['K06 .*behind a reduce it waits'] },
    ],
  },
];
