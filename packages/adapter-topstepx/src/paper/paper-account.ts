import { createHash } from 'node:crypto';

/** Beyond any account's id that was ever seen, and within the 32 bits that the gateway has for them. */
const firstId = 2_000_000_000;
const idsThere = 147_000_000;

/** The account on paper that stands for one of the venue's. Its id is the same at every start, and none of the venue's: a request that named it there would be refused. */
export function paperAccountOf(
  origin: string,
  account: string,
): { readonly id: number; readonly name: string } {
  const number = createHash('sha256').update(`${origin} ${account}`).digest().readUInt32BE();
  return { id: firstId + (number % idsThere), name: `PAPER-${account}` };
}
