import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** What a gateway shows its clients, in PEM form. */
export interface GatewayCertificate {
  readonly key: string;
  readonly cert: string;
  /** What a client has to trust; its `ca` option takes it. */
  readonly ca: string;
}

const yearMs = 365 * 24 * 60 * 60 * 1000;
const key = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** Makes an authority for this run alone, and a certificate by it for `host`, 127.0.0.1 and localhost. Its dates are the system's, since clients check them by their own clock. */
export async function makeCertificate(
  host: string,
  systemNow: number,
): Promise<GatewayCertificate> {
  // A day back, so that a client whose clock is a little behind takes it too.
  const dates = {
    notBeforeDate: new Date(systemNow - yearMs / 365),
    notAfterDate: new Date(systemNow + yearMs),
  };
  const authority = await generate([{ name: 'commonName', value: 'Gateway simulator authority' }], {
    ...key,
    ...dates,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const names = new Set([host, '127.0.0.1', 'localhost']);
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...key,
    ...dates,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...names].map((name) =>
          isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name },
        ),
      },
    ],
  });
  return { key: made.private, cert: made.cert, ca: authority.cert };
}
