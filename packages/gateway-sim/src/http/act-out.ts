import type { ServerResponse } from 'node:http';
import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import { emptyPayload } from '../faults/empty-payload.ts';
import type { RequestFault } from '../faults/fault.ts';
import { skewTimes } from '../faults/skew-times.ts';
import { isRecord, spoilBody } from '../faults/spoil-body.ts';
import type { Reply } from './reply.ts';
import { failure } from './reply.ts';
import { reset } from './reset-connection.ts';
import { send } from './send.ts';

/** A request that something goes wrong with. */
export interface StruckRequest {
  readonly endpoint: string;
  readonly body: string;
  readonly response: ServerResponse;
  readonly clock: GatewayClock;
  /** Carries the request out, with this body, at the time it is called. */
  carryOut(body: string): Reply;
}

/** Does to a request what its fault says. */
export function actOut(fault: RequestFault, request: StruckRequest): void {
  const { body, response, clock } = request;
  const carryOut = (): Reply => request.carryOut(body);
  const answer = (reply: Reply): void => send(response, reply, clock.now());
  switch (fault.kind) {
    case 'reset': {
      if (fault.at === 'mid-answer') return sendHalf(response, carryOut(), clock);
      if (fault.at === 'after-accepting') carryOut();
      return reset(response.req);
    }
    case 'stall': {
      const early = fault.at === 'after-accepting' ? carryOut() : undefined;
      if (fault.forMs !== undefined) after(clock, fault.forMs, () => answer(early ?? carryOut()));
      return;
    }
    case 'status': {
      if (fault.at === 'after-accepting') carryOut();
      const { status, retryAfter, body: page = '', contentType = 'text/html' } = fault;
      return answer({
        status,
        body: page,
        contentType,
        ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
      });
    }
    case 'answer': {
      const { errorCode, errorMessage = null } = fault;
      const reply = fault.at === 'after-accepting' ? carryOut() : undefined;
      // Whom it does not let in it accepts nothing from, and says so.
      if (reply && reply.status !== 200) return answer(reply);
      const accepted: unknown = reply && JSON.parse(reply.body ?? '{}');
      return answer(
        failure(
          errorCode,
          errorMessage,
          isRecord(accepted) ? accepted : emptyPayload(request.endpoint),
        ),
      );
    }
    case 'body': {
      const reply = carryOut();
      return answer({
        ...reply,
        ...(reply.body !== undefined && spoilBody(fault.form, reply.body)),
      });
    }
    case 'slow':
      return trickle(response, carryOut(), clock, fault.bytes ?? 8, fault.everyMs ?? 50);
    case 'delay': {
      const { byMs, answer: given = 'wait' } = fault;
      after(clock, byMs, () => {
        const reply = carryOut();
        if (given === 'wait') answer(reply);
      });
      if (given === 'reset') reset(response.req);
      else if (given !== 'wait') answer({ status: given });
      return;
    }
    case 'clock-skew': {
      const reply = request.carryOut(skewTimes(body, -fault.byMs));
      return send(
        response,
        { ...reply, ...(reply.body !== undefined && { body: skewTimes(reply.body, fault.byMs) }) },
        clock.now() + fault.byMs,
      );
    }
  }
}

/** The head promises the whole, half of it comes, then the connection is reset. */
function sendHalf(
  response: ServerResponse,
  { status, body = '' }: Reply,
  clock: GatewayClock,
): void {
  response.writeHead(status, {
    date: new Date(clock.now()).toUTCString(),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.write(Buffer.from(body).subarray(0, Math.ceil(body.length / 2)), () => {
    // A reset makes the receiver's system throw away what it has not handed on yet: the half is given time to arrive.
    setTimeout(() => reset(response.req), 10).unref();
  });
}

function trickle(
  response: ServerResponse,
  { status, body = '' }: Reply,
  clock: GatewayClock,
  bytes: number,
  everyMs: number,
): void {
  const whole = Buffer.from(body);
  response.writeHead(status, {
    date: new Date(clock.now()).toUTCString(),
    'content-type': 'application/json; charset=utf-8',
    'content-length': whole.length,
  });
  response.flushHeaders();
  let sent = 0;
  const timer = clock.every(everyMs, () => {
    response.write(whole.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent < whole.length && !response.destroyed) return;
    timer.cancel();
    response.end();
  });
}
