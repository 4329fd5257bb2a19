import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '@hotpath/gateway-sim';
import * as z from 'zod';
import type { Signal, Tick } from './backtest-kit-engine.ts';
import { EngineProcess, startSlowVenue } from './backtest-kit-engine.ts';

export const minutes = 60_000;
const evenly = { version: 1, salt: 'kit', default: { fast: 50, fallback: 50 } };
export const still: readonly number[] = [24_000];
/** Far from where the price goes: such a position is only closed when it is told to. */
export const long: Signal = {
  position: 'long',
  priceTakeProfit: 24_400,
  priceStopLoss: 23_700,
  cost: 200,
  minuteEstimatedTime: 600,
};
export const close: { readonly commits: readonly { readonly name: string }[] } = {
  commits: [{ name: 'commitClosePending' }],
};

/** A long is type 1. */
const heldRow: z.ZodType<{ type: number; size: number }> = z.object({
  type: z.number(),
  size: z.number(),
});
export const names = ({ told }: Tick): string[] =>
  told.map(({ name, because }) => (because === undefined ? name : `${name}: ${because}`));
/** The signals of the positions that were opened. */
export const opened = ({ told }: Tick): string[] =>
  told.filter(({ name }) => name === 'opened').map(({ id }) => id ?? '');

/** A live engine of backtest-kit in a process of its own, on a venue that takes its time. */
export class BacktestKitTrial {
  folder = '';
  venue!: { readonly gateway: Gateway; readonly clock: ManualGatewayClock };
  engine!: EngineProcess;

  begin(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'backtest-kit-'));
  }

  async end(): Promise<void> {
    await this.engine.end();
    await this.venue.gateway.close();
    rmSync(this.folder, { recursive: true });
  }

  async start(
    prices: readonly number[],
    options: Partial<GatewayOptions> = {},
    settings: object = {},
  ): Promise<Tick> {
    this.venue = await startSlowVenue(prices, options);
    return this.restart(settings);
  }

  async restart(settings: object = {}): Promise<Tick> {
    this.engine = new EngineProcess(this.venue, this.folder, { routing: evenly, ...settings });
    return this.engine.next();
  }

  tags(): (string | null)[] {
    return this.venue.gateway.truth().orders.map(({ customTag }) => customTag);
  }

  /** Contracts held, with their sign. */
  net(): number[] {
    return this.venue.gateway
      .truth()
      .positions.map((row) => heldRow.parse(row))
      .map(({ type, size }) => (type === 1 ? size : -size));
  }

  /** Two minutes: the engine takes the command in one tick and closes in the next. */
  async closeIt(): Promise<Tick> {
    await this.engine.minute(close);
    return this.engine.minute();
  }
}
