import type { ChildProcess } from 'node:child_process';
import { startChild } from '../world/child.ts';
import { later } from './claimed-calls.ts';
import type { Times } from './times.ts';

/** What the process is given that shares a bot's login. */
export interface KeeperSettings {
  readonly url: string;
  readonly userName: string;
  readonly account: string;
  readonly times: Times;
}

/** How long it stands still: longer than a lease may be spent. */
const stoppedForMs = 2_500;

/** The process that keeps the account of a login's requests, until it is stopped: then a bot goes on with it, and this one again when that bot is killed. */
export class KeeperHandle {
  readonly #child: ChildProcess;
  #isStopped = false;
  #heard: ((keeps: boolean) => void) | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', ({ keeps }: { readonly keeps: boolean }) => this.#heard?.(keeps));
    child.on('exit', () => this.#heard?.(false));
  }

  /** Resolves when it shares the login. */
  static async start(settings: KeeperSettings): Promise<KeeperHandle> {
    const keeper = new KeeperHandle(
      startChild(new URL('keeper-process.js', import.meta.url), settings),
    );
    if (!(await keeper.#answer()))
      throw new Error(`the process that shares ${settings.userName} ended before it began`);
    return keeper;
  }

  /** Stops it, if it keeps the account now; true when it did. It goes on by itself. */
  async strike(): Promise<boolean> {
    if (this.#isStopped || !this.#child.connected) return false;
    const answer = this.#answer();
    this.#child.send({ do: 'tell' });
    if (!(await answer)) return false;
    this.#isStopped = true;
    this.#child.kill('SIGSTOP');
    void later(stoppedForMs, undefined).then(() => this.wake());
    return true;
  }

  wake(): void {
    this.#isStopped = false;
    this.#child.kill('SIGCONT');
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  /** Whether it keeps the account, as it says next; false when it ends. */
  #answer(): Promise<boolean> {
    return new Promise((resolve) => void (this.#heard = resolve));
  }
}
