import type { Executor, ExecutorPlugin, PreparedRequest } from '@hotpath/core';
import { Authorization, silentLogger, systemClock } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { localhostCertificate } from '../servers/localhost-certificate.ts';
import type { Client, ClientTarget, OpenClient } from './client.ts';

/** An executor without a broker around it. */
async function bareExecutor(
  name: string,
  plugin: ExecutorPlugin,
  { url, order }: ClientTarget,
): Promise<Client> {
  const executor: Executor = await plugin.setup({
    key: 'bare',
    endpoint: { origin: new URL(url), keepWarm: undefined },
    clock: systemClock,
    log: silentLogger,
  });
  await executor.connect();
  const bearer = order.headers.find(([header]) => header === 'authorization')?.[1] ?? '';
  const headers = Object.fromEntries(
    order.headers.filter(([header]) => header !== 'authorization'),
  );
  const request: PreparedRequest = {
    template: { operation: 'place', method: 'POST', path: order.path, headers },
    authorization: new Authorization(bearer, 1),
    body: order.body,
  };
  return {
    name,
    async send() {
      const delivery = await executor.deliver(request, {
        deadline: Infinity,
        answerTimeoutMs: 10_000,
        signal: undefined,
      });
      if (delivery.stage !== 'answered') throw new Error(delivery.failure.message);
    },
    close: () => executor.close(),
  };
}

const tls = { ca: localhostCertificate.cert };
export const bareFastExecutor: OpenClient = (target) =>
  bareExecutor('fast executor alone', fastExecutor({ tls }), target);
export const bareFallbackExecutor: OpenClient = (target) =>
  bareExecutor('fallback executor alone', fallbackExecutor({ tls }), target);
