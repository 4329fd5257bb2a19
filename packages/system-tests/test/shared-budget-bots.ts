import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A bot in a process of its own; `rest`, `spend` and the others are in `shared-budget-bot.mjs`. */
export interface SharedBudgetBot {
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process to the end of `createBroker`. */
  readonly startedInMs: number;
  /** Rejects when the process ends first. */
  tell<Answer>(order: {
    readonly do: string;
    readonly [argument: string]: unknown;
  }): Promise<Answer>;
}

/** Resolves when its broker stands; rejects when it does not in 30 s. */
export function startBot(url: string, userName: string, account: string): Promise<SharedBudgetBot> {
  const child = fork(
    fileURLToPath(new URL('shared-budget-bot.mjs', import.meta.url)),
    [url, userName, account],
    { execArgv: [] },
  );
  const began = performance.now();
  const waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
  >();
  let asked = 0;
  child.on('message', ({ id, answer }: { readonly id: number; readonly answer: unknown }) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`the bot ended with ${signal ?? code}`));
    waiting.clear();
  });
  const ready = new Promise<unknown>((resolve, reject) => void waiting.set(0, { resolve, reject }));
  return ready.then(() => ({
    process: child,
    startedInMs: performance.now() - began,
    tell<Answer>(order: { readonly do: string }): Promise<Answer> {
      const id = (asked += 1);
      return new Promise<Answer>((resolve, reject) => {
        waiting.set(id, { resolve: (answer) => resolve(answer as Answer), reject });
        child.send({ ...order, id });
      });
    },
  }));
}
