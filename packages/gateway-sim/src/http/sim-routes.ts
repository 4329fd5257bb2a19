import * as z from 'zod';
import type { GatewayClock } from '../clock.ts';
import type { GatewayFaults } from '../faults/fault-book.ts';
import { endlessRefusal } from '../faults/endless-refusal.ts';
import { faultRuleSchema } from '../faults/fault-rule-schema.ts';
import type { FaultRule } from '../faults/fault.ts';
import { isManualClock } from '../manual-gateway-clock.ts';
import type { Truth } from '../truth.ts';
import type { Reply } from './reply.ts';

/** What the control endpoints act on. */
export interface SimParts {
  readonly clock: GatewayClock;
  readonly faults: GatewayFaults;
  /** Whether these endpoints have a port of their own, which no fault strikes. */
  readonly ownPort: boolean;
  truth(): Truth;
  reset(seed: number | undefined): void;
  /** Of one user, or of all. */
  revokeTokens(userName: string | undefined): void;
  /** Makes a product's next month the front one, and gives the new contract's id; undefined for no such product. */
  rollContract(product: string): string | undefined;
}

/** Answers one control request; `path` is whole and without a query, `body` as it came. */
export type SimRoutes = (method: string, path: string, body: string) => Reply;

const clockMove = z.union([
  z.strictObject({ advanceMs: z.number().min(0) }),
  z.strictObject({
    now: z.union([
      z.number(),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ]),
  }),
]);
const resetBody = z.strictObject({ seed: z.int().min(0).optional() });
const rollBody = z.strictObject({ product: z.string().min(1) });
const revokeBody = z.strictObject({ userName: z.string().min(1).optional() });

/** The endpoints under `/sim/`, which the live gateway does not have. */
export function createSimRoutes(parts: SimParts): SimRoutes {
  const routes: Record<string, (body: string) => Reply> = {
    'GET /sim/truth': () => json(parts.truth()),
    'GET /sim/clock': () => json(clockRow(parts.clock)),
    'POST /sim/clock': (body) => moveClock(parts.clock, body),
    'POST /sim/reset': (body) =>
      bind(resetBody, body, ({ seed }) => (parts.reset(seed), json({ reset: true }))),
    'POST /sim/revoke': (body) =>
      bind(
        revokeBody,
        body,
        ({ userName }) => (
          parts.revokeTokens(userName),
          json({ revoked: userName ?? 'all users' })
        ),
      ),
    'POST /sim/roll': (body) =>
      bind(rollBody, body, ({ product }) => rolled(product, parts.rollContract(product))),
    'GET /sim/faults': () => json(faultRows(parts.faults)),
    'POST /sim/faults': (body) => bind(faultRuleSchema, body, (rule) => addFault(parts, rule)),
    'DELETE /sim/faults': () => (parts.faults.clear(), json(faultRows(parts.faults))),
  };
  return (method, path, body) => {
    const id =
      method === 'DELETE' && path.startsWith('/sim/faults/')
        ? decodeURIComponent(path.slice('/sim/faults/'.length))
        : undefined;
    if (id !== undefined)
      return parts.faults.remove(id)
        ? json(faultRows(parts.faults))
        : refused(404, `There is no fault rule "${id}".`);
    return (
      routes[`${method} ${path}`]?.(body) ??
      refused(404, `There is no ${method} ${path}; there are ${Object.keys(routes).join(', ')}.`)
    );
  };
}

function rolled(product: string, contractId: string | undefined): Reply {
  return contractId === undefined
    ? refused(400, `product is "${product}", must be the name of one such as MNQ`)
    : json({ contractId });
}

function addFault({ faults, ownPort, clock }: SimParts, rule: FaultRule): Reply {
  const problem = endlessRefusal(rule.fault, ownPort, clock);
  if (problem !== undefined) return refused(400, problem);
  try {
    return json({ id: faults.add(rule) });
  } catch (error) {
    return refused(400, error instanceof Error ? error.message : String(error));
  }
}

function faultRows(faults: GatewayFaults): object {
  const counts = faults.counts();
  return { faults: faults.rules().map((rule) => ({ ...rule, ...counts[rule.id ?? ''] })) };
}

function moveClock(clock: GatewayClock, body: string): Reply {
  if (!isManualClock(clock))
    return refused(
      409,
      'This gateway runs by the system clock. Start it with a manual clock to set its time.',
    );
  return bind(clockMove, body, (move) => {
    try {
      if ('now' in move) clock.set(move.now);
      else clock.advance(move.advanceMs);
    } catch (error) {
      return refused(400, error instanceof Error ? error.message : String(error));
    }
    return json(clockRow(clock));
  });
}

function clockRow(clock: GatewayClock): object {
  return {
    now: new Date(clock.now()).toISOString(),
    epochMs: clock.now(),
    manual: isManualClock(clock),
  };
}

/** Hands on a body that its schema takes, an empty one as `{}`; refuses others by name of the field. */
export function bind<Body>(
  schema: z.ZodType<Body>,
  body: string,
  act: (body: Body) => Reply,
): Reply {
  let fields: unknown;
  try {
    fields = body === '' ? {} : JSON.parse(body);
  } catch {
    return refused(400, 'The body is not JSON.');
  }
  const bound = schema.safeParse(fields);
  return bound.success ? act(bound.data) : refused(400, z.prettifyError(bound.error));
}

export function json(value: object): Reply {
  return { status: 200, body: JSON.stringify(value) };
}

export function refused(status: number, error: string): Reply {
  return { status, body: JSON.stringify({ error }) };
}
