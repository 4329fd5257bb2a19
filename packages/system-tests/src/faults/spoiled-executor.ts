import type {
  DeliverOptions,
  Delivery,
  Executor,
  ExecutorContext,
  ExecutorPlugin,
  PreparedRequest,
} from '@hotpath/core';

/** What an executor of the campaign does beside delivering. */
export interface Spoiling {
  /** Chance that it says, before a byte is written, that it has no connection: another has to take over. */
  readonly refusal: number;
  readonly chance: () => number;
  readonly onRefusal: () => void;
  /** Gives every place a tag of its own: the mistake that the campaign must be able to see. */
  readonly changesTag: boolean;
}

/** The executor inside does the delivering; what is added happens ahead of it. */
export function spoiledExecutor(inner: ExecutorPlugin, spoiling: Spoiling): ExecutorPlugin {
  return {
    ...inner,
    setup: async (context) => wrap(await inner.setup(context), context, spoiling),
  };
}

function wrap(
  inner: Executor,
  { clock }: ExecutorContext,
  { refusal, chance, onRefusal, changesTag }: Spoiling,
): Executor {
  let places = 0;
  const deliver = (request: PreparedRequest, options: DeliverOptions): Promise<Delivery> => {
    const { operation } = request.template;
    if (operation !== 'read' && chance() < refusal) {
      onRefusal();
      const now = clock.monotonic();
      const marks = { queued: now, written: undefined, firstByte: undefined, end: now };
      return Promise.resolve({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'NO_CONNECTION', message: 'The campaign keeps this request back.' },
        marks,
      });
    }
    if (!changesTag || operation !== 'place') return inner.deliver(request, options);
    places += 1;
    return inner.deliver(
      {
        ...request,
        body: request.body.replace(/("customTag":"[^"]*)"/, `$1-${process.pid}-${places}"`),
      },
      options,
    );
  };
  return {
    connect: () => inner.connect(),
    deliver,
    reset: (because) => inner.reset?.(because),
    get state() {
      return inner.state;
    },
    close: () => inner.close(),
  };
}
