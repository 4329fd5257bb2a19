import { connect } from 'node:net';
import type { FaultRule, Gateway, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';

export type Fields = Record<string, unknown>;
export const accountId = 700_001;

/** What a request came to. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly fields: Fields;
}

/** A gateway with faults, seen from clients that know nothing of the code behind it: fetch, and raw sockets. */
export class FaultTrial {
  clock!: ManualGatewayClock;
  gateway!: Gateway;
  #token = '';
  #contractId = '';

  async begin(): Promise<void> {
    this.clock = manualGatewayClock();
    this.gateway = await startGateway({
      clock: this.clock,
      priceStepMs: 0,
      rateLimit: { everythingElse: 'off' },
    });
    this.#token = String(
      (await this.post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' })).fields['token'],
    );
    const { fields } = await this.post('Contract/search', { searchText: 'MNQ', live: false });
    this.#contractId = String((fields['contracts'] as Fields[])[0]?.['id']);
  }

  end(): Promise<void> {
    return this.gateway.close();
  }

  async post(path: string, body: unknown, signal?: AbortSignal): Promise<Answered> {
    const response = await fetch(`${this.gateway.url}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      headers: response.headers,
      fields: text.startsWith('{') && text.endsWith('}') ? (JSON.parse(text) as Fields) : {},
    };
  }

  order(customTag?: string): Fields {
    return {
      accountId,
      contractId: this.#contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 23000,
      customTag: customTag ?? null,
    };
  }

  place(customTag?: string, signal?: AbortSignal): Promise<Answered> {
    return this.post('Order/place', this.order(customTag), signal);
  }

  /** The tags of the orders that the venue has. */
  placed(): (string | null)[] {
    return this.gateway.truth().orders.map(({ customTag }) => customTag);
  }

  /** Lets something go wrong with places, unless `more` says with what else. */
  on(fault: FaultRule['fault'], more: Partial<FaultRule> = {}): string {
    return this.gateway.faults.add({ endpoint: 'Order/place', ...more, fault });
  }

  /** Sends bytes as they are, and gives what came and how it ended. */
  async raw(request: string): Promise<{ received: string; ended: string }> {
    const socket = connect(this.gateway.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    const ended = new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('end', () => resolve('end'));
    });
    socket.write(request);
    const how = await ended;
    socket.destroy();
    return { received, ended: how };
  }

  rawPlace(customTag: string, contentLength?: number): string {
    const body = JSON.stringify(this.order(customTag));
    return `POST /api/Order/place HTTP/1.1\r\nhost: sim\r\nauthorization: Bearer ${this.#token}\r\ncontent-type: application/json\r\ncontent-length: ${contentLength ?? body.length}\r\n\r\n${contentLength === undefined ? body : ''}`;
  }
}
