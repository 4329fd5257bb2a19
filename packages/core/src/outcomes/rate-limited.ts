export const rateLimitedMeanings = ['unknown', 'refused'] as const;

/** What a 429 to a mutation means. `unknown`: nothing is proven, and the venue is asked. `refused`: the venue took nothing; for those that are known to count before they run. */
export type RateLimited = (typeof rateLimitedMeanings)[number];
