import { isLoopback } from './is-loopback.ts';

/**
 * What whoever runs a bot should know of the way to this address, as a line for an executor's log; undefined when there is nothing.
 * An executor checks certificates whatever `NODE_TLS_REJECT_UNAUTHORIZED` says; a bot that counts on it being obeyed is told why nothing connects.
 */
export function transportCaution(origin: URL): string | undefined {
  if (origin.protocol === 'http:')
    return isLoopback(origin)
      ? undefined
      : `requests to ${origin.host} travel unencrypted, and the token with them: whoever is on the way can read them and trade the account`;
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return undefined;
  return 'NODE_TLS_REJECT_UNAUTHORIZED=0 stands in the environment and is not obeyed: certificates are checked; `tls: { ca }` trusts one of your own';
}
