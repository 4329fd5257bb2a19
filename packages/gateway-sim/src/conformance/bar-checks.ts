import type { Check, Seen } from './check.ts';
import { notSeen } from './check.ts';
import { bars, fieldNames, minuteBars, timeOf } from './facts.ts';
import type { Fields } from './gateway-http.ts';
import type { Run } from './run.ts';

const noBars = 'no bars of the last days';
const refusedWith = async (run: Run, body: Fields): Promise<Seen> => {
  const { status, fields } = await run.http.post('History/retrieveBars', {
    contractId: run.contract.id,
    live: false,
    startTime: daysAgo(1),
    endTime: daysAgo(0),
    unit: 2,
    unitNumber: 1,
    limit: 5,
    includePartialBar: false,
    ...body,
  });
  return status === 200 ? `code ${String(fields['errorCode'])}` : String(status);
};

/** Bars, in a bucket of their own: few calls. */
export const barChecks: readonly Check[] = [
  {
    name: 'bars-order',
    part: 'read',
    asks: 'order of bars',
    expected: 'newest first',
    mark: 'L',
    look: barOrder,
  },
  {
    name: 'bar-fields',
    part: 'read',
    asks: 'fields of a bar',
    expected: 'c,h,l,o,t,v',
    mark: 'O',
    look: async (run) => first(await minuteBars(run), fieldNames),
  },
  {
    name: 'bar-times',
    part: 'read',
    asks: 'form of the time of a bar',
    expected: '…T00:00:00+00:00',
    mark: 'L',
    look: async (run) =>
      first(await minuteBars(run), ({ t }) =>
        String(t).replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d/, '…T00:00'),
      ),
  },
  {
    name: 'bars-cut',
    part: 'read',
    asks: 'which bars a limit leaves',
    expected: 'the newest',
    mark: 'S',
    look: barsCut,
  },
  {
    name: 'bars-live',
    part: 'read',
    asks: 'bars with live: true',
    expected: 'none',
    mark: '?',
    look: liveBars,
  },
  {
    name: 'bars-no-zone',
    part: 'read',
    asks: 'a time without a zone',
    expected: 'is UTC',
    mark: '1',
    look: noZone,
  },
  {
    name: 'bars-break',
    part: 'read',
    asks: 'bars of the daily break (16:00 to 17:00 in Chicago)',
    expected: 'none',
    mark: 'L',
    look: dailyBreak,
  },
  {
    name: 'bars-day',
    part: 'read',
    asks: 'time of a day bar',
    expected: '00:00 UTC',
    mark: 'I',
    look: dayBar,
  },
  {
    name: 'bars-empty',
    part: 'read',
    asks: 'a span without bars',
    expected: 'success, no rows',
    mark: 'S',
    look: async (run) => emptySpan(run),
  },
  {
    name: 'bars-limit',
    part: 'read',
    asks: 'a limit of 20,001',
    expected: 'code 4',
    mark: 'O',
    look: (run) => refusedWith(run, { limit: 20_001 }),
  },
  {
    name: 'bars-unit',
    part: 'read',
    asks: 'unit 7, Tick',
    expected: 'code 2',
    mark: '?',
    look: (run) => refusedWith(run, { unit: 7 }),
  },
  {
    name: 'bars-unit-number',
    part: 'read',
    asks: 'unitNumber 0',
    expected: 'code 3',
    mark: 'O',
    look: (run) => refusedWith(run, { unitNumber: 0 }),
  },
  {
    name: 'bars-contract',
    part: 'read',
    asks: 'bars of a contract that is none',
    expected: 'code 1',
    mark: 'O',
    look: (run) => refusedWith(run, { contractId: 'CON.F.US.NONE.Z26' }),
  },
];

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

function first(rows: readonly Fields[], tell: (row: Fields) => string): Seen {
  const [row] = rows;
  return row ? tell(row) : notSeen(noBars);
}

