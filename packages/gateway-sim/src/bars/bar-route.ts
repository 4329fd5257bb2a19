import { enumeration, flag, instant, int32, model, text } from '../binding/fields.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { failure, success } from '../http/reply.ts';
import type { RestRules } from '../http/rest-rules.ts';
import type { Route } from '../http/route.ts';
import { route } from '../http/route.ts';
import { priceOfTicks } from '../tick.ts';
import { restTimestamp } from '../timestamps.ts';
import type { BarHistory } from './bar-history.ts';
import { barEnd, barStartOf } from './bar-history.ts';

/** Most bars of one request (ProjectX documentation). */
const mostBars = 20_000;
const codes = {
  contractNotFound: 1,
  unitInvalid: 2,
  unitNumberInvalid: 3,
  limitInvalid: 4,
} as const;
const barsBody = model('RetrieveBarRequest', {
  contractId: text,
  live: flag,
  startTime: instant,
  endTime: instant,
  unit: enumeration('AggregateBarUnit'),
  unitNumber: int32,
  limit: int32,
  includePartialBar: flag,
});

/** `History/retrieveBars`: newest first, and of too many the most recent. */
export function barRoute(
  exchange: Exchange,
  histories: ReadonlyMap<string, BarHistory>,
  rules: RestRules,
): Route {
  return route(
    'History/retrieveBars',
    barsBody,
    rules,
    (
      { contractId, live, startTime, endTime, unit, unitNumber, limit, includePartialBar },
      { now },
    ) => {
      const refused = (code: number) => failure(code, null, { bars: [] });
      const contract = exchange.contract(contractId);
      if (!contract) return refused(codes.contractNotFound);
      if (barStartOf(unit, 1) === undefined) return refused(codes.unitInvalid);
      const barStart = unitNumber >= 1 ? barStartOf(unit, unitNumber) : undefined;
      if (!barStart) return refused(codes.unitNumberInvalid);
      if (limit < 1 || limit > mostBars) return refused(codes.limitInvalid);
      if (live && !rules.liveBars) return success({ bars: [] });
      // One more, for the bar that is still forming and may be left out.
      const bars =
        histories
          .get(contractId)
          ?.bars(startTime.epochMs, Math.min(endTime.epochMs, now), limit + 1, barStart) ?? [];
      const wanted = bars
        .filter(({ startMs }) => includePartialBar || barEnd(startMs, unit, unitNumber) <= now)
        .slice(0, limit);
      if (rules.barsOldestFirst) wanted.reverse();
      const price = (ticks: number): number => priceOfTicks(ticks, contract.tick);
      return success({
        bars: wanted.map(({ startMs, open, high, low, close, volume }) => ({
          t: restTimestamp(startMs),
          o: price(open),
          h: price(high),
          l: price(low),
          c: price(close),
          v: volume,
        })),
      });
    },
    { bucket: 'bars' },
  );
}
