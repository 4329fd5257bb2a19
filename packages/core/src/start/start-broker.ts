import type { AdapterContext } from '../adapter.ts';
import { assembleBroker } from '../broker/assemble-broker.ts';
import type { Broker } from '../broker/broker.ts';
import type { BrokerParts } from '../broker/broker-parts.ts';
import { journalScope } from '../journal/journal-scope.ts';
import { OcoBook } from '../oco/oco-book.ts';
import type { VenueState } from '../state/venue-state.ts';
import { callOnStarting } from './call-on-starting.ts';
import { NeededExecutors } from './needed-executors.ts';
import { reachVenue } from './reach-venue.ts';
import { refuseUnknownContracts } from './refuse-unkeepable.ts';
import type { Ground } from './set-up-ground.ts';
import { setUpGround } from './set-up-ground.ts';
import { setUpState } from './set-up-state.ts';
import type { Transport } from './set-up-transport.ts';
import { setUpTransport } from './set-up-transport.ts';
import type { StartInputs } from './start-inputs.ts';
import { StartJournal } from './start-journal.ts';

/** Starts a broker, stage by stage. What it has opened when it rejects stands in the undo list. */
export async function startBroker<Key extends string>(
  inputs: StartInputs<Key>,
  onParts?: (parts: BrokerParts<Key>) => void,
): Promise<Broker<Key>> {
  const { options, starting, clock, random, guardedLog } = inputs;
  starting.refuseWhenStopped();
  const ground = await setUpGround(inputs);
  const { adapter, routing, source, events, log } = ground;
  const startJournal = new StartJournal(inputs, ground);
  await startJournal.claim();
  callOnStarting(options, starting, log);
  const transport = await setUpTransport(inputs, ground);
  const { roster, budget, bars, loop, sender } = transport;
  const { book, state, protection } = setUpState(inputs, ground);
  await connect(inputs, ground, transport, state);

  const { history, latch } = await startJournal.open(journalScope(adapter));
  const oco =
    options.ownOco && new OcoBook(options.journal, clock, history.protectedEntries.list());
  protection.oco = oco;
  starting.refuseWhenStopped();
  return assembleBroker(
    {
      options,
      adapter,
      roster,
      routing,
      source,
      sender,
      loop,
      budget,
      bars,
      events,
      book,
      state,
      oco,
      latch,
      history,
      guardedLog,
      clock,
      random,
      log,
    },
    onParts,
  );
}

/** Reaches the venue, and learns which account it is. */
async function connect<Key extends string>(
  { options, starting, clock, random }: StartInputs<Key>,
  { adapter, routing, log, nameAccount }: Ground<Key>,
  { roster, budget, sender, reads }: Transport<Key>,
  state: VenueState<Key>,
): Promise<void> {
  const context: AdapterContext = {
    send: (request, sendOptions) => reads.send(request, sendOptions),
    throttled: (retryAfterMs) => budget?.budget.throttled(retryAfterMs),
    evidence: (item) => state.evidence(item),
    clock,
    random,
    log,
  };
  const executors = new NeededExecutors({
    endpoint: adapter.endpoint,
    roster,
    routing,
    clock,
    log,
    stop: starting.stop,
  });
  await reachVenue({
    adapter,
    context,
    executors,
    starting,
    withinMs: options.startWithinMs,
    clock,
    random,
    log,
  });
  reads.over();
  sender.started();
  roster.resetHealth();
  nameAccount(adapter.account.name);
  refuseUnknownContracts(options, adapter);
}
