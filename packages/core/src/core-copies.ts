import { fileURLToPath } from 'node:url';
import type { Logger } from './logger.ts';
import { isSilent } from './logger.ts';
import { coreVersion } from './version.ts';

/** One loaded copy of this package. */
export interface CoreCopy {
  readonly version: string;
  /** Its folder. */
  readonly path: string;
}

/** What all copies in this process share; they find it by its symbol, so that its shape may only grow. */
const sharedKey = Symbol.for('hotpath.core');
const toldKey = Symbol.for('hotpath.core.told');
const shared: typeof globalThis & { [sharedKey]?: CoreCopy[]; [toldKey]?: number } = globalThis;
let isRegistered = false;

/** The copies of this package that this process has loaded, this one included, oldest first. */
export function coreCopies(): readonly CoreCopy[] {
  const copies = (shared[sharedKey] ??= []);
  if (!isRegistered) copies.push({ version: coreVersion, path: ownFolder() });
  isRegistered = true;
  return copies;
}

/** Says once that there is more than one copy, to a log that is heard, and once more for each that comes later. */
export function tellOfCopies(log: Logger): void {
  const copies = coreCopies();
  if (copies.length === 1 || isSilent(log) || (shared[toldKey] ?? 1) >= copies.length) return;
  shared[toldKey] = copies.length;
  log.warn(
    {
      copies,
      cure: '"npm ls @hotpath/core" shows who brings each; update what names an older version, then "npm dedupe"',
    },
    'more than one copy of @hotpath/core is loaded; brokers of different copies share no rate budget within the process',
  );
}

/** In a bundle there may be no address of the module. */
function ownFolder(): string {
  const { url } = import.meta;
  if (typeof url !== 'string') return 'unknown';
  const folder = new URL('..', url);
  return folder.protocol === 'file:' ? fileURLToPath(folder) : folder.href;
}
