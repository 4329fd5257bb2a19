/** Whether an address can only mean this machine: `localhost` and names below it (RFC 6761), 127.0.0.0/8, ::1, and the same mapped into IPv6. What is sent there is seen by no network. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (host === '[::1]') return true;
  // A URL writes every form of an IPv4 address with four numbers, and one in an IPv6 address as two groups.
  return (
    /^127(?:\.\d{1,3}){3}$/.test(host) || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(host)
  );
}
