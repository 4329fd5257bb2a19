import type { EventEmitter } from 'node:events';
import { RunEnded } from './check.ts';

export interface Stopping {
  /** Aborted with a `RunEnded` by whatever would else end the process. */
  readonly signal: AbortSignal;
  /** Leaves the process as it was. */
  done(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const faults = ['uncaughtException', 'unhandledRejection'] as const;

/** What would end a process ends the run instead, which takes back its order: a signal, also a second one, and a fault of the program. */
export function stopping(
  emitter: Pick<EventEmitter, 'on' | 'off'>,
  say: (line: string) => void,
): Stopping {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) say(`${signal}: stopping, and cancelling what was placed`);
    controller.abort(new RunEnded(`stopped by ${signal}`));
  };
  const fault = (error: unknown): void =>
    controller.abort(
      new RunEnded(
        `a fault of this program: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
  for (const signal of signals) emitter.on(signal, stop);
  // safeguard: a fault of the conformance run leaves no order
  for (const event of faults) emitter.on(event, fault);
  return {
    signal: controller.signal,
    done() {
      for (const signal of signals) emitter.off(signal, stop);
      for (const event of faults) emitter.off(event, fault);
    },
  };
}
