/** Where the gateway is and who asks it. */
export interface ConformanceTarget {
  /** REST side, such as `https://api.topstepx.com`. */
  readonly url: URL;
  /** Hubs, without `/hubs/…`. */
  readonly rtcUrl: URL;
  readonly userName: string;
  readonly apiKey: string;
  /** Name or id. */
  readonly account: string;
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const unchecked =
  'NODE_TLS_REJECT_UNAUTHORIZED=0 stands in the environment, with which whoever is on the way could take the API key; unset it (NODE_EXTRA_CA_CERTS trusts a certificate of your own)';

/** An address that credentials may go to: over TLS, or within this machine. Throws with a sentence for any other, which does not repeat what may hold a password. */
export function addressOf(option: string, text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError(`${option} must be an address such as https://api.topstepx.com`);
  }
  if (url.username !== '' || url.password !== '')
    throw new TypeError(
      `${option} must hold no user and no password: they are taken from the environment`,
    );
  if (url.search !== '' || url.hash !== '')
    throw new TypeError(`${option} must have no query and no fragment: they would be dropped`);
  // safeguard: no key goes to a gateway whose certificate nobody checks
  if (
    url.protocol === 'https:' &&
    !isLoopback(url) &&
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
  )
    throw new TypeError(`${option}: ${unchecked}`);
  // end of safeguard
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
  throw new TypeError(
    `${option} is "${url.origin}", must begin with https:// (http:// only for this machine): the API key goes there`,
  );
}

export function isLoopback(url: URL): boolean {
  return loopback.test(url.hostname);
}

/** The hubs beside a REST address: `rtc` in place of `api` in the host's name (ProjectX documentation), or the same place. */
export function rtcBeside(url: URL): URL {
  const rtc = new URL(url.origin);
  rtc.hostname = rtc.hostname.replace(/(^|-)api(?=[.-])/, '$1rtc');
  return rtc;
}
