import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { readTextFile } from './read-text-file.ts';

/** Reads a JSON file. Throws `InvalidOptionsError` that names the file and what is wrong with it. */
export async function readJson(path: string): Promise<unknown> {
  return parseJsonText(await readTextFile(path), path);
}

/** Throws `InvalidOptionsError` that names the file and what is wrong with it. */
export function parseJsonText(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidOptionsError(path, [
      `file: is no JSON (${error instanceof Error ? error.message : String(error)})`,
    ]);
  }
}
