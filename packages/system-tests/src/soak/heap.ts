import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes that are still held after everything that can go has gone. */
export function heldMb(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}
