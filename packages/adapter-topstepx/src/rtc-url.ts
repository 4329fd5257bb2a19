/** Where a gateway's hubs are when nobody says: beside its REST address, with `rtc` for `api` in the host's name (all hosts that are documented), or in the same place. */
export function rtcUrlBeside(baseUrl: URL): URL {
  const url = new URL(baseUrl.origin);
  // `api.topstepx.com`, `api.<firm>.projectx.com`, `gateway-api-demo.s2f.projectx.com`.
  url.hostname = url.hostname.replace(/(^|-)api(?=[.-])/, '$1rtc');
  return url;
}
