import type { Contract } from '../contract.ts';
import type { Closed, CloseOutcome } from '../outcome.ts';
import type { Told } from '../outcomes/told.ts';
import type { BrokerParts } from './broker-parts.ts';

/** An exit that is told as unknown when the time in which a bot is told something is over; who settles it goes on. `soFar`: what is told of it as of now. */
export function toldInTime<Key extends string>(
  parts: BrokerParts<Key>,
  exit: Promise<CloseOutcome<Key>>,
  contract: Contract,
  soFar: () => Told<Key>,
): Promise<CloseOutcome<Key>> {
  const { awaited, unknowns, clock, closeGuard } = parts;
  return new Promise((resolve, reject) => {
    let held: ReturnType<typeof unknowns.hold<Closed<Key>>> | undefined;
    const waiting = {
      countsFrom: clock.monotonic(),
      sentAt: undefined,
      concerns: () => false,
      seen: () => undefined,
      overdue() {
        if (held) return;
        const base = soFar();
        if (base.operation === 'close') closeGuard.hold(contract.id);
        held = unknowns.hold<Closed<Key>>(base, {
          code: 'NO_ANSWER',
          message: 'No answer has come so far that says what became of it.',
        });
        resolve(held.outcome);
      },
    };
    awaited.add(waiting);
    exit.then((outcome) => {
      awaited.delete(waiting);
      if (!held) return resolve(outcome);
      const { end } = held;
      // Who looks for it as for any other unknown tells of the end.
      if (outcome.kind === 'unknown' && !outcome.final)
        void outcome.resolved.then((ended) => end(ended, { announced: true }));
      else end(outcome);
    }, reject);
  });
}
