import { causesOf } from '../errors/causes-of.ts';
import { HotpathError } from '../errors/hotpath-error.ts';

/** Codes of failures that another try may mend; every other ends a start at once. */
const passing: ReadonlySet<string> = new Set([
  'VENUE_UNREACHABLE',
  'UNREACHABLE',
  'UNREADABLE',
  'REFUSED',
  'THROTTLED',
  'BUDGET_EXHAUSTED',
  'UNAUTHORIZED',
  'NOT_IN_TIME',
  'CONNECT_FAILED',
  'EXECUTOR_UNAVAILABLE',
]);
/** Failures that are taken for what they say once they have been said twice: whatever stands before a venue that is being restarted says so as well. */
const believedTheSecondTime: ReadonlySet<string> = new Set(['WRONG_ADDRESS']);

/** Whether trying again may help. `before`: how the try before this one failed. */
export function mayPass(error: unknown, before: unknown): boolean {
  if (!HotpathError.is(error)) return false;
  if (passing.has(error.code)) return true;
  return (
    believedTheSecondTime.has(error.code) &&
    !(HotpathError.is(before) && before.code === error.code)
  );
}

/** Node's names for what is wrong with a certificate and does not pass by itself. `CERT_NOT_YET_VALID` is none of them: a machine that boots may not know the time yet. */
const certificateCodes: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether a connection failed over the other side's certificate, in a way that does not pass by itself. Looks at the causes as well. */
export function isAboutCertificate(error: unknown): boolean {
  return causesOf(error).some(
    (each) => 'code' in each && typeof each.code === 'string' && certificateCodes.has(each.code),
  );
}

/** Whether a connection was refused. */
export function isRefusal(error: unknown): boolean {
  return causesOf(error).some(
    (each) => 'code' in each && (each.code === 'REFUSED' || each.code === 'ECONNREFUSED'),
  );
}
