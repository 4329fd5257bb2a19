import type { Fault, FaultRule } from '@hotpath/gateway-sim';

type Planned = readonly [name: string, probability: number, fault: Fault];

const mutations = [
  'Order/place',
  'Order/modify',
  'Order/cancel',
  'Position/closeContract',
  'Position/partialCloseContract',
];

/** What strikes every mutation. A refusal after the deed would be a lie that no client could see through, so refusals come before it. */
function mutationFaults(longestDelayMs: number): Planned[] {
  const delay = (part: number): number => Math.max(1, Math.round(longestDelayMs * part));
  return [
    ['reset before reading', 0.01, { kind: 'reset', at: 'before-reading' }],
    ['reset after reading', 0.01, { kind: 'reset', at: 'after-reading' }],
    ['reset after accepting', 0.02, { kind: 'reset', at: 'after-accepting' }],
    ['reset in the answer', 0.01, { kind: 'reset', at: 'mid-answer' }],
    ['stall after accepting', 0.01, { kind: 'stall', at: 'after-accepting' }],
    ['stall before accepting', 0.01, { kind: 'stall', at: 'before-accepting', forMs: delay(0.7) }],
    ['500 before accepting', 0.01, { kind: 'status', status: 500 }],
    ['500 after accepting', 0.01, { kind: 'status', status: 500, at: 'after-accepting' }],
    ['502 after accepting', 0.005, { kind: 'status', status: 502, at: 'after-accepting' }],
    [
      '503 after accepting',
      0.005,
      { kind: 'status', status: 503, at: 'after-accepting', body: '<html>busy</html>' },
    ],
    ['401 before accepting', 0.005, { kind: 'status', status: 401 }],
    ['429 before accepting', 0.003, { kind: 'status', status: 429 }],
    ['429 after accepting', 0.003, { kind: 'status', status: 429, at: 'after-accepting' }],
    ['a code nobody knows', 0.003, { kind: 'answer', errorCode: 77, at: 'after-accepting' }],
    ['empty body', 0.004, { kind: 'body', form: 'empty' }],
    ['truncated body', 0.004, { kind: 'body', form: 'truncated' }],
    ['html body', 0.004, { kind: 'body', form: 'html' }],
    ['wrong types', 0.004, { kind: 'body', form: 'wrong-types' }],
    ['missing payload', 0.004, { kind: 'body', form: 'missing-payload' }],
    ['null payload', 0.004, { kind: 'body', form: 'null-payload' }],
    ['slow answer', 0.005, { kind: 'slow', bytes: 40, everyMs: 10 }],
    ['late, answer waits', 0.01, { kind: 'delay', byMs: delay(0.5) }],
    ['late, 500 at once', 0.01, { kind: 'delay', byMs: delay(1), answer: 500 }],
    ['late, 503 at once', 0.005, { kind: 'delay', byMs: delay(0.3), answer: 503 }],
    ['late, reset at once', 0.01, { kind: 'delay', byMs: delay(0.9), answer: 'reset' }],
  ];
}

/** Codes that mean "nobody knows" for a place, and a refusal for other mutations. */
const placeFaults: Planned[] = [
  ['pending', 0.005, { kind: 'answer', errorCode: 6, at: 'after-accepting' }],
  ['unknown error', 0.005, { kind: 'answer', errorCode: 7, at: 'after-accepting' }],
  ['unknown error before accepting', 0.005, { kind: 'answer', errorCode: 7 }],
  ['refusal', 0.005, { kind: 'answer', errorCode: 1, errorMessage: 'Refused by the campaign.' }],
];

const readFaults: Planned[] = [
  ['read: 500', 0.02, { kind: 'status', status: 500 }],
  ['read: reset', 0.02, { kind: 'reset', at: 'after-reading' }],
  ['read: truncated', 0.01, { kind: 'body', form: 'truncated' }],
  ['read: missing payload', 0.01, { kind: 'body', form: 'missing-payload' }],
  ['read: null payload', 0.01, { kind: 'body', form: 'null-payload' }],
  ['read: 401', 0.01, { kind: 'status', status: 401 }],
  ['read: clock ahead', 0.05, { kind: 'clock-skew', byMs: 120_000 }],
  ['read: clock behind', 0.05, { kind: 'clock-skew', byMs: -120_000 }],
];

/** What strikes the login, the account and the contracts: a start outlives it, also in the middle of trading. */
const startFaults: Planned[] = [
  ['start: answer lost', 0.08, { kind: 'reset', at: 'after-reading' }],
  ['start: no answer', 0.03, { kind: 'stall', at: 'after-accepting' }],
  ['start: 502', 0.06, { kind: 'status', status: 502 }],
  ['start: 429', 0.03, { kind: 'status', status: 429 }],
  ['start: truncated', 0.03, { kind: 'body', form: 'truncated' }],
];

const hubFaults: Planned[] = [
  ['event twice', 0.03, { kind: 'event-duplicate' }],
  ['event lost', 0.03, { kind: 'event-drop' }],
  ['event late', 0.05, { kind: 'event-delay', byMs: 300 }],
  ['events out of order', 0.03, { kind: 'event-reorder' }],
  ['hub cut', 0.002, { kind: 'hub-drop' }],
  ['hub mute', 0.001, { kind: 'hub-mute', forMs: 1_000 }],
];

/** Every fault of the simulator, by rules whose ids begin with the name that the report counts them under. `starts`: also on what a start asks, which other clients do not outlive. */
export function faultPlan(
  longestDelayMs: number,
  { starts }: { readonly starts: boolean },
): FaultRule[] {
  return [
    ...mutations.flatMap((endpoint) => rules(mutationFaults(longestDelayMs), { endpoint })),
    ...rules(placeFaults, { endpoint: 'Order/place' }),
    ...['Order/search', 'Position/searchOpen', 'Order/searchOpen'].flatMap((endpoint) =>
      rules(readFaults, { endpoint }),
    ),
    ...(starts ? ['Auth/loginKey', 'Account/search', 'Contract/available'] : []).flatMap(
      (endpoint) => rules(startFaults, { endpoint }),
    ),
    ...rules([['connection reset at once', 0.01, { kind: 'reset', at: 'connect' }]], {}),
    ...rules(hubFaults, { hub: 'user' }),
  ];
}

function rules(
  planned: readonly Planned[],
  where: Pick<FaultRule, 'endpoint' | 'hub'>,
): FaultRule[] {
  return planned.map(([name, probability, fault]) => ({
    ...where,
    id: `${name}${separator}${where.endpoint ?? where.hub ?? ''}`,
    probability,
    fault,
  }));
}

const separator = ' @ ';

/** Under which name a rule is counted. */
export function faultName(ruleId: string): string {
  return ruleId.split(separator, 1)[0] ?? ruleId;
}
