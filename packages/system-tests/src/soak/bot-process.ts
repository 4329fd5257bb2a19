import type { ChildProcess } from 'node:child_process';
import { ended, startChild } from '../world/child.ts';
import { loopTurns } from '../world/loop-turns.ts';
import type { AccountReport, BotOrder, BotSettings, BotWord } from './bot-messages.ts';

export interface ProcessCounts {
  starts: number;
  failedStarts: number;
  kills: number;
  readonly events: Map<string, number>;
}

type Answer = Extract<BotWord, { readonly to: number }>;

const mostPassesToClose = 200;
/** Real milliseconds: how long a process whose brokers are closed may take to end. */
const exitWithinMs = 10_000;
/** How often it is asked again whether its requests have ended before time goes on all the same: some are never answered. */
const mostRounds = 60;

/** The process of the bots, seen by its supervisor: it is killed by signal, and started again on the same files. */
export class BotProcess {
  readonly counts: ProcessCounts = { starts: 0, failedStarts: 0, kills: 0, events: new Map() };
  /** How processes ended that nobody killed. */
  readonly ends: string[] = [];
  #child: ChildProcess | undefined;
  #isUp = false;
  #isClosing = false;
  #asked = 0;
  readonly #answers = new Map<number, (answer: Answer | undefined) => void>();

  /** Its brokers are connected. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** It is there, connected or not. */
  get isThere(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves when it has loaded its code; it comes up, or ends, while time passes. */
  async start(settings: BotSettings): Promise<void> {
    const child = startChild(new URL('bot-main.js', import.meta.url), settings);
    this.#child = child;
    child.on('message', (word: BotWord) => void (this.#child === child && this.#hear(word)));
    child.once('exit', (code, signal) => this.#ended(code, signal));
    await this.#ask({ say: 'turn' });
  }

  /** Time goes on for it, and until its requests have ended nothing else does. */
  async pass(milliseconds: number): Promise<void> {
    let answer = await this.#ask({ say: 'pass', milliseconds });
    for (let round = 0; round < mostRounds; round += 1) {
      await loopTurns();
      answer = await this.#ask({ say: 'turn' });
      if (answer?.is !== 'done' || answer.underWay === 0) return;
    }
  }

  async order(
    order: Extract<BotOrder, { readonly say: 'act' | 'set-wall' | 'die-in' }>,
  ): Promise<void> {
    await this.#ask(order);
  }

  /** Undefined while there is none to ask. */
  async heapMb(): Promise<number | undefined> {
    const answer = await this.#ask({ say: 'heap' });
    return answer?.is === 'heap' ? answer.mb : undefined;
  }

  /** Needs time to pass meanwhile. */
  async report(): Promise<readonly AccountReport[]> {
    const answer = await this.#ask({ say: 'report' });
    return answer?.is === 'report' ? answer.accounts : [];
  }

  /** `kill -9`, wherever it is. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.kill('SIGKILL');
    await ended(child);
  }

  /** Its brokers are closed while time passes, and it ends by itself. */
  async close(pass: () => Promise<void>): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#isClosing = true;
    await this.#ask({ say: 'close' });
    for (let passed = 0; child.connected && passed < mostPassesToClose; passed += 1) await pass();
    const stuck = setTimeout(() => child.kill('SIGKILL'), exitWithinMs);
    await ended(child);
    clearTimeout(stuck);
  }

  #ask(order: BotOrder): Promise<Answer | undefined> {
    const child = this.#child;
    if (!child?.connected) return Promise.resolve(undefined);
    this.#asked += 1;
    const to = this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(to, resolve);
      child.send({ to, order }, (error) => void (error && this.#answer(to, undefined)));
    });
  }

  #answer(to: number, answer: Answer | undefined): void {
    const resolve = this.#answers.get(to);
    this.#answers.delete(to);
    resolve?.(answer);
  }

  #hear(word: BotWord): void {
    switch (word.is) {
      case 'started':
        this.counts.starts += 1;
        this.#isUp = true;
        return;
      case 'event':
        return void this.counts.events.set(word.name, (this.counts.events.get(word.name) ?? 0) + 1);
      case 'done':
      case 'heap':
      case 'report':
        return this.#answer(word.to, word);
    }
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#isClosing && code === 0) this.#isClosing = false;
    else if (this.#isClosing) this.ends.push('with its brokers closed it does not end by itself');
    else if (signal === 'SIGKILL') this.counts.kills += 1;
    // A venue that answers a login with a 5xx keeps a process from starting; its supervisor starts it again.
    else if (!this.#isUp) this.counts.failedStarts += 1;
    else this.ends.push(signal ?? `exit code ${code}`);
    this.#child = undefined;
    this.#isUp = false;
    for (const to of this.#answers.keys()) this.#answer(to, undefined);
  }
}
