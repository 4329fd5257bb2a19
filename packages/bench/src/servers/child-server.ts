import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A measured server in a process of its own: where it listens, and what can be asked of it. */
export class ChildServer {
  readonly #child: ChildProcess;
  readonly #urls: ReadonlyMap<string, string>;
  readonly #waiting = new Map<number, Waiting>();
  /** Rejects when the process ends before `close`; never resolves. */
  readonly ended: Promise<never>;
  #count = 0;
  #isClosed = false;

  private constructor(child: ChildProcess, urls: ReadonlyMap<string, string>, name: string) {
    this.#child = child;
    this.#urls = urls;
    child.on('message', (message) => this.#take(message));
    this.ended = new Promise((_, reject) => {
      child.once('exit', (code, signal) => {
        if (this.#isClosed) return;
        const error = new Error(`${name} ended with ${signal ?? code} while it was needed.`);
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        reject(error);
      });
    });
    // Whoever runs the measurements listens; a server that ends before anybody does is seen by its next question.
    this.ended.catch(() => {});
  }

  /** `file`: what is run, by default a file beside this one named after the server. `cpu`: on that processor alone (Linux's `taskset`). */
  static start(
    name: string,
    given: readonly string[],
    cpu?: string,
    file: URL = new URL(`${name}.js`, import.meta.url),
  ): Promise<ChildServer> {
    const place =
      cpu === undefined ? {} : { execPath: 'taskset', execArgv: ['-c', cpu, process.execPath] };
    const child = fork(fileURLToPath(file), [...given], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      ...place,
    });
    return new Promise((resolve, reject) => {
      const failed = (code: number | null): void =>
        reject(new Error(`${name} ended with ${code} before it listened.`));
      child.once('error', reject);
      child.once('exit', failed);
      child.once('message', (message) => {
        child.off('exit', failed);
        const urls = typeof message === 'object' && message !== null ? Object.entries(message) : [];
        resolve(
          new ChildServer(child, new Map(urls.map(([key, url]) => [key, String(url)])), name),
        );
      });
    });
  }

  url(key: string): string {
    const url = this.#urls.get(key);
    if (url === undefined)
      throw new Error(
        `The server does not listen as "${key}", only as ${[...this.#urls.keys()].join(', ')}.`,
      );
    return url;
  }

  /** Resolves with what the server answers. */
  ask(question: string, given?: unknown): Promise<unknown> {
    const id = (this.#count += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, question, given }, (error) => {
        if (error) reject(error);
      });
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#child.connected) this.#child.disconnect();
  }

  #take(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('id' in message)) return;
    const waiting = this.#waiting.get(Number(message.id));
    this.#waiting.delete(Number(message.id));
    if (!waiting) return;
    if ('error' in message) waiting.reject(new Error(String(message.error)));
    else waiting.resolve('answer' in message ? message.answer : undefined);
  }
}
