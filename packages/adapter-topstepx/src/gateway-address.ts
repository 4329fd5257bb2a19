import { isLoopback } from '@hotpath/core';
import { firms } from './firms.ts';

/** The two addresses that an author may give. */
export type AddressOption = 'baseUrl' | 'rtcUrl';

/** What keeps a text from being the address of a gateway, as the end of a sentence; undefined when nothing does. Never repeats the text: a key may stand in it. */
export function addressProblem(
  option: AddressOption,
  text: string,
  allowKeyInClear: boolean,
): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const right = `must be an http or https address, such as ${firms.topstepx[option]}`;
  if (url?.protocol === 'ws:' || url?.protocol === 'wss:')
    return `${right}; the hubs make a WebSocket of it`;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return right;
  // safeguard: an address is refused for what would be dropped of it
  if (url.username !== '' || url.password !== '')
    return 'must hold no user name and no password; the API key is given as apiKey, or in TOPSTEPX_API_KEY';
  if (url.search !== '') return 'must have no query (what stands behind "?")';
  if (url.hash !== '') return 'must have no fragment (what stands behind "#")';
  if (option === 'baseUrl' && url.pathname !== '/')
    return 'must have no path: scheme, host and port alone, such as https://api.topstepx.com; the adapter knows the paths';
  // end of safeguard
  if (/\/hubs(?:\/|$)/i.test(url.pathname))
    return 'must be given without /hubs/…; the adapter knows the paths';
  // safeguard: no key travels in clear to another host unless the author says so
  if (url.protocol === 'http:' && !isLoopback(url) && !allowKeyInClear)
    return 'would send the API key and the token in clear to another host; give https://, or allowKeyInClear: true where nobody can listen on the way';
  // end of safeguard
  return undefined;
}
