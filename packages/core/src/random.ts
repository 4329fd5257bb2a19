import { randomInt } from 'node:crypto';

/** Where chance comes from: at least 0, below 1. Nothing else draws. */
export type Random = () => number;

/** The system's own chance. */
export const systemRandom: Random = () => randomInt(0, 2 ** 47) / 2 ** 47;
