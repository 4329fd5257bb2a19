import type { Broker, BrokerOptions } from '@hotpath/core';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import type { Exchange } from 'ccxt';
import { ccxtOnGateway, symbolOf } from './ccxt-on-gateway.ts';

export const bid = 24_000;
export const ask = 24_000.25;

/** A ccxt exchange on a simulated venue of its own for each test. */
export class CcxtTrial {
  gateway!: Gateway;
  broker!: Broker;
  exchange!: Exchange;
  /** The symbol of the front month. */
  MNQ = '';

  async begin(): Promise<void> {
    this.gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  }

  async end(): Promise<void> {
    await this.exchange.close();
    await this.broker.close();
    await this.gateway.close();
  }

  /** With prices that move, so that the market stream has something to say. */
  async withPrices(): Promise<void> {
    await this.gateway.close();
    this.gateway = await startGateway({ priceStepMs: 20, rateLimit: { everythingElse: 'off' } });
  }

  async withBrackets(): Promise<void> {
    await this.gateway.close();
    this.gateway = await startGateway({
      priceStepMs: 0,
      rateLimit: { everythingElse: 'off' },
      accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
    });
  }

  async connect(
    ...how: [
      weights?: { readonly fast: number; readonly fallback: number },
      options?: Partial<BrokerOptions<string>>,
    ]
  ): Promise<void> {
    const { broker, exchange } = await ccxtOnGateway(this.gateway, ...how);
    this.broker = broker;
    this.exchange = exchange;
    this.MNQ = symbolOf(exchange, 'MNQ');
  }

  venueOrders(): readonly { readonly customTag?: string | null; readonly status: number }[] {
    return this.gateway.truth().orders;
  }
}
