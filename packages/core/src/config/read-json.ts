import { readFile } from 'node:fs/promises';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';

/** Reads a JSON file. Throws `InvalidOptionsError` that names the file and what is wrong with it. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidOptionsError(path, [readProblem(error)]);
  }
  return parseJsonText(text, path);
}

/** Throws `InvalidOptionsError` that names the file and what is wrong with it. */
export function parseJsonText(text: string, path: string): unknown {
  try {
    // Editors of some systems put a byte order mark first.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new InvalidOptionsError(path, [`file: is no JSON (${error instanceof Error ? error.message : String(error)})`]);
  }
}

export function readProblem(error: unknown): string {
  return `file: can't be read (${error instanceof Error && 'code' in error ? String(error.code) : 'no reason given'})`;
}
