import type { JournalRecord } from './journal.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What is wrong with a record, as a sentence that begins with the field; undefined when nothing is. */
type Check = (record: Fields) => string | undefined;

/** Checks of every kind of record. Written by hand: half a million lines are read at a start. */
const checks: ReadonlyMap<string, Check> = new Map<JournalRecord['kind'], Check>([
  [
    'intent',
    (record) =>
      operation(record) ??
      optionalText(record, 'clientOrderId') ??
      optionalText(record, 'orderId') ??
      text(record, 'executor') ??
      intentContent(record) ??
      decision(record) ??
      detour(record),
  ],
  [
    'attempt',
    (record) =>
      operation(record) ??
      optionalText(record, 'clientOrderId') ??
      optionalText(record, 'orderId') ??
      text(record, 'executor') ??
      text(record, 'because') ??
      detour(record),
  ],
  [
    'outcome',
    (record) =>
      operation(record) ??
      optionalText(record, 'clientOrderId') ??
      optionalText(record, 'orderId') ??
      oneOf(record, 'outcome', outcomes) ??
      optionalText(record, 'code') ??
      optionalText(record, 'message'),
  ],
  ['withdrawal', (record) => text(record, 'clientOrderId')],
  ['arrival', (record) => text(record, 'clientOrderId')],
  ['halt', () => undefined],
  ['resume', () => undefined],
  ['oco', oco],
  [
    'rollout',
    (record) =>
      text(record, 'executor') ??
      text(record, 'cause') ??
      number(record, 'fromPercent') ??
      number(record, 'toPercent') ??
      text(record, 'because') ??
      optionalText(record, 'latch') ??
      ramp(record),
  ],
  [
    'rollout-window',
    (record) =>
      text(record, 'executor') ??
      number(record, 'percent') ??
      tally(record, 'ramp') ??
      tally(record, 'control'),
  ],
]);

/** `of`: what a record is. An unknown kind is a newer version's. */
export type RecordCheck =
  | { readonly of: 'known'; readonly record: JournalRecord }
  | { readonly of: 'unknown'; readonly kind: string }
  | { readonly of: 'nothing'; readonly problem: string };

/** Tells what a value is that should be a record. */
export function checkRecord(value: unknown): RecordCheck {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { of: 'nothing', problem: 'it is no JSON object' };
  const record = value as Fields;
  const { kind } = record;
  const problem = text(record, 'kind') ?? instant(record, 'at');
  if (problem !== undefined || typeof kind !== 'string')
    return { of: 'nothing', problem: problem ?? 'kind is missing' };
  const check = checks.get(kind);
  if (!check) return { of: 'unknown', kind };
  const fault = check(record);
  return fault === undefined
    ? { of: 'known', record: value as JournalRecord }
    : { of: 'nothing', problem: fault };
}

const operations: ReadonlySet<unknown> = new Set(['place', 'modify', 'cancel', 'close', 'reduce']);
const outcomes: ReadonlySet<unknown> = new Set(['accepted', 'rejected', 'not-sent', 'unknown']);
const sides: ReadonlySet<unknown> = new Set(['buy', 'sell']);
const legs: ReadonlySet<unknown> = new Set(['stop', 'target']);

function text(record: Fields, field: string): string | undefined {
  return typeof record[field] === 'string' ? undefined : wrong(record, field, 'text');
}
function optionalText(record: Fields, field: string): string | undefined {
  return optional(record, field, text);
}
function number(record: Fields, field: string): string | undefined {
  return Number.isFinite(record[field]) ? undefined : wrong(record, field, 'a number');
}
/** Wall milliseconds, as a `Date` takes them. */
function instant(record: Fields, field: string): string | undefined {
  const value = record[field];
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
    ? undefined
    : wrong(record, field, 'milliseconds since 1970');
}
function optional(
  record: Fields,
  field: string,
  check: (record: Fields, field: string) => string | undefined,
): string | undefined {
  return record[field] === undefined ? undefined : check(record, field);
}
function list(record: Fields, field: string, check: Check): string | undefined {
  const value = record[field];
  if (!Array.isArray(value)) return wrong(record, field, 'a list');
  const items: Fields = Object.fromEntries(value.entries());
  for (const index of value.keys()) {
    const problem = inside(items, String(index), check);
    if (problem !== undefined) return `${field}.${problem}`;
  }
  return undefined;
}
function object(record: Fields, field: string): string | undefined {
  const value = record[field];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : wrong(record, field, 'an object');
}
function oneOf(record: Fields, field: string, values: ReadonlySet<unknown>): string | undefined {
  return values.has(record[field]) ? undefined : wrong(record, field, [...values].join(', '));
}
function side(record: Fields, field: string): string | undefined {
  return oneOf(record, field, sides);
}
function operation(record: Fields): string | undefined {
  return oneOf(record, 'operation', operations);
}

