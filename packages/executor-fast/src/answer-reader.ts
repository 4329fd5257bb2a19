import type { Answer, FailureCode } from '@hotpath/core';
import type { AnswerHead } from './answer-head.ts';
import { parseAnswerHead } from './answer-head.ts';
import { ChunkedBody } from './chunked-body.ts';

export interface ReaderLimits {
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
}

/** `extra`: bytes that stood behind the answer. */
export type Reading =
  | { readonly is: 'more' }
  | {
      readonly is: 'complete';
      readonly answer: Answer;
      readonly keepAlive: boolean;
      readonly extra: number;
    }
  | { readonly is: 'failed'; readonly code: FailureCode; readonly message: string };

const more: Reading = { is: 'more' };
const beginnings = ['HTTP/1.1 ', 'HTTP/1.0 '];
const mostInformational = 16;
const empty = Buffer.alloc(0);
/** Heads shorter than this are looked for in text, which is several times as fast as in bytes. */
const usualHeadBytes = 2_048;

/** Reads one answer of HTTP/1.1 from bytes that come in any pieces. What it is not sure of it refuses. */
export class AnswerReader {
  readonly #limits: ReaderLimits;
  #unread: Buffer = empty;
  #head: AnswerHead | undefined;
  #informational = 0;
  #chunked: ChunkedBody | undefined;
  #body: Buffer[] | undefined;
  #bodyLength = 0;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  /** The bytes are kept until the answer is complete. */
  read(bytes: Buffer): Reading {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    while (!this.#head) {
      const failure = this.#readHead();
      if (failure) return failure;
    }
    return this.#readBody(this.#head);
  }

  /** The other side has ended: an answer without a length is complete, any other is not. */
  end(): Reading {
    if (this.#head?.framing.by === 'end') return this.#complete(this.#head, 0);
    return {
      is: 'failed',
      code: 'ANSWER_INCOMPLETE',
      message: 'The connection ended in the middle of the answer.',
    };
  }

  #readHead(): Reading | undefined {
    const text = this.#unread.toString('latin1', 0, Math.min(this.#unread.length, usualHeadBytes));
    const usualEnd = text.indexOf('\r\n\r\n');
    const headEnd =
      usualEnd < 0 && this.#unread.length > usualHeadBytes
        ? this.#unread.indexOf('\r\n\r\n', 0, 'latin1')
        : usualEnd;
    if (headEnd < 0) {
      const start = this.#unread.toString('latin1', 0, 9);
      if (!beginnings.some((beginning) => beginning.startsWith(start)))
        return unreadable('it does not begin with HTTP/1.1');
      return this.#unread.length > this.#limits.maxHeaderBytes ? largeHead : more;
    }
    if (headEnd > this.#limits.maxHeaderBytes) return largeHead;
    const head = parseAnswerHead(this.#unread, headEnd);
    if (typeof head === 'string') return unreadable(head);
    this.#unread = this.#unread.subarray(headEnd + 4);
    if (head.status >= 200) this.#head = head;
    // 100 and 101 answer requests that are never made here.
    else if (head.status < 102 || (this.#informational += 1) > mostInformational)
      return unreadable(`its status ${head.status} was not asked for`);
    return undefined;
  }

  #readBody(head: AnswerHead): Reading {
    if (head.framing.by === 'chunks') return this.#readChunks(head);
    const { maxBodyBytes } = this.#limits;
    const wanted = head.framing.by === 'length' ? head.framing.length : Infinity;
    if (head.framing.by === 'length' && wanted > maxBodyBytes) return largeBody;
    const take = Math.min(wanted - this.#bodyLength, this.#unread.length);
    const piece = take === this.#unread.length ? this.#unread : this.#unread.subarray(0, take);
    this.#bodyLength += take;
    if (take > 0) {
      if (this.#body) this.#body.push(piece);
      else this.#body = [piece];
    }
    this.#unread = take === this.#unread.length ? empty : this.#unread.subarray(take);
    if (this.#bodyLength > maxBodyBytes) return largeBody;
    return this.#bodyLength === wanted ? this.#complete(head, this.#unread.length) : more;
  }

  #readChunks(head: AnswerHead): Reading {
    this.#chunked ??= new ChunkedBody(this.#limits.maxBodyBytes);
    const state = this.#chunked.read(this.#unread, 0);
    this.#unread = this.#unread.subarray(state.consumed);
    if (state.is === 'unreadable') return unreadable(state.why);
    if (state.is === 'too-large') return largeBody;
    if (state.is === 'more') return more;
    this.#body = [Buffer.concat(this.#chunked.chunks)];
    return this.#complete(head, this.#unread.length);
  }

  #complete(head: AnswerHead, extra: number): Reading {
    const pieces = this.#body ?? [];
    const body = pieces.length === 1 ? (pieces[0] ?? empty) : Buffer.concat(pieces);
    return {
      is: 'complete',
      answer: { status: head.status, headers: head.headers, body },
      keepAlive: head.keepAlive,
      extra,
    };
  }
}

const largeHead: Reading = {
  is: 'failed',
  code: 'ANSWER_TOO_LARGE',
  message: 'The head of the answer is larger than maxHeaderBytes.',
};
const largeBody: Reading = {
  is: 'failed',
  code: 'ANSWER_TOO_LARGE',
  message: 'The body of the answer is larger than maxBodyBytes.',
};

function unreadable(why: string): Reading {
  return {
    is: 'failed',
    code: 'ANSWER_UNREADABLE',
    message: `The answer can't be relied on: ${why}.`,
  };
}
