import type { FailureCode } from '@hotpath/core';
import { errorCode } from './connect-failure.ts';

export interface AnswerFailure {
  readonly code: FailureCode;
  readonly message: string;
}

export interface AnswerProgress {
  /** The first byte of the answer had been read. */
  readonly begun: boolean;
  /** The other side had ended the connection in an orderly way. */
  readonly ended: boolean;
}

/** What an error of undici's says about an answer that was awaited on a written request. */
export function answerFailure(error: unknown, { begun, ended }: AnswerProgress): AnswerFailure {
  const code = errorCode(error);
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return {
      code: 'ANSWER_TOO_LARGE',
      message: 'The head of the answer is larger than maxHeaderBytes.',
    };
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return {
      code: 'ANSWER_TOO_LARGE',
      message: 'The body of the answer is larger than maxBodyBytes.',
    };
  if (isParserError(error) || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return ended ? incomplete : unreadable;
  if (isUnexpectedAnswer(error)) return unreadable;
  if (begun) return incomplete;
  if (code === 'UND_ERR_SOCKET')
    return { code: 'CLOSED', message: 'The other side closed the connection without an answer.' };
  return { code: 'RESET', message: 'The connection was reset before an answer came.' };
}

const incomplete: AnswerFailure = {
  code: 'ANSWER_INCOMPLETE',
  message: 'The connection ended in the middle of the answer.',
};

const unreadable: AnswerFailure = {
  code: 'ANSWER_UNREADABLE',
  message: 'The answer is not HTTP/1.1 that can be relied on.',
};

/** A write the kernel or the encrypting stream refused. */
export function isWriteError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'write';
}

/** undici's word for bytes that came after an answer was complete. */
export function isAboutMoreBytes(error: unknown): boolean {
  return isParserError(error) || isUnexpectedAnswer(error);
}

/** undici 7 gives these no code. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function isUnexpectedAnswer(error: unknown): boolean {
  return (
    errorCode(error) === 'UND_ERR_SOCKET' &&
    error instanceof Error &&
    (error.message === 'bad response' || error.message === 'bad upgrade')
  );
}
