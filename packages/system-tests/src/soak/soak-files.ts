import { join } from 'node:path';
import type { SoakAccount } from './soak-accounts.ts';

/** Where what outlives a process stands. */
export const soakFiles = {
  journal: (folder: string, { name }: SoakAccount): string => join(folder, `${name}.journal`),
  told: (folder: string, { name }: SoakAccount): string => join(folder, `${name}.told`),
  errors: (folder: string): string => join(folder, 'errors'),
} as const;
