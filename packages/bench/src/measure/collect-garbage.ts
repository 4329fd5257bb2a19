import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Frees what earlier parts left: closed brokers come to half a gigabyte, and its collection would stop some later case for four tenths of a second. */
export function collectGarbage(): void {
  if (typeof collect === 'function') collect();
}
