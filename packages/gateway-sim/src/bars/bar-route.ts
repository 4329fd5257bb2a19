import * as z from 'zod';
import type { Exchange } from '../exchange/exchange.ts';
import { doesNotBind } from '../http/problem-details.ts';
import { failure, success } from '../http/reply.ts';
import type { Route } from '../http/route.ts';
import { route } from '../http/route.ts';
import { priceOfTicks } from '../tick.ts';
import { restTimestamp } from '../timestamps.ts';
import type { BarHistory } from './bar-history.ts';
import { barEnd, barStartOf } from './bar-history.ts';

/** Most bars of one request (ProjectX documentation). */
const mostBars = 20_000;
const codes = { contractNotFound: 1, unitInvalid: 2, unitNumberInvalid: 3, limitInvalid: 4 } as const;
const instant = z.iso.datetime({ offset: true, local: true }).transform((text) => Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`));
const schema = z.object({
  contractId: z.string(),
  live: z.boolean(),
  startTime: instant,
  endTime: instant,
  unit: z.int(),
  unitNumber: z.int(),
  limit: z.int(),
  includePartialBar: z.boolean(),
});

/** `History/retrieveBars`: newest first, and of too many the most recent. */
export function barRoute(exchange: Exchange, histories: ReadonlyMap<string, BarHistory>): Route {
  return route(
    'History/retrieveBars',
    schema,
    ({ contractId, startTime, endTime, unit, unitNumber, limit, includePartialBar }, { now }) => {
      const refused = (code: number) => failure(code, null, { bars: [] });
      const contract = exchange.contract(contractId);
      if (!contract) return refused(codes.contractNotFound);
      if (barStartOf(unit, 1) === undefined) return refused(codes.unitInvalid);
      const barStart = unitNumber >= 1 ? barStartOf(unit, unitNumber) : undefined;
      if (!barStart) return refused(codes.unitNumberInvalid);
      if (limit < 1 || limit > mostBars) return refused(codes.limitInvalid);
      // One more, for the bar that is still forming and may be left out.
      const bars = histories.get(contractId)?.bars(startTime, Math.min(endTime, now), limit + 1, barStart) ?? [];
      const wanted = bars.filter(({ startMs }) => includePartialBar || barEnd(startMs, unit, unitNumber) <= now).slice(0, limit);
      const price = (ticks: number): number => priceOfTicks(ticks, contract.tick);
      return success({ bars: wanted.map(({ startMs, open, high, low, close, volume }) => ({ t: restTimestamp(startMs), o: price(open), h: price(high), l: price(low), c: price(close), v: volume })) });
    },
    doesNotBind,
    { bucket: 'bars' },
  );
}
