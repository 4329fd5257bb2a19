import type { ChildProcess } from 'node:child_process';
import type { BotOrder, BotReport, BotSettings } from './bot-settings.ts';
import { ended, startChild } from '../world/child.ts';

/** One bot over all its processes: each is started on the same journal and claims as the one before. */
export class BotHandle {
  readonly settings: BotSettings;
  readonly #onReport: (report: BotReport) => void;
  readonly #file: string;
  #child: ChildProcess | undefined;
  #session = 0;
  placed = 0;
  isThrough = false;
  failure: string | undefined;

  constructor(settings: BotSettings, file: string, onReport: (report: BotReport) => void) {
    this.settings = settings;
    this.#file = file;
    this.#onReport = onReport;
  }

  start(mode: BotSettings['mode']): void {
    this.#session += 1;
    this.isThrough = false;
    const child = startChild(new URL(this.#file, import.meta.url), {
      ...this.settings,
      mode,
      session: this.#session,
    });
    this.#child = child;
    child.on('message', (report: BotReport) => {
      if (child !== this.#child) return;
      if (report.is === 'placed') this.placed = report.total;
      if (report.is === 'through') this.isThrough = true;
      if (report.is === 'failed') this.failure = report.message;
      this.#onReport(report);
    });
    child.on('exit', (code, signal) => {
      if (code !== 0 && signal === null)
        this.failure ??= `bot ${this.settings.index} ended with exit code ${code}`;
    });
  }

  /** `kill -9`, and a start anew. */
  async killAndRestart(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGKILL');
    if (child) await ended(child);
    this.start('trade');
  }

  tell(order: BotOrder): void {
    if (this.#child?.connected === true) this.#child.send(order);
  }

  async ended(): Promise<void> {
    if (this.#child) await ended(this.#child);
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
  }
}
