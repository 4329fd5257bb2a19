/** What undici is told when a request must not be written after all. */
export class Withdrawn extends Error {}
