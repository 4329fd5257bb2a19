/** A size and extensions that are plain names and values; the strict parsers of the field refuse blanks and anything else in them. */
const sizeLine =
  /^([0-9A-Fa-f]{1,8})(?:;[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:=[!#$%&'*+.^_`|~0-9A-Za-z-]+)?)*$/u;
const trailerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\u0020-\u007E\u0080-\u00FF]*$/u;
/** For a size with its extension, and for one trailer. */
const longestLine = 1_024;
const mostTrailers = 64;

export type ChunkedState =
  | { readonly is: 'more' }
  | { readonly is: 'done'; readonly end: number }
  | { readonly is: 'unreadable'; readonly why: string }
  | { readonly is: 'too-large' };

/** Takes a body apart that comes in chunks. It is fed whole bytes and keeps what is not complete. */
export class ChunkedBody {
  readonly chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #length = 0;
  #left = 0;
  #expects: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  #trailers = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Reads from `start`. `consumed` is how far it got; what follows must be fed again with more behind it. */
  read(bytes: Buffer, start: number): ChunkedState & { readonly consumed: number } {
    let at = start;
    for (;;) {
      if (this.#expects === 'data') {
        const take = Math.min(this.#left, bytes.length - at);
        if (take > 0) this.chunks.push(bytes.subarray(at, at + take));
        at += take;
        this.#left -= take;
        if (this.#left > 0) return { is: 'more', consumed: at };
        this.#expects = 'data-end';
      }
      const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
      const lineBytes = (lineEnd < 0 ? bytes.length : lineEnd) - at;
      if (lineBytes > (this.#expects === 'data-end' ? 1 : longestLine))
        return { is: 'unreadable', why: 'a chunk is not framed as it should be', consumed: at };
      if (lineEnd < 0) return { is: 'more', consumed: at };
      const line = bytes.toString('latin1', at, lineEnd);
      at = lineEnd + 2;
      const ended = this.#take(line);
      if (ended)
        return ended.is === 'done'
          ? { is: 'done', end: at, consumed: at }
          : { ...ended, consumed: at };
    }
  }

  #take(line: string): ChunkedState | undefined {
    if (this.#expects === 'data-end') {
      this.#expects = 'size';
      return line === '' ? undefined : { is: 'unreadable', why: 'a chunk is longer than its size' };
    }
    if (this.#expects === 'trailer') {
      if (line === '') return { is: 'done', end: 0 };
      this.#trailers += 1;
      return this.#trailers <= mostTrailers && trailerLine.test(line)
        ? undefined
        : { is: 'unreadable', why: 'a trailer is no header' };
    }
    const size = sizeLine.exec(line);
    if (!size) return { is: 'unreadable', why: 'a chunk has no size' };
    this.#left = Number.parseInt(size[1] ?? '', 16);
    this.#length += this.#left;
    if (this.#length > this.#maxBytes) return { is: 'too-large' };
    this.#expects = this.#left === 0 ? 'trailer' : 'data';
    return undefined;
  }
}
