import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What went wrong in a process, in a file that outlives it. */
export interface NotedErrors {
  /** What a bot met that no bot should. */
  readonly met: string[];
  readonly unhandledRejections: string[];
}

type Kind = keyof NotedErrors;

export function noteError(path: string, kind: Kind, error: unknown): void {
  appendFileSync(
    path,
    `${JSON.stringify({ kind, text: error instanceof Error ? (error.stack ?? error.message) : String(error) })}\n`,
  );
}

export function readNotedErrors(path: string): NotedErrors {
  const errors: NotedErrors = { met: [], unhandledRejections: [] };
  if (!existsSync(path)) return errors;
  for (const line of readFileSync(path, 'utf8')
    .split('\n')
    .filter((text) => text !== '')) {
    const { kind, text } = JSON.parse(line) as { readonly kind: Kind; readonly text: string };
    errors[kind].push(text);
  }
  return errors;
}
