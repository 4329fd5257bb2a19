import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FaultRule, Truth } from '@hotpath/gateway-sim';
import { ended, startChild } from '../world/child.ts';
import { faultName } from './fault-plan.ts';
import type { VenueReady, VenueSettings } from './venue-process.ts';

/** The simulator in its own process, by its control port, which no fault strikes. */
export class VenueHandle {
  readonly url: string;
  readonly #simUrl: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: VenueReady) {
    this.#child = child;
    this.url = ready.url;
    this.#simUrl = ready.simUrl;
  }

  static async start(settings: VenueSettings): Promise<VenueHandle> {
    const child = startChild(new URL('venue-process.js', import.meta.url), settings);
    const [ready] = (await once(child, 'message')) as [VenueReady];
    return new VenueHandle(child, ready);
  }

  async add(rules: readonly FaultRule[]): Promise<void> {
    for (const rule of rules) await this.#ask('POST', '/sim/faults', rule);
  }

  /** How often each kind of fault has struck. */
  async struck(): Promise<Map<string, number>> {
    const { faults } = (await this.#ask('GET', '/sim/faults')) as {
      readonly faults: readonly (FaultRule & { readonly struck: number })[];
    };
    const counts = new Map<string, number>();
    for (const { id = '', struck } of faults)
      counts.set(faultName(id), (counts.get(faultName(id)) ?? 0) + struck);
    return counts;
  }

  async calm(): Promise<void> {
    await this.#ask('DELETE', '/sim/faults');
  }

  async revokeTokens(): Promise<void> {
    await this.#ask('POST', '/sim/revoke', {});
  }

  dropHubs(): void {
    this.#child.send('drop-hubs');
  }

  async truth(): Promise<Truth> {
    return (await this.#ask('GET', '/sim/truth')) as Truth;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await ended(this.#child);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#simUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(
        `${method} ${path} was answered ${response.status}: ${JSON.stringify(answer)}`,
      );
    return answer;
  }
}