async function barOrder(run: Run): Promise<Seen> {
  const times = (await minuteBars(run)).map((row) => timeOf(row, 't'));
  if (times.length < 2) return notSeen(noBars);
  const falls = times.every((time, index) => index === 0 || time < (times[index - 1] ?? 0));
  const rises = times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));
  return falls ? 'newest first' : rises ? 'oldest first' : 'in no order';
}

async function barsCut(run: Run): Promise<Seen> {
  const wide = await minuteBars(run);
  if (wide.length < 6) return notSeen(noBars);
  const newest = Math.max(...wide.map((row) => timeOf(row, 't')));
  const cut = await bars(run, { unit: 2, unitNumber: 1, limit: 5, days: 5 });
  // A minute may have ended between the two calls.
  return cut.some((row) => timeOf(row, 't') >= newest) ? 'the newest' : 'the oldest';
}

async function liveBars(run: Run): Promise<Seen> {
  if ((await minuteBars(run)).length === 0) return notSeen(noBars);
  const { status, fields } = await run.http.post('History/retrieveBars', {
    contractId: run.contract.id,
    live: true,
    startTime: daysAgo(5),
    endTime: daysAgo(0),
    unit: 2,
    unitNumber: 1,
    limit: 5,
    includePartialBar: false,
  });
  if (status !== 200 || fields['success'] !== true)
    return status === 200 ? `code ${String(fields['errorCode'])}` : String(status);
  return Array.isArray(fields['bars']) && fields['bars'].length === 0 ? 'none' : 'as with false';
}

/** The same span with and without a zone: read in any other, it holds other bars. */
async function noZone(run: Run): Promise<Seen> {
  const rows = await minuteBars(run);
  const times = rows.map((row) => timeOf(row, 't'));
  if (times.length < 2) return notSeen(noBars);
  const body = {
    contractId: run.contract.id,
    live: false,
    unit: 2,
    unitNumber: 1,
    limit: 20,
    includePartialBar: false,
  };
  const [from, to] = [Math.min(...times), Math.max(...times)].map((time) =>
    new Date(time).toISOString().slice(0, 19),
  );
  const bare = await run.http.post('History/retrieveBars', {
    ...body,
    startTime: from,
    endTime: to,
  });
  if (bare.status !== 200) return String(bare.status);
  const found = Array.isArray(bare.fields['bars']) ? bare.fields['bars'].length : 0;
  return found >= times.length - 1 ? 'is UTC' : 'is of another zone';
}

async function dailyBreak(run: Run): Promise<Seen> {
  const hours = (await bars(run, { unit: 3, unitNumber: 1, limit: 200, days: 6 })).map((row) =>
    chicagoHour(timeOf(row, 't')),
  );
  if (hours.length === 0) return notSeen(noBars);
  return hours.includes(16) ? 'some' : 'none';
}

function chicagoHour(at: number): number {
  return Number(
    new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/Chicago',
      hourCycle: 'h23',
      hour: 'numeric',
    }).format(at),
  );
}

async function dayBar(run: Run): Promise<Seen> {
  return first(
    await bars(run, { unit: 4, unitNumber: 1, limit: 3, days: 8 }),
    (row) => `${new Date(timeOf(row, 't')).toISOString().slice(11, 16)} UTC`,
  );
}

async function emptySpan({ http, contract }: Run): Promise<Seen> {
  // A Saturday of long ago.
  const { status, fields } = await http.post('History/retrieveBars', {
    contractId: contract.id,
    live: false,
    startTime: '2020-02-01T12:00:00Z',
    endTime: '2020-02-01T13:00:00Z',
    unit: 2,
    unitNumber: 1,
    limit: 5,
    includePartialBar: false,
  });
  if (status !== 200 || fields['success'] !== true)
    return status === 200 ? `code ${String(fields['errorCode'])}` : String(status);
  return Array.isArray(fields['bars'])
    ? fields['bars'].length === 0
      ? 'success, no rows'
      : 'success, rows'
    : 'success, no list';
}
