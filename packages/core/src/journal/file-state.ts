import { systemCode } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import type { JournalFile } from './journal-file.ts';

/** What a path leads to, beside the file that was opened by it. `gone`: to nothing, or to an empty file. `another`: to something that the next start would read in its place. */
export type FileState =
  | { readonly is: 'same' }
  | { readonly is: 'gone' }
  | { readonly is: 'another'; readonly because: string };

/** Looks whether a journal is still the file that it was: whoever tidies up, rotates logs or restores a backup does not ask who has it open. */
export function fileState(files: FileSystem, path: string, file: JournalFile): FileState {
  try {
    const own = files.statOf(file.descriptor);
    const named = files.stat(path);
    if (named.dev !== own.dev || named.ino !== own.ino)
      return named.isFile() && named.size === 0
        ? { is: 'gone' }
        : { is: 'another', because: 'another file lies in its place' };
    if (own.size === file.size || file.hasRest) return { is: 'same' };
    return {
      is: 'another',
      because:
        own.size < file.size
          ? `it was cut to ${own.size} of ${file.size} bytes`
          : `somebody else has written ${own.size - file.size} bytes to it`,
    };
  } catch (error) {
    // What can't be looked at is not known to be gone.
    return systemCode(error) === 'ENOENT' ? { is: 'gone' } : { is: 'same' };
  }
}
