import type { Broker, OwnOcoOptions, PositionSurprise } from '@hotpath/core';
import { memoryJournal } from '@hotpath/core';
import type { GatewayOptions, OrderTruth } from '@hotpath/gateway-sim';
import { mortalBroker } from '../src/world/mortal-broker.ts';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

/** Statuses of the venue's orders. */
export const status = { working: 1, filled: 2, cancelled: 3, rejected: 5 } as const;
export const quotes = (prices: readonly number[]): string =>
  `bid,ask,last\n${prices.map((bid) => `${bid},${bid + 0.25},${bid}`).join('\n')}\n`;
export const bracket = { stopLossTicks: 20, takeProfitTicks: 40 } as const;

/** What a test looks at of an order. */
export interface ShownOrder {
  readonly side: number;
  readonly size: number;
  readonly filled: number;
  readonly status: number;
  readonly price: number | null;
}

/** A world in which brokers keep their own OCO, and the venue's record of it. */
export class OwnOcoTrial {
  world!: SimulatedWorld;

  /** A world whose account refuses brackets, as most do, at these prices. */
  async start(
    prices: readonly number[],
    {
      gateway = {},
      ownOco = { whenUnprotected: 'leave' },
      rateLimited,
    }: {
      readonly gateway?: GatewayOptions;
      readonly ownOco?: OwnOcoOptions;
      readonly rateLimited?: 'refused';
    } = {},
  ): Promise<{
    readonly broker: Broker<'fast' | 'fallback'>;
    readonly alarms: PositionSurprise[];
  }> {
    this.world = await simulatedWorld({
      rateLimit: { everythingElse: 'off' },
      replay: { MNQ: { kind: 'ticks', csv: quotes(prices) } },
      ...gateway,
    });
    const { broker } = await mortalBroker(this.world, {
      journal: memoryJournal(),
      ownOco,
      rateLimited,
    });
    const alarms: PositionSurprise[] = [];
    broker.on('position.unprotected', (alarm) => void alarms.push(alarm));
    await this.world.until(
      async () => (await broker.getPositions({ fresh: false }), broker.executors().fast.available),
      5_000,
    );
    await this.world.pass(2_000, 100);
    return { broker, alarms };
  }

  end(): Promise<void> {
    return this.world.close();
  }

  orders(): readonly OrderTruth[] {
    return this.world.gateway.truth().orders;
  }

  byTag(tag: string): OrderTruth | undefined {
    return this.orders().find(({ customTag }) => customTag === tag);
  }

  shown(tag: string): ShownOrder | undefined {
    const order = this.byTag(tag);
    return (
      order && {
        side: order.side,
        size: order.size,
        filled: order.fillVolume,
        status: order.status,
        price: order.stopPrice ?? order.limitPrice,
      }
    );
  }

  /** Contracts held, with their sign. */
  held(): number {
    const sizes = this.world.gateway
      .truth()
      .positions.map((row) => ({ ...row }) as { readonly size: number; readonly type: number })
      .map(({ size, type }) => (type === 1 ? size : -size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}
