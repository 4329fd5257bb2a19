import type { HostSettings } from './backtest-kit-host-options.ts';
import type { HostEvent } from './host-event.ts';
import { SignalMemory } from './signal-memory.ts';
import { signalOrderId } from './signal-order-id.ts';
import type { SignalRecord } from './signal-record.ts';
import type { StrategyContext } from './strategy-context.ts';

/** How many entries and parts of a signal the engine has in its own books. */
export interface EngineCounts {
  entries: number;
  parts: number;
}

/** What the hooks share. */
export class HostParts {
  readonly settings: HostSettings;
  readonly memory: SignalMemory;
  /** As the engine's last check told, and the changes allowed since. */
  readonly counts: Map<string, EngineCounts> = new Map();
  /** Closes that are under way, by contract: nothing is opened into them. */
  readonly closing: Map<string, Promise<unknown>> = new Map();
  /** Signals whose position is being changed, by client order id: its legs are in somebody's hands. */
  readonly changing: Set<string> = new Set();
  #ready: Promise<void> | undefined;
  readonly #toldDifference = new Map<string, string>();

  constructor(settings: HostSettings) {
    this.settings = settings;
    this.memory = new SignalMemory(settings.file);
  }

  /** Awaited before the first hook. */
  ready(): Promise<void> {
    this.#ready ??= (async () => {
      this.memory.open(this.settings.clock.now());
      await this.settings.broker.whenRecovered();
    })();
    return this.#ready;
  }

  dispose(): void {
    this.memory.close();
  }

  recordOf(signalId: string, context: StrategyContext): SignalRecord | undefined {
    return this.memory.get(signalOrderId(signalId, context));
  }

  /** Signals that hold, or may hold, something in a contract. A resting entry holds what has filled of it, though the engine hears of that a tick later. Rejects when one can't be read. */
  async holders(contractId: string): Promise<SignalRecord[]> {
    for (const record of this.resting(contractId))
      record.held =
        (await this.settings.broker.getOrder({ clientOrderId: record.clientOrderId }))
          ?.filledQuantity ?? record.held;
    return this.memory
      .all()
      .filter(
        ({ contractId: of, state, held }) =>
          of === contractId &&
          (state === 'open' ||
            state === 'left' ||
            state === 'sent' ||
            (state === 'resting' && held > 0)),
      );
  }

  /** Signals whose entry works in a contract, and may fill at any moment. */
  resting(contractId: string): SignalRecord[] {
    return this.memory
      .all()
      .filter(({ contractId: of, state }) => of === contractId && state === 'resting');
  }

  tell(
    name: HostEvent['name'],
    {
      signalId,
      clientOrderId,
      context,
    }: Pick<SignalRecord, 'signalId' | 'clientOrderId' | 'context'>,
    message: string,
  ): void {
    try {
      this.settings.onEvent({ name, signalId, clientOrderId, context, message });
    } catch (error) {
      process.emitWarning(
        `A listener of host events threw: ${error instanceof Error ? error.message : String(error)}`,
        { type: 'HotpathWarning' },
      );
    }
  }

  /** The same difference is told once, not every minute. */
  tellDifference(record: SignalRecord, message: string): void {
    if (this.#toldDifference.get(record.clientOrderId) === message) return;
    this.#toldDifference.set(record.clientOrderId, message);
    this.tell('position-differs', record, message);
  }
}
