/** One row of what is aimed at. */
export interface Target {
  readonly ratio: RatioName;
  /** What is compared, in words. */
  readonly what: string;
  readonly bound: '≤' | '≥' | '<';
  readonly value: number;
  readonly unit: '' | 'ms' | 'µs';
  /** Over which transport it was measured. */
  readonly over: 'HTTP' | 'HTTPS' | '';
  /** The part of the bench that gives it, as `--only` takes it; with what it is compared to, if that is another part's. */
  readonly part: string;
}

/** Of the JSON object. */
export const jsonRatios = [
  'arrivalWhileComputingMs',
  'wholeOverRawSocket',
  'wholeOverRawSocketFileJournal',
  'wholeOverDispatch',
  'fetchOverWhole',
  'coldTlsOverWhole',
  'rtt20P50',
  'rtt20P99',
  'rtt20IdleP50',
  'busyOverIdleP99',
  'memoryGrowth',
  'routeUs',
  'toWireUs',
] as const;

/** Printed beside them. */
export const moreRatios = [
  'arrivalWhileComputingMsTls',
  'wholeOverRawSocketTls',
  'wholeOverRawSocketFileJournalTls',
  'wholeOverDispatchTls',
  'fetchOverWholeTls',
  'fallbackOverWhole',
  'fallbackOverWholeTls',
  'rtt20P50Http',
  'rtt20P99Http',
  'rtt20IdleP99',
  'rtt20TenMinutesP50',
  'rtt20TenMinutesP99',
  'busy20kOverIdleP99',
  'busyRawOverIdleP99',
  'restExtraUs',
  'restExtraUsTls',
  'stalledOverAlone',
  'deliverOverRawSocket',
  'deliverOverRawSocketTls',
  'deliverOverDispatch',
  'deliverOverDispatchTls',
  'toWireUsTls',
] as const;

export type RatioName = (typeof jsonRatios)[number] | (typeof moreRatios)[number];
/** Null: the part that gives it was not run. */
export type Ratios = Readonly<Record<RatioName, number | null>>;

const target = (
  part: string,
  ratio: RatioName,
  what: string,
  bound: Target['bound'],
  value: number,
  over: Target['over'],
  unit: Target['unit'] = '',
): Target => ({ ratio, what, bound, value, unit, over, part });

export const targets: readonly Target[] = [
  target(
    'caller computes',
    'arrivalWhileComputingMs',
    'call to arrival at the server, while the caller computes for 20 ms',
    '≤',
    1,
    'HTTP',
    'ms',
  ),
  target(
    'caller computes',
    'arrivalWhileComputingMsTls',
    'call to arrival at the server, while the caller computes for 20 ms',
    '≤',
    1,
    'HTTPS',
    'ms',
  ),
  target(
    'one at a time',
    'wholeOverRawSocket',
    'whole placeOrder, memoryJournal ÷ raw socket',
    '≤',
    1.25,
    'HTTP',
  ),
  target(
    'one at a time',
    'wholeOverRawSocketTls',
    'whole placeOrder, memoryJournal ÷ raw socket',
    '≤',
    1.25,
    'HTTPS',
  ),
  target(
    'one at a time',
    'wholeOverRawSocketFileJournal',
    'whole placeOrder, fileJournal ÷ raw socket',
    '≤',
    1.5,
    'HTTP',
  ),
  target(
    'one at a time',
    'wholeOverRawSocketFileJournalTls',
    'whole placeOrder, fileJournal ÷ raw socket',
    '≤',
    1.25,
    'HTTPS',
  ),
  target(
    'one at a time',
    'restExtraUs',
    'what a rest adds to the whole beyond what it adds to a raw socket',
    '≤',
    25,
    'HTTP',
    'µs',
  ),
  target(
    'one at a time',
    'restExtraUsTls',
    'what a rest adds to the whole beyond what it adds to a raw socket',
    '≤',
    25,
    'HTTPS',
    'µs',
  ),
  target(
    'one at a time',
    'wholeOverDispatch',
    'whole placeOrder ÷ undici dispatch',
    '<',
    0.85,
    'HTTP',
  ),
  target(
    'one at a time',
    'wholeOverDispatchTls',
    'whole placeOrder ÷ undici dispatch',
    '<',
    0.85,
    'HTTPS',
  ),
  target('one at a time', 'fetchOverWhole', 'fetch and JSON ÷ whole placeOrder', '≥', 6, 'HTTP'),
  target(
    'one at a time',
    'fetchOverWholeTls',
    'fetch and JSON ÷ whole placeOrder',
    '≥',
    5,
    'HTTPS',
  ),
  target(
    'one at a time',
    'coldTlsOverWhole',
    'a new TLS connection for each order ÷ whole placeOrder',
    '≥',
    25,
    'HTTPS',
  ),
  target(
    'far away',
    'rtt20P50Http',
    'an order over 20 ms of round trip ÷ warm raw socket, p50',
    '≤',
    1.05,
    'HTTP',
  ),
  target(
    'far away',
    'rtt20P99Http',
    'an order over 20 ms of round trip ÷ warm raw socket, p99',
    '≤',
    1.05,
    'HTTP',
  ),
  target(
    'far away',
    'rtt20P50',
    'an order over 20 ms of round trip ÷ warm raw socket, p50',
    '≤',
    1.05,
    'HTTPS',
  ),
  target(
    'far away',
    'rtt20P99',
    'an order over 20 ms of round trip ÷ warm raw socket, p99',
    '≤',
    1.05,
    'HTTPS',
  ),
  target(
    'far away',
    'rtt20IdleP50',
    'the same after idling past the server’s keep-alive, p50',
    '≤',
    1.05,
    'HTTPS',
  ),
  target(
    'far away',
    'rtt20IdleP99',
    'the same after idling past the server’s keep-alive, p99',
    '≤',
    1.05,
    'HTTPS',
  ),
  target(
    'far away,ten idle minutes',
    'rtt20TenMinutesP50',
    'the same after ten idle minutes, p50',
    '≤',
    1.05,
    'HTTPS',
  ),
  target(
    'far away,ten idle minutes',
    'rtt20TenMinutesP99',
    'the same after ten idle minutes, the slowest of eight',
    '≤',
    1.05,
    'HTTPS',
  ),
  target(
    'busy',
    'busyOverIdleP99',
    'p99 from the due time with 5,000 hub events a second ÷ idle',
    '≤',
    2,
    'HTTP',
  ),
  target(
    'stalled',
    'stalledOverAlone',
    'an order beside one that the server is silent to ÷ beside one that it answers, p50',
    '≤',
    1.1,
    'HTTP',
  ),
  target('memory', 'memoryGrowth', 'memory after the last order ÷ after 10,000', '≤', 1.1, 'HTTP'),
  target('routing', 'routeUs', 'choosing the executor of an order', '<', 2, '', 'µs'),
];

export function isMet({ bound, value }: Target, measured: number): boolean {
  return bound === '≥' ? measured >= value : bound === '<' ? measured < value : measured <= value;
}
