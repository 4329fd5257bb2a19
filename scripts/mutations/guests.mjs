// What stands beside the order path: loggers, options, plugins and listeners of the author's.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a logger that throws',
    without: 'a logger that throws ends the call or the timer that logs',
    edits: [{ safeguard: 'a logger that throws', replace: 'given[level](fields, message);' }],
    tests: [{ file: 'packages/core/src/guarded-log.test.ts', names: ['loses its methods'] }],
  },
  {
    name: 'a logger that rejects',
    without: 'a promise that a logger gives and that rejects ends the process',
    edits: [{ safeguard: 'a logger that rejects' }],
    tests: [{ file: 'packages/core/src/guarded-log.test.ts', names: ['gives odd things back'] }],
  },
  {
    name: 'the console logger does not throw',
    without: 'a line that can not be written throws where it is logged',
    edits: [
      {
        safeguard: 'the console logger does not throw',
        replace: 'writeLine(process.stderr, lineOf(own, fields, message), failed);',
      },
    ],
    tests: [
      { file: 'packages/core/src/guarded-log.test.ts', names: ['tells what it could not write'] },
    ],
  },
  {
    name: 'a log whose reader has gone',
    without: 'the first line behind a reader that has gone ends the process',
    edits: [{ safeguard: 'a log whose reader has gone' }],
    tests: [{ file: 'packages/core/src/write-line.test.ts', names: ['ends no process'] }],
  },
  {
    name: 'a gateway log that throws',
    without: "a simulator ends by its author's log",
    edits: [{ safeguard: 'a gateway log that throws', replace: 'void log(entry);' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/gateway-options.test.ts',
        names: ['rejects ends no gateway'],
      },
    ],
  },
  {
    name: 'unknown names are refused',
    without: 'an option under a misspelt name is dropped without a word',
    edits: [{ safeguard: 'unknown names are refused' }],
    tests: [
      {
        file: 'packages/core/src/broker/broker-options.test.ts',
        names: ['riskLimits.*refused by name'],
      },
    ],
  },
  {
    name: 'hours without a span',
    without: 'hours that begin and end at one time are taken, and refuse every entry',
    edits: [{ safeguard: 'hours without a span' }],
    tests: [
      { file: 'packages/core/src/broker/broker-options.test.ts', names: ['hours from 17:00'] },
    ],
  },
  {
    name: 'limits under a name that counts nothing are refused',
    without: "a limit under a month's name is taken, and holds for nothing",
    edits: [{ safeguard: 'limits under a name that counts nothing are refused' }],
    tests: [
      {
        file: 'packages/core/src/broker/broker-options.test.ts',
        names: ['no order is counted under'],
      },
    ],
  },
  {
    name: 'a state that throws',
    without: 'an executor whose state can not be read keeps every order from leaving',
    edits: [{ safeguard: 'a state that throws', replace: 'return this.#inner.state;' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['whose state throws is not used'],
      },
    ],
  },
  {
    name: 'a reset that throws',
    without: 'an executor that can not be reset ends the process when the clock steps',
    edits: [{ safeguard: 'a reset that throws', replace: 'this.#inner.reset?.(because);' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['stands a reset that throws'],
      },
    ],
  },
  {
    name: 'what an executor gives need be no promise',
    without: 'an executor that gives no promise leaves an order without an end',
    edits: [{ safeguard: 'what an executor gives need be no promise' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['without a promise is taken at its word'],
      },
    ],
  },
  {
    name: "a delivery that can't be read proves nothing",
    without: 'a delivery that contradicts itself is taken over, though it may have left',
    edits: [{ safeguard: "a delivery that can't be read proves nothing" }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-executors.test.ts',
        names: ['nothing was written makes an order unknown'],
      },
    ],
  },
  {
    name: 'a read that an executor never ends',
    without: 'a read waits for ever for an executor',
    edits: [
      {
        safeguard: 'a read that an executor never ends',
        replace: 'const timer = { cancel: () => undefined };',
      },
    ],
    tests: [{ file: 'packages/core/src/guests/odd-executors.test.ts', names: ['never ends one'] }],
  },
  {
    name: 'what an executor never ends is told at a close',
    without: 'a close waits for ever for an executor',
    edits: [{ safeguard: 'what an executor never ends is told at a close' }],
    tests: [
      { file: 'packages/core/src/guests/odd-executors.test.ts', names: ['never ends a delivery'] },
    ],
  },
  {
    name: 'nobody waits for ever for a hook',
    without: 'a hook that hangs holds up who waits for it',
    edits: [
      {
        safeguard: 'nobody waits for ever for a hook',
        replace: 'const timer = { cancel: () => undefined };',
      },
    ],
    tests: [
      { file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['whose reads never end'] },
    ],
  },
  {
    name: 'a verdict that there is not proves nothing',
    without: 'an order is called accepted by an id that is none',
    edits: [
      { safeguard: 'a verdict that there is not proves nothing', replace: 'return verdict;' },
    ],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['order id that is no text'],
      },
    ],
  },
  {
    name: "evidence that can't be read",
    without: 'evidence that can not be read throws where the adapter brings it',
    edits: [{ safeguard: "evidence that can't be read", replace: 'context.evidence(item);' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['goes on being listened to'],
      },
    ],
  },
  {
    name: 'an adapter that throws for a contract',
    without: 'a contract without a tick is priced by',
    edits: [
      {
        safeguard: 'an adapter that throws for a contract',
        replace: 'return this.#inner.contract(symbol);',
      },
    ],
    tests: [
      { file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['one without a tick'] },
    ],
  },
  {
    name: "a finding that can't be read shows nothing",
    without: 'nonsense that was found is taken for an order',
    edits: [
      { safeguard: "a finding that can't be read shows nothing", replace: 'return finding;' },
    ],
    tests: [{ file: 'packages/core/src/guests/odd-adapters.test.ts', names: ['finds nonsense'] }],
  },
  {
    name: 'a read that gives nonsense',
    without: 'a bot is given nonsense for its positions',
    edits: [{ safeguard: 'a read that gives nonsense', replace: 'return undefined;' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['whose reads give nonsense'],
      },
    ],
  },
  {
    name: "market data that can't be read",
    without: 'market data that can not be read throws where the adapter brings it',
    edits: [{ safeguard: "market data that can't be read", replace: 'listener(item);' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['market data that can not be read'],
      },
    ],
  },
  {
    name: "a market that can't be left",
    without: 'a market that can not be left keeps the broker from closing',
    edits: [{ safeguard: "a market that can't be left", replace: '(stop as () => void)();' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['harms neither orders nor the end'],
      },
    ],
  },
  {
    name: "a market that can't be watched has no price",
    without: 'a place throws where a market can not be watched',
    edits: [
      {
        safeguard: "a market that can't be watched has no price",
        replace:
          "price.stop = this.#parts.adapter.watchMarket?.(contract, ['quotes'], take) ?? price.stop;",
      },
    ],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['harms neither orders nor the end'],
      },
    ],
  },
  {
    name: 'a market listener that rejects',
    without: 'a market listener that rejects ends the process',
    edits: [{ safeguard: 'a market listener that rejects' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['or a listener that fails'],
      },
    ],
  },
  {
    name: 'a listener that rejects',
    without: 'a listener that rejects ends the process',
    edits: [{ safeguard: 'a listener that rejects' }],
    tests: [
      { file: 'packages/core/src/events/event-hub.test.ts', names: ['rejects in its own way'] },
    ],
  },
  {
    name: 'a journal that only promises is not believed',
    without: 'an order leaves though its line is only promised',
    edits: [{ safeguard: 'a journal that only promises is not believed' }],
    tests: [
      {
        file: 'packages/core/src/guests/guarded-journal.test.ts',
        names: ['only promises to write'],
      },
    ],
  },
  {
    name: 'a clock that throws',
    without: 'a clock that throws ends whatever looks at it',
    edits: [{ safeguard: 'a clock that throws', replace: 'return this.#inner.now();' }],
    tests: [
      { file: 'packages/core/src/guests/guarded-clock.test.ts', names: ['keeps the last time'] },
    ],
  },
  {
    name: 'chance that throws',
    without: 'chance that throws ends whatever draws',
    edits: [{ safeguard: 'chance that throws', replace: 'return given();' }],
    tests: [{ file: 'packages/core/src/guests/guarded-clock.test.ts', names: ['in its place'] }],
  },
  {
    name: 'a source of tables without a pause',
    without: 'a source that always has another table lets nothing else run',
    edits: [
      {
        safeguard: 'a source of tables without a pause',
        replace: 'if (inTurn >= 100_000) await new Promise((resolve) => setImmediate(resolve));',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/routing/iterable-source.test.ts',
        names: ['lets everything else run'],
      },
    ],
  },
  {
    name: 'a source of tables that fails is said',
    without: 'a source that fails is followed in silence',
    edits: [
      {
        safeguard: 'a source of tables that fails is said',
        replace: 'run().catch(() => undefined);',
      },
    ],
    tests: [
      { file: 'packages/core/src/routing/iterable-source.test.ts', names: ['fails later is said'] },
    ],
  },
  {
    name: "a source of tables that can't be left",
    without: 'a source that can not be left keeps the broker from closing',
    edits: [
      { safeguard: "a source of tables that can't be left", replace: 'void tables.return?.();' },
    ],
    tests: [
      { file: 'packages/core/src/routing/iterable-source.test.ts', names: ['fails later is said'] },
    ],
  },
  {
    name: 'an order is read once',
    without: 'a getter that throws makes a place throw',
    edits: [{ safeguard: 'an order is read once', replace: 'order = plainOrder(given, type);' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['can not be read which field it is'],
      },
    ],
  },
  {
    name: 'a request is read once',
    without: 'a getter that throws makes a cancel throw',
    edits: [
      { safeguard: 'a request is read once', replace: 'request = plainRequest(given, known);' },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['can not be read which field it is'],
      },
    ],
  },
  {
    name: 'a way out is taken by what can be read of it',
    without: 'a getter of no consequence keeps a position open',
    edits: [{ safeguard: 'a way out is taken by what can be read of it' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['gets out by what can be read'],
      },
    ],
  },
  {
    name: 'what only looks like a signal is refused',
    without: 'something that is no signal is asked whether it was aborted',
    edits: [{ safeguard: 'what only looks like a signal is refused' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['only looks like a signal'],
      },
    ],
  },
  {
    name: 'a place never throws',
    without: 'a fault of ours makes a place throw',
    edits: [{ safeguard: 'a place never throws', replace: 'return this.#begin(request, how);' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['in a place is told, and never thrown'],
      },
    ],
  },
  {
    name: 'a mutation never throws',
    without: 'a fault of ours makes a close reject',
    edits: [{ safeguard: 'a mutation never throws', replace: 'return go(request);' }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['behind the write of a close'],
      },
    ],
  },
  {
    name: "a call that can't be settled is unknown",
    without: 'a fault of ours leaves a place without an outcome',
    edits: [{ safeguard: "a call that can't be settled is unknown" }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['behind the write of a place'],
      },
    ],
  },
  {
    name: 'a way out is taken whatever its arguments are',
    without: 'a misspelt option keeps orders from being cancelled',
    edits: [
      { safeguard: 'a way out is taken whatever its arguments are', replace: 'options = read();' },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['takes a way out all the same'],
      },
    ],
  },
  {
    name: 'a generateId that throws',
    without: "an author's ids that throw make a place throw",
    edits: [{ safeguard: 'a generateId that throws', replace: 'id = given();' }],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['generateId that throws'] },
    ],
  },
  {
    name: 'a generateId that gives no id',
    without: 'a number is sent for an id',
    edits: [{ safeguard: 'a generateId that gives no id' }],
    tests: [
      {
        file: 'packages/core/src/broker/mint-ids.test.ts',
        names: ['generateId that gives a number'],
      },
    ],
  },
  {
    name: 'a generateId that repeats itself',
    without: "a second order takes the first one's place under the same id",
    edits: [{ safeguard: 'a generateId that repeats itself' }],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['repeats itself is none'] },
    ],
  },
  {
    name: 'a generateId that begins anew at every start',
    without: 'an order takes the place of one of days ago, under its id',
    edits: [
      { safeguard: 'a generateId that begins anew at every start', replace: 'return false;' },
    ],
    tests: [
      {
        file: 'packages/core/src/recovery/recovery.test.ts',
        names: ['begins anew at every start'],
      },
    ],
  },
  {
    name: 'a promise that nobody waits for is heeded',
    without: 'the failure of a promise that nobody waits for ends the process',
    edits: [{ safeguard: 'a promise that nobody waits for is heeded' }],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['no rejection goes astray'] },
      { file: 'packages/core/src/guests/guarded-clock.test.ts', names: ['that is promised'] },
    ],
  },
  {
    name: 'ids that are longer than the venue takes',
    without: 'ids go out that the venue does not take',
    edits: [
      {
        safeguard: 'ids that are longer than the venue takes',
        replace: 'return maxClientOrderIdLength;',
      },
    ],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['fits what the venue takes'] },
    ],
  },
  {
    name: 'ids that the venue does not take',
    without: 'ids go out that the venue does not take',
    edits: [{ safeguard: 'ids that the venue does not take' }],
    tests: [
      {
        file: 'packages/core/src/broker/mint-ids.test.ts',
        names: ['held to what the venue takes'],
      },
    ],
  },
  {
    name: 'a path is no package',
    without: 'a config file runs whatever stands at a path',
    edits: [{ safeguard: 'a path is no package' }],
    tests: [
      {
        file: 'packages/core/src/config/configured-broker.test.ts',
        names: ['named by \\.\\./third'],
      },
    ],
  },
  {
    name: "a broker's methods can be handed on",
    without: 'a signal that was to halt the bot throws instead',
    edits: [{ safeguard: "a broker's methods can be handed on" }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['method that is handed on by itself'],
      },
    ],
  },
  {
    name: "a subscription's methods can be handed on",
    without: 'a signal that was to close a subscription throws instead',
    edits: [{ safeguard: "a subscription's methods can be handed on" }],
    tests: [
      {
        file: 'packages/core/src/broker/hostile-calls.test.ts',
        names: ['subscription is closed by its method alone'],
      },
    ],
  },
  {
    name: 'a symbol that is no text is refused by name',
    without: 'a symbol that is null ends in a bare TypeError of ccxt',
    edits: [{ safeguard: 'a symbol that is no text is refused by name' }],
    tests: [
      {
        file: 'packages/system-tests/test/host-ccxt-refusals.test.ts',
        names: ['a symbol that is none'],
      },
    ],
  },
  {
    name: 'parameters that are none are refused by name',
    without: 'parameters that are null end in a bare TypeError',
    edits: [{ safeguard: 'parameters that are none are refused by name' }],
    tests: [
      {
        file: 'packages/system-tests/test/host-ccxt-refusals.test.ts',
        names: ['parameters that are none'],
      },
    ],
  },
];
