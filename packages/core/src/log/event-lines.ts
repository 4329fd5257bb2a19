import type { EventHub } from '../events/event-hub.ts';
import type { Logger } from '../logger.ts';
import { isSilent } from '../logger.ts';

/** Writes one line for each thing that happens to a broker beside its outcomes: what trips, halts, rolls or is lost, and what comes back. */
export function logEvents<Key extends string>(log: Logger, events: EventHub<Key>): void {
  if (isSilent(log)) return;
  events.on('executor.tripped', ({ executor, operation, message }) =>
    log.warn({ executor, operation, text: message }, 'executor tripped'),
  );
  events.on('executor.recovered', ({ executor, operation, message }) =>
    log.info({ executor, operation, text: message }, 'executor recovered'),
  );
  events.on('halted', () => log.warn({}, 'halted'));
  events.on('resumed', () => log.warn({}, 'resumed'));
  events.on('rollout.changed', ({ executor, cause, fromPercent, toPercent, because, latch }) => {
    const isDown = toPercent < fromPercent && cause !== 'table';
    log[isDown ? 'warn' : 'info'](
      { executor, cause, fromPercent, toPercent, because, latch },
      'share changed',
    );
  });
  logStreams(log, events);
  events.on('session.failed', ({ message }) => log.error({ text: message }, 'session failed'));
  events.on('contract.rolled', ({ from, to }) =>
    log.info({ symbol: to.root, from: from.name, to: to.name }, 'contract rolled'),
  );
  events.on('budget.low', (report) => log.warn({ ...report }, 'budget low'));
  events.on('order.contradicted', ({ told, order }) => {
    const { operation, clientOrderId, kind } = told;
    log.error(
      {
        operation,
        clientOrderId,
        orderId: order.orderId,
        told: kind,
        code: told.kind === 'accepted' ? undefined : told.code,
        executor: told.executor,
        status: order.status,
        filledQuantity: order.filledQuantity,
      },
      'order contradicted',
    );
  });
  for (const name of [
    'position.unexpected',
    'position.reversed',
    'position.unprotected',
  ] as const) {
    events.on(name, ({ contractId, position, message }) =>
      log.error(
        { contractId, side: position?.side, quantity: position?.quantity, text: message },
        name.replace('.', ' '),
      ),
    );
  }
  events.on('broker.recovered', ({ settled, open, found }) =>
    log.info({ settled, open, found: found.map(({ orderId }) => orderId) }, 'recovered'),
  );
  events.on('journal.failed', ({ what, operation, clientOrderId, cause }) =>
    log.error({ what, operation, clientOrderId, cause }, 'journal failed'),
  );
}

/** A gap, its end, and how long it was. */
function logStreams<Key extends string>(log: Logger, events: EventHub<Key>): void {
  const gapSince = new Map<string, number>();
  events.on('stream.gap', ({ stream, at, because }) => {
    if (!gapSince.has(stream)) gapSince.set(stream, at);
    log.warn({ stream, since: new Date(at).toISOString(), because }, 'stream gap');
  });
  events.on('stream.synced', ({ stream, at }) => {
    const since = gapSince.get(stream);
    gapSince.delete(stream);
    log.info(
      { stream, gapMs: since === undefined ? undefined : Math.round(at - since) },
      'stream synced',
    );
  });
}
