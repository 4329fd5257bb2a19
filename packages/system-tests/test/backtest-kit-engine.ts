import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '@hotpath/gateway-sim';
import { manualGatewayClock, startGateway } from '@hotpath/gateway-sim';
import * as z from 'zod';
import { parseJson } from './parse-json.ts';

const minuteMs = 60_000;
/** What the engine and the broker said in one minute. */
export interface Tick {
  readonly told: readonly {
    readonly name: string;
    readonly id?: string | undefined;
    readonly because?: string | undefined;
    readonly done?: unknown;
    readonly error?: string | undefined;
  }[];
  readonly events: readonly { readonly name: string; readonly message: string }[];
  readonly delivered: readonly {
    readonly operation: string;
    readonly executor: string;
    readonly clientOrderId?: string | undefined;
  }[];
  readonly held: { readonly id: string; readonly position: string } | null;
}
const text: z.ZodOptional<z.ZodString> = z.string().optional();
const tick: z.ZodType<Tick> = z.object({
  told: z.array(
    z.object({
      name: z.string(),
      id: text,
      because: text,
      done: z.unknown().optional(),
      error: text,
    }),
  ),
  events: z.array(z.object({ name: z.string(), message: z.string() })),
  delivered: z.array(
    z.object({ operation: z.string(), executor: z.string(), clientOrderId: text }),
  ),
  held: z.object({ id: z.string(), position: z.string() }).nullable(),
});

export interface Signal {
  readonly id?: string;
  readonly position: 'long' | 'short';
  readonly priceOpen?: number;
  readonly priceTakeProfit: number;
  readonly priceStopLoss: number;
  readonly cost: number;
  readonly minuteEstimatedTime: number;
}
/** What the strategy does in the coming minute. */
export interface Minute {
  readonly signal?: Signal;
  readonly commits?: readonly { readonly name: string; readonly value?: readonly unknown[] }[];
  /** Drops the resting entry. */
  readonly cancelScheduled?: boolean;
}

/** A venue whose minutes pass when they are told to. Prices are ticks of a recording, one each minute. */
export async function startSlowVenue(
  prices: readonly number[],
  options: Partial<GatewayOptions> = {},
): Promise<{ readonly gateway: Gateway; readonly clock: ManualGatewayClock }> {
  const clock = manualGatewayClock(Date.UTC(2026, 8, 21, 14));
  const csv = `bid,ask,last,size\n${prices.map((price) => `${price},${price + 0.25},${price},5`).join('\n')}\n`;
  const gateway = await startGateway({
    clock,
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off', bars: 'off' },
    replay: { MNQ: { kind: 'ticks', csv } },
    ...options,
  });
  return { gateway, clock };
}

/** The engine in a process of its own. */
export class EngineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #venue: { readonly gateway: Gateway; readonly clock: ManualGatewayClock };
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;
  #hasExited = false;

  constructor(
    venue: { readonly gateway: Gateway; readonly clock: ManualGatewayClock },
    folder: string,
    settings: object,
  ) {
    this.#venue = venue;
    const told = JSON.stringify({
      baseUrl: venue.gateway.url,
      startAt: venue.clock.now(),
      ...settings,
    });
    this.#child = spawn(
      process.execPath,
      [fileURLToPath(new URL('backtest-kit-bot.mjs', import.meta.url)), told],
      { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#exited = once(this.#child, 'exit').then(() => (this.#hasExited = true));
  }

  /** What the engine says of its next tick. The venue's own timers run meanwhile, no faster than time does: the broker reckons with a venue whose clock goes as its own. */
  async next(): Promise<Tick> {
    const timers = setInterval(() => this.#venue.clock.advance(5), 5);
    try {
      for (;;) {
        const { value, done } = await this.#lines.next();
        if (done === true) throw new Error('the engine has ended');
        if (value.startsWith('{"ticked"')) return tick.parse(parseJson(value));
      }
    } finally {
      clearInterval(timers);
    }
  }

  /** Lets a minute begin at the venue, and the engine look at it. */
  begin(minute: Minute = {}): void {
    const { clock, gateway } = this.#venue;
    clock.set((Math.floor(clock.now() / minuteMs) + 1) * minuteMs);
    gateway.stepPrices();
    this.#child.stdin.write(`${JSON.stringify({ ...minute, to: clock.now() })}\n`);
  }

  minute(minute: Minute = {}): Promise<Tick> {
    this.begin(minute);
    return this.next();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async end(): Promise<void> {
    if (!this.#hasExited) await this.kill();
  }
}
