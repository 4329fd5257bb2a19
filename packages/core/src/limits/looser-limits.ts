import type { Limits } from './limits.ts';

/** The limits that a change would loosen, each as one `path: sentence`. What cannot be compared counts as looser when it is not the same. */
export function looserLimits(now: Limits, next: Limits): string[] {
  return [...numbers(now, next), ...symbols(now, next), ...rest(now, next)];
}

function* numbers(now: Limits, next: Limits): Generator<string> {
  for (const name of [
    'maxContracts',
    'maxOpenOrders',
    'maxOrdersPerMinute',
    'priceBandTicks',
  ] as const)
    yield* raised(name, now[name], next[name]);
  for (const [root, most] of Object.entries(now.maxContractsPerSymbol ?? {}))
    yield* raised(`maxContractsPerSymbol.${root}`, most, next.maxContractsPerSymbol?.[root]);
  yield* raised('dailyLoss.amount', now.dailyLoss?.amount, next.dailyLoss?.amount);
}

function* raised(
  name: string,
  now: number | undefined,
  next: number | undefined,
): Generator<string> {
  if (now !== undefined && (next === undefined || next > now))
    yield `${name}: is ${now}, and ${next ?? 'none'} is looser`;
}

function* symbols({ symbols: now }: Limits, { symbols: next }: Limits): Generator<string> {
  if (!now) return;
  if (!next) yield `symbols: is ${now.join(', ')}, and all are looser`;
  else
    for (const symbol of next)
      if (!now.includes(symbol)) yield `symbols: ${symbol} would be allowed anew`;
}

function* rest(now: Limits, next: Limits): Generator<string> {
  if ((now.whileUnknown ?? 'refuse') === 'refuse' && next.whileUnknown === 'count')
    yield 'whileUnknown: is refuse, and count is looser';
  if (now.tradingHours && JSON.stringify(now.tradingHours) !== JSON.stringify(next.tradingHours))
    yield 'tradingHours: are not the same';
  const day = ({ dailyLoss }: Limits): string =>
    `${dailyLoss?.dayBeginsAt ?? '17:00'} ${dailyLoss?.timeZone ?? 'America/Chicago'}`;
  if (now.dailyLoss && next.dailyLoss && day(now) !== day(next))
    yield 'dailyLoss: the day would begin at another time';
}
