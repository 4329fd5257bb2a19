/** As much as Node reads at once. */
const bufferBytes = 65_536;

/** What comes on one TCP socket, by Node's own `onread`: read into one buffer for the life of the socket, where a stream would get a new one of this size for every answer. */
export class Arrivals {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #read: ((bytes: Buffer) => void) | undefined;
  #early: Buffer | undefined;

  /** Node calls this as a property of its options. Always true: nothing pauses. */
  readonly callback = (length: number): true => {
    // A copy, since the next read overwrites the buffer.
    const bytes = Buffer.from(this.buffer.subarray(0, length));
    if (this.#read) this.#read(bytes);
    // One is enough to know that something came which nobody had asked for.
    else this.#early ??= bytes;
    return true;
  };

  onBytes(read: (bytes: Buffer) => void): void {
    this.#read = read;
    const early = this.#early;
    this.#early = undefined;
    if (early) process.nextTick(() => read(early));
  }
}
