import type { BarsRequest } from '../bar.ts';
import type { Capabilities } from '../capabilities.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { MarketChannel } from '../market-data.ts';
import type { MarketListener, SubscribeRequest } from '../market/subscription.ts';
import type { OrderRef } from '../order-request.ts';
import { checkFields } from '../validation/check-fields.ts';
import { symbolProblem } from '../validation/field-checks.ts';
import { shown } from '../validation/field-problem.ts';
import { referenceProblem } from '../validation/validate-change.ts';
import type { TimeSpan } from './broker.ts';

const channelNames: readonly MarketChannel[] = ['quotes', 'trades', 'depth'];
const units: readonly BarsRequest['unit'][] = ['second', 'minute', 'hour', 'day', 'week', 'month'];
const orders = ['oldest-first', 'newest-first'] as const;
/** Milliseconds that a date can hold. */
const latest = 8_640_000_000_000_000;

/*
 * What a bot asks for, each as a plain copy of which every field was read once. They throw `InvalidOptionsError` with every problem as `path: sentence`: a read of something else than what was meant is none.
 */

export function readReference(
  method: string,
  given: unknown,
  capabilities: Capabilities,
): OrderRef {
  const reference = checkFields(method, given, ['orderId', 'clientOrderId']) as OrderRef;
  const problem = referenceProblem(reference, capabilities);
  if (problem) throw new InvalidOptionsError(method, [`${problem.field}: ${problem.message}`]);
  return reference;
}

/** One option that is on or off, of those that a method may be given. */
export function readFlag(method: string, name: string, given: unknown): boolean {
  if (given === undefined) return false;
  const { [name]: flag } = checkFields(method, given, [name]);
  if (flag !== undefined && typeof flag !== 'boolean')
    throw new InvalidOptionsError(method, [`${name}: is ${shown(flag)}, must be true or false`]);
  return flag === true;
}

export function readSpan(method: string, given: unknown): TimeSpan {
  const span = checkFields(method, given, ['from', 'to']);
  refuse(method, [
    timeProblem('from', span.from),
    span.to === undefined ? undefined : timeProblem('to', span.to),
  ]);
  return span as unknown as TimeSpan;
}

export function readBarsRequest(given: unknown): BarsRequest {
  const request = checkFields('getBars', given, [
    'symbol',
    'from',
    'to',
    'unit',
    'unitCount',
    'order',
  ]);
  const { symbol, from, to, unit, unitCount, order } = request;
  refuse('getBars', [
    nameProblem(symbol),
    timeProblem('from', from),
    to === undefined ? undefined : timeProblem('to', to),
    wordProblem('unit', unit, units),
    unitCount === undefined ||
    (Number.isInteger(unitCount) &&
      typeof unitCount === 'number' &&
      unitCount >= 1 &&
      unitCount <= 1_000_000)
      ? undefined
      : `unitCount: is ${shown(unitCount)}, must be a whole number, 1 or more`,
    order === undefined ? undefined : wordProblem('order', order, orders),
  ]);
  return request as unknown as BarsRequest;
}

export function readSubscription(
  given: unknown,
  listener: unknown,
): {
  readonly symbol: string;
  readonly channels: readonly MarketChannel[];
  readonly listener: MarketListener | undefined;
} {
  const request = checkFields('subscribe', given, ['symbol', 'channels']) as {
    readonly symbol?: unknown;
    readonly channels?: unknown;
  };
  const channels: unknown = Array.isArray(request.channels)
    ? [...request.channels]
    : (request.channels ?? ['quotes']);
  const isRight =
    Array.isArray(channels) &&
    channels.length > 0 &&
    channels.every((channel) => channelNames.some((name) => name === channel));
  refuse('subscribe', [
    nameProblem(request.symbol),
    isRight
      ? undefined
      : `channels: is ${channelsText(channels)}, must hold one or more of ${channelNames.join(', ')}`,
    listener === undefined || typeof listener === 'function'
      ? undefined
      : `listener: is ${shown(listener)}, must be a function that takes what the market stream brings`,
  ]);
  const { symbol } = request as SubscribeRequest;
  return {
    symbol,
    channels: channels as MarketChannel[],
    listener: listener as MarketListener | undefined,
  };
}

export function readTimeout(method: string, given: unknown): number {
  const { timeoutMs } = checkFields(method, given, ['timeoutMs']);
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0))
    throw new InvalidOptionsError(method, [
      `timeoutMs: is ${shown(timeoutMs)}, must be milliseconds above 0`,
    ]);
  return timeoutMs;
}

/** Text of at most `longest` characters. */
export function readText(
  method: string,
  name: string,
  given: unknown,
  { longest, mayBeEmpty = false }: { readonly longest: number; readonly mayBeEmpty?: boolean },
): string {
  if (typeof given === 'string' && given.length <= longest && (mayBeEmpty || given !== ''))
    return given;
  throw new InvalidOptionsError(method, [
    `${name}: is ${shown(given)}, must be text of ${mayBeEmpty ? 'at most' : '1 to'} ${longest} characters`,
  ]);
}

function refuse(method: string, problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new InvalidOptionsError(method, found);
}

function nameProblem(symbol: unknown): string | undefined {
  const problem = symbolProblem(symbol);
  return problem && `symbol: ${problem.message.slice('symbol '.length)}`;
}

function timeProblem(name: string, value: unknown): string | undefined {
  if (typeof value === 'number' && Math.abs(value) <= latest) return undefined;
  return `${name}: is ${shown(value)}, must be milliseconds since the epoch, such as Date.now()`;
}

function wordProblem(name: string, value: unknown, words: readonly string[]): string | undefined {
  return words.some((word) => word === value)
    ? undefined
    : `${name}: is ${shown(value)}, must be ${words.map((word) => `"${word}"`).join(' or ')}`;
}

function channelsText(channels: unknown): string {
  return Array.isArray(channels) ? `[${channels.map(shown).join(', ')}]` : shown(channels);
}
