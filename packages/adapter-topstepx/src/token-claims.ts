import * as z from 'zod';

const claims = z.object({ exp: z.number(), iat: z.number().optional() });

/** How long a token lives from its issue, in milliseconds, by its own claims `exp` and `iat`; undefined when it does not say. The signature is the venue's concern. */
export function tokenLifetimeMs(token: string, now: number): number | undefined {
  try {
    const { exp, iat = now / 1000 } = claims.parse(
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')),
    );
    // The difference of two times of the venue's clock: ours may go wrong by hours and it stays true.
    const lifetimeMs = (exp - iat) * 1000;
    return lifetimeMs > 0 && Number.isFinite(lifetimeMs) ? lifetimeMs : undefined;
  } catch {
    return undefined;
  }
}
