import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery.ts';
import type { DeliverOptions, Executor } from '../executor.ts';
import type { PreparedRequest } from '../request.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import { deliveryProblem } from './delivery-problem.ts';

/** Milliseconds that an executor has, beyond the time of an answer, to say that there is none. */
const graceMs = 1_000;

/** Delivers a read or a probe: ends in time whatever the executor does, and rejects with what it did wrong where it gave no delivery. A read may be sent again, so that nothing hangs on what it wrote. */
export function deliverRead(
  executor: Executor,
  request: PreparedRequest,
  options: DeliverOptions,
  clock: Clock,
): Promise<Delivery> {
  const queued = clock.monotonic();
  return new Promise((resolve, reject) => {
    // safeguard: a read that an executor never ends
    const timer = setPatientTimer(clock, Math.max(0, options.answerTimeoutMs) + graceMs, () =>
      resolve({
        stage: 'writing',
        bytes: 'maybe',
        failure: { code: 'TIMEOUT', message: 'The executor did not end the delivery.' },
        marks: { queued, written: undefined, firstByte: undefined, end: clock.monotonic() },
      }),
    );
    // end of safeguard
    const deliver = async (): Promise<Delivery> => executor.deliver(request, options);
    deliver().then(
      (delivery) => {
        timer.cancel();
        const problem = deliveryProblem(delivery);
        if (problem === undefined) resolve(delivery);
        else reject(new TypeError(problem));
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}
