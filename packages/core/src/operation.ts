/** What changes something at the venue. */
export type Mutation = 'place' | 'modify' | 'cancel' | 'close' | 'reduce';
/** A mutation, or a read. */
export type Operation = Mutation | 'read';
