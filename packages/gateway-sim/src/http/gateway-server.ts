import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { systemGatewayClock } from '../clock.ts';
import type { GatewayOptions } from '../gateway-options.ts';
import type { GatewayCertificate } from './gateway-certificate.ts';
import { makeCertificate } from './gateway-certificate.ts';
import { watchTls } from './reset-connection.ts';

/** The certificate that was given, or one made for this run; undefined for plain HTTP. */
export async function certificateOf(
  { tls }: GatewayOptions,
  host: string,
): Promise<GatewayCertificate | undefined> {
  return tls === true
    ? makeCertificate(host, systemGatewayClock.now())
    : tls && { ca: tls.cert, ...tls };
}

/** The server of the gateway's own port, which does not listen yet. */
export function createGatewayServer(
  { keepAliveTimeoutMs }: GatewayOptions,
  certificate: GatewayCertificate | undefined,
  handler: RequestListener,
): Server {
  const settings = { keepAliveTimeout: keepAliveTimeoutMs ?? 65_000, noDelay: true };
  if (!certificate) return createServer(settings, handler);
  const { key, cert } = certificate;
  const server = createTlsServer({ ...settings, key, cert, ALPNProtocols: ['http/1.1'] }, handler);
  watchTls(server);
  return server;
}
