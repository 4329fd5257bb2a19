export const reduceWays = ['venue-call', 'tagged-order'] as const;

/**
 * How `reducePosition` takes contracts off. `venue-call`: by the venue's own call, which knows the position, and whose order bears no id: without an answer nobody may send it again.
 * `tagged-order`: by a market order under an id of ours, which is settled as every place is and never acts twice, but does not know the position: what else closes it meanwhile turns it round.
 */
export type ReduceWith = (typeof reduceWays)[number];
