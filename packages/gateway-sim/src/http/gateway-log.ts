import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayClock } from '../clock.ts';
import { lowerCaseFields } from './lower-case-fields.ts';

/** One request or hub connection that has ended. */
export interface GatewayLogEntry {
  /** The gateway's time, milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Without a query, which may hold a token. */
  readonly path: string;
  /** Undefined when the connection ended before a whole answer. */
  readonly status: number | undefined;
  /** Kind of the fault that struck it. */
  readonly fault: string | undefined;
  /** Of the envelope, where there was one. */
  readonly errorCode: number | undefined;
  readonly errorMessage: string | undefined;
  /** The tag a place request came with. */
  readonly customTag: string | undefined;
}

export type GatewayLog = (entry: GatewayLogEntry) => void;

/** What is known of a request while it is served. */
export interface RequestNotes {
  fault?: string | undefined;
  /** The body as it came. */
  asked?: string | undefined;
  /** The body as it was answered. */
  answered?: string | undefined;
}

/** Logs a request when its response ends, whole or not. */
export function logWhenEnded(
  log: GatewayLog,
  clock: GatewayClock,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): RequestNotes {
  const notes: RequestNotes = {};
  response.once('close', () => {
    const { errorcode: errorCode, errormessage: errorMessage } = lowerCaseFields(notes.answered);
    const { customtag: customTag } = lowerCaseFields(notes.asked);
    log({
      at: clock.now(),
      method: request.method ?? 'GET',
      path,
      status: response.writableFinished ? response.statusCode : undefined,
      fault: notes.fault,
      errorCode: typeof errorCode === 'number' ? errorCode : undefined,
      errorMessage: typeof errorMessage === 'string' ? errorMessage : undefined,
      customTag: typeof customTag === 'string' ? customTag : undefined,
    });
  });
  return notes;
}

/** An entry as a line for people. */
export function logLine({
  at,
  method,
  path,
  status,
  fault,
  errorCode,
  errorMessage,
  customTag,
}: GatewayLogEntry): string {
  const parts = [
    new Date(at).toISOString().slice(11, 23),
    method.padEnd(4),
    path,
    status === undefined ? 'no answer' : String(status),
  ];
  if (errorCode !== undefined && errorCode !== 0) parts.push(`code ${errorCode}`);
  if (errorMessage !== undefined) parts.push(`"${errorMessage}"`);
  if (customTag !== undefined) parts.push(`tag ${customTag}`);
  if (fault !== undefined) parts.push(`(fault: ${fault})`);
  return parts.join('  ');
}
