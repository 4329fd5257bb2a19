import * as z from 'zod';
import { checkOptions } from '../check-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { Random } from '../random.ts';
import { shown } from '../validation/field-problem.ts';
import type { FileJournalOptions } from './file-journal.ts';
import type { MemoryJournalOptions } from './memory-journal.ts';

const random = z
  .custom<Random>(
    (value) => typeof value === 'function',
    'must be a function that gives a number from 0 to below 1',
  )
  .optional();

const fileOptions: z.ZodType<FileJournalOptions> = z.strictObject({
  fsync: z.enum(['never', 'each']).optional(),
  rotateAtBytes: z.int().min(0).optional(),
  damagedLines: z.enum(['refuse', 'skip']).optional(),
  lock: z.enum(['folder', 'machine']).optional(),
  random,
} satisfies Record<keyof FileJournalOptions, z.ZodType>);

const memoryOptions: z.ZodType<MemoryJournalOptions> = z.strictObject({
  limit: z.int().min(1).optional(),
  random,
} satisfies Record<keyof MemoryJournalOptions, z.ZodType>);

/** Throws `InvalidOptionsError` for what `fileJournal` can't be made with. */
export function checkFileJournal(path: string, options: FileJournalOptions): FileJournalOptions {
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw new InvalidOptionsError('fileJournal', [
      `path: is ${shown(path)}, must be the path of a file`,
    ]);
  return checkOptions('fileJournal', fileOptions, options);
}

/** Throws `InvalidOptionsError` for what `memoryJournal` can't be made with. */
export function checkMemoryJournal(options: MemoryJournalOptions): MemoryJournalOptions {
  return checkOptions('memoryJournal', memoryOptions, options);
}
