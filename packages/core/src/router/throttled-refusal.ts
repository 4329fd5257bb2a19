import type { Verdict } from '../verdict.ts';

/** A 429 of a venue that takes nothing that it answers so. `text`: what the venue says. */
export function throttledRefusal(text: string | undefined): Verdict {
  return {
    is: 'refused',
    code: 'THROTTLED',
    venueCode: undefined,
    message: `The venue answered that requests come too often; by \`rateLimited\` it takes none that it answers so.${text === undefined ? '' : ` It says: ${text}`}`,
    orderId: undefined,
  };
}
