/** What changes something at the venue. */
export type Mutation = 'place' | 'modify' | 'cancel' | 'close' | 'reduce';
export type Operation = Mutation | 'read';
