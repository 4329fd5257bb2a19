import type { Writable } from 'node:stream';

const ignore = (): void => undefined;
const hushed = new WeakSet<Writable>();

/**
 * Writes a line, and tells of one that could not be written. Without a listener, a stream whose reader has gone ends the whole process with the next line;
 * ours is there only while a line of ours can fail, so that what the bot itself does with the stream stays as it is.
 */
export function writeLine(stream: Writable, line: string, failed: (error: unknown) => void): void {
  const done = (error: Error | null | undefined): void => {
    if (!error) return;
    failed(error);
    hush(stream);
  };
  // Some streams tell of it within the call.
  const isAlone = stream.listenerCount('error') === 0;
  if (isAlone) stream.once('error', ignore);
  try {
    stream.write(line, done);
  } finally {
    if (isAlone) stream.off('error', ignore);
  }
}

/** A stream tells of the failure once more, as an event behind the callback. */
function hush(stream: Writable): void {
  if (hushed.has(stream)) return;
  hushed.add(stream);
  // safeguard: a log whose reader has gone
  stream.on('error', ignore);
  setImmediate(() => {
    hushed.delete(stream);
    stream.off('error', ignore);
  });
}
