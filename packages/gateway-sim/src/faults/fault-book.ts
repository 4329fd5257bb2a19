import * as z from 'zod';
import { seededRandom } from '../seeded-random.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Fault, FaultCount, FaultRule, HubFault, RequestFault } from './fault.ts';
import { faultRuleSchema } from './fault-rule-schema.ts';
import type { FaultStage } from './fault-stage.ts';
import {
  isHubFault,
  isRequestFault,
  matchesEndpoint,
  ruleProblem,
  stageOf,
} from './fault-stage.ts';

/** What goes wrong, as a test sets it. */
export interface GatewayFaults {
  /** Adds a rule behind those there are, and gives its id. Of several rules that would strike the same call the first one does. Throws for a rule that is malformed or can never match. */
  add(rule: FaultRule): string;
  /** False when there is no such rule. */
  remove(id: string): boolean;
  /** Removes every rule. */
  clear(): void;
  /** How often each rule has matched and struck, by id. */
  counts(): Readonly<Record<string, FaultCount>>;
  /** The rules, in the order in which they are tried. */
  rules(): readonly FaultRule[];
}

/** What a hub asks before it sends an event to one connection. */
export interface HubFaults {
  hubFault(event: HubEventFacts): HubFault | undefined;
}
/** What a rule can tell hub events apart by. */
export interface HubEventFacts {
  readonly hub: 'user' | 'market';
  /** Such as `GatewayUserOrder`. */
  readonly event: string;
  readonly accountId?: number | undefined;
}

interface Armed {
  readonly rule: FaultRule;
  readonly stage: FaultStage;
  readonly random: SeededRandom;
  matched: number;
  struck: number;
}
interface CallFacts {
  readonly endpoint?: string;
  readonly hub?: 'user' | 'market';
  readonly event?: string;
  accountId?(): number | undefined;
}

/** All rules, and which of them strikes. */
export class FaultBook implements GatewayFaults, HubFaults {
  readonly #seed: number;
  readonly #endpoints: readonly string[];
  readonly #changed: () => void;
  readonly #armed = new Map<string, Armed>();
  #made = 0;

  /** `changed` is called after rules came or went. */
  constructor(seed: number, endpoints: readonly string[], changed: () => void) {
    this.#seed = seed;
    this.#endpoints = endpoints;
    this.#changed = changed;
  }

  add(given: FaultRule): string {
    const bound = faultRuleSchema.safeParse(given);
    if (!bound.success) throw new TypeError(`fault rule: ${z.prettifyError(bound.error)}`);
    const rule = bound.data;
    const problem = ruleProblem(rule, this.#endpoints);
    if (problem !== undefined) throw new TypeError(`fault rule: ${problem}`);
    if (rule.id !== undefined && this.#armed.has(rule.id))
      throw new TypeError(`fault rule: id is "${rule.id}", which is taken`);
    while (rule.id === undefined && this.#armed.has(`fault-${this.#made + 1}`)) this.#made += 1;
    const id = rule.id ?? `fault-${(this.#made += 1)}`;
    this.#armed.set(id, {
      rule: { ...rule, id },
      stage: stageOf(rule.fault),
      random: seededRandom(rule.seed ?? this.#seed, `fault ${id}`),
      matched: 0,
      struck: 0,
    });
    this.#changed();
    return id;
  }

  remove(id: string): boolean {
    const removed = this.#armed.delete(id);
    if (removed) this.#changed();
    return removed;
  }

  clear(): void {
    this.#armed.clear();
    this.#changed();
  }

  counts(): Readonly<Record<string, FaultCount>> {
    return Object.fromEntries(
      [...this.#armed].map(([id, { matched, struck }]) => [id, { matched, struck }]),
    );
  }

  rules(): readonly FaultRule[] {
    return [...this.#armed.values()].map(({ rule }) => rule);
  }

  /** Whether a connection just made is reset. */
  strikesConnection(): boolean {
    return this.#strike('connect', {}) !== undefined;
  }

  /** Whether a request whose head is there is reset. */
  strikesHead(endpoint: string): boolean {
    return this.#strike('head', { endpoint }) !== undefined;
  }

  /** What happens to a request that has been read. */
  requestFault(endpoint: string, accountId: () => number | undefined): RequestFault | undefined {
    const fault = this.#strike('request', { endpoint, accountId });
    return fault && isRequestFault(fault) ? fault : undefined;
  }

  hubFault({ hub, event, accountId }: HubEventFacts): HubFault | undefined {
    const fault = this.#strike('hub', { hub, event, accountId: () => accountId });
    return fault && isHubFault(fault) ? fault : undefined;
  }

  #strike(stage: FaultStage, facts: CallFacts): Fault | undefined {
    for (const armed of this.#armed.values()) {
      if (armed.stage !== stage || !matches(armed.rule, facts)) continue;
      armed.matched += 1;
      const { nth, count = Infinity, probability = 1, fault } = armed.rule;
      if (armed.struck >= count || (nth !== undefined && armed.matched !== nth)) continue;
      if (probability < 1 && armed.random() >= probability) continue;
      armed.struck += 1;
      return fault;
    }
    return undefined;
  }
}

function matches(rule: FaultRule, facts: CallFacts): boolean {
  if (facts.endpoint !== undefined && !matchesEndpoint(rule.endpoint, facts.endpoint)) return false;
  if (rule.hub !== undefined && rule.hub !== facts.hub) return false;
  if (rule.event !== undefined && rule.event !== facts.event) return false;
  return rule.accountId === undefined || rule.accountId === facts.accountId?.();
}
