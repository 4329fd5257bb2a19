import { startGateway } from '@hotpath/gateway-sim';
import { localhostCertificate } from './localhost-certificate.ts';
import { serveParent } from './serve-parent.ts';

// The simulator in a process of its own, over HTTP and HTTPS, with accounts enough that every measured broker has one.
const accounts = Array.from({ length: 128 }, (_, index) => ({
  id: 700_001 + index,
  name: `PRAC-V2-${1_001 + index}`,
  balance: 50_000_000,
}));
const options = {
  accounts,
  priceStepMs: 0,
  keepHistory: 20_000,
  rateLimit: { everythingElse: 'off', bars: 'off' },
} as const;
const plain = await startGateway(options);
const secure = await startGateway({
  ...options,
  tls: { key: localhostCertificate.key, cert: localhostCertificate.cert },
});

serveParent(
  { http: plain.url, https: secure.url },
  {
    /** How many orders there are under each of these tags. */
    'orders of': (tags) => {
      const wanted = new Map(
        (Array.isArray(tags) ? tags : []).map((tag) => [String(tag).toLowerCase(), 0]),
      );
      for (const { customTag } of plain.truth().orders) {
        const key = customTag?.toLowerCase();
        const count = key === undefined ? undefined : wanted.get(key);
        if (key !== undefined && count !== undefined) wanted.set(key, count + 1);
      }
      return [...wanted.values()];
    },
  },
);
