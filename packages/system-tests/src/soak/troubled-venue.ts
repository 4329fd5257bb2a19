import type { FaultRule, Gateway } from '@hotpath/gateway-sim';

const rules: Readonly<Record<string, FaultRule>> = {
  '503 before': { endpoint: 'Order/*', probability: 0.02, fault: { kind: 'status', status: 503 } },
  '500 after': {
    endpoint: 'Order/*',
    probability: 0.02,
    fault: { kind: 'status', status: 500, at: 'after-accepting' },
  },
  '502 on positions': {
    endpoint: 'Position/*',
    probability: 0.02,
    fault: { kind: 'status', status: 502 },
  },
  'reset after': {
    endpoint: 'Order/place',
    probability: 0.02,
    fault: { kind: 'reset', at: 'after-accepting' },
  },
  'no answer': {
    endpoint: 'Order/place',
    probability: 0.01,
    fault: { kind: 'stall', at: 'after-accepting' },
  },
  'empty answer': {
    endpoint: 'Order/*',
    probability: 0.005,
    fault: { kind: 'body', form: 'empty' },
  },
  '429': { probability: 0.003, fault: { kind: 'status', status: 429, retryAfter: 5 } },
};

/** The venue with what is wrong with it all the time, and what befalls it now and then. */
export class TroubledVenue {
  readonly struck: Record<string, number> = {};
  readonly #gateway: Gateway;
  /** Rules in force by name. */
  readonly #rules = new Map<string, string>();

  constructor(gateway: Gateway, seed: number) {
    this.#gateway = gateway;
    Object.entries(rules).forEach(([name, rule], index) =>
      this.#rules.set(name, gateway.faults.add({ ...rule, seed: seed * 100 + index })),
    );
  }

  /** Hubs end while the market goes on. Every third time they are away for a while. */
  dropHubs(chance: number): void {
    if (chance < 1 / 3)
      this.#strike('hub away', {
        endpoint: 'hubs/*',
        count: 1 + Math.floor(chance * 18),
        fault: { kind: 'status', status: 503 },
      });
    this.#gateway.dropHubs(chance < 0.8 ? 'user' : undefined);
    for (let step = 0; step < 6; step += 1) this.#gateway.stepPrices();
  }

  throttle(): void {
    this.#strike('burst of 429', { count: 20, fault: { kind: 'status', status: 429 } });
  }

  /** Nothing goes wrong any more. */
  recover(): void {
    for (const name of this.#rules.keys()) this.#lift(name);
  }

  /** Takes the place of the rule of that name. */
  #strike(name: string, rule: FaultRule): void {
    this.#lift(name);
    this.#rules.set(name, this.#gateway.faults.add(rule));
  }

  #lift(name: string): void {
    const { faults } = this.#gateway;
    const id = this.#rules.get(name);
    if (id === undefined) return;
    this.struck[name] = (this.struck[name] ?? 0) + (faults.counts()[id]?.struck ?? 0);
    faults.remove(id);
    this.#rules.delete(name);
  }
}