function wrong(record: Fields, field: string, wanted: string): string {
  if (!(field in record)) return `${field} is missing`;
  const shown = JSON.stringify(record[field]) ?? String(record[field]);
  return `${field} is ${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}, must be ${wanted}`;
}

/** Of the field of a record, as a sentence that names both. */
function inside(record: Fields, field: string, check: Check): string | undefined {
  const problem = object(record, field) ?? check(record[field] as Fields);
  return problem === undefined || problem.startsWith(`${field} is`)
    ? problem
    : `${field}.${problem}`;
}

/** What was asked for is settled against what the venue has. A field may be left out, as an author's own tool may have done. */
function intentContent(record: Fields): string | undefined {
  return inside(
    record,
    'content',
    (content) =>
      optionalText(content, 'contractId') ??
      optionalText(content, 'symbol') ??
      optionalText(content, 'type') ??
      optional(content, 'side', side) ??
      optional(content, 'quantity', number),
  );
}

/** Why an executor got a request. */
function decision(record: Fields): string | undefined {
  return (
    optional(record, 'bucket', number) ??
    optional(record, 'rule', rule) ??
    optionalText(record, 'assigned') ??
    optional(record, 'cut', cut)
  );
}
function rule(record: Fields, field: string): string | undefined {
  return typeof record[field] === 'number' ? number(record, field) : text(record, field);
}
function cut(record: Fields, field: string): string | undefined {
  return inside(
    record,
    field,
    (share) =>
      text(share, 'executor') ??
      text(share, 'from') ??
      text(share, 'by') ??
      number(share, 'tablePercent') ??
      number(share, 'inForcePercent'),
  );
}
function detour(record: Fields): string | undefined {
  return optional(record, 'passedBy', (each, field) =>
    list(
      each,
      field,
      (passed) =>
        text(passed, 'executor') ??
        text(passed, 'why') ??
        text(passed, 'because') ??
        optional(passed, 'since', instant),
    ),
  );
}

function oco(record: Fields): string | undefined {
  return (
    text(record, 'entry') ??
    text(record, 'step') ??
    ocoSteps.get(record['step'])?.(record) ??
    (ocoSteps.has(record['step'])
      ? undefined
      : wrong(record, 'step', [...ocoSteps.keys()].join(', ')))
  );
}

const leg: Check = (record) =>
  oneOf(record, 'leg', legs) ??
  text(record, 'clientOrderId') ??
  number(record, 'quantity') ??
  optional(record, 'price', number) ??
  number(record, 'filled');
const quantity: Check = (record) => number(record, 'quantity');
const ocoSteps: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
  [
    'armed',
    (record) =>
      text(record, 'contractId') ??
      side(record, 'side') ??
      object(record, 'bracket') ??
      optionalText(record, 'strategy'),
  ],
  ['leg', leg],
  ['resize', leg],
  ['cancel', (record) => text(record, 'clientOrderId')],
  ['exit', quantity],
  ['reducing', quantity],
  ['excess', quantity],
  ['ended', () => undefined],
]);

function ramp(record: Fields): string | undefined {
  if (record['ramp'] === undefined) return undefined;
  return inside(
    record,
    'ramp',
    (memory) =>
      number(memory, 'percent') ??
      instant(memory, 'since') ??
      number(memory, 'setbacks') ??
      number(memory, 'fellFrom') ??
      zero(memory),
  );
}
function zero(memory: Fields): string | undefined {
  if (memory['zero'] === undefined) return undefined;
  return inside(
    memory,
    'zero',
    (state) => text(state, 'because') ?? optional(state, 'reenterAt', instant),
  );
}

function tally(record: Fields, field: string): string | undefined {
  return inside(
    record,
    field,
    (counts) =>
      number(counts, 'deliveries') ??
      number(counts, 'unknown') ??
      number(counts, 'failed') ??
      bins(counts, 'overhead') ??
      bins(counts, 'total'),
  );
}
function bins(counts: Fields, field: string): string | undefined {
  const value = counts[field];
  return Array.isArray(value) && value.every((bin) => Number.isFinite(bin))
    ? undefined
    : wrong(counts, field, 'a list of numbers');
}
