import { setTimeout as wait } from 'node:timers/promises';
import { barChecks } from './bar-checks.ts';
import { bookChecks } from './book-checks.ts';
import type { Check, Part } from './check.ts';
import { RunEnded } from './check.ts';
import type { ConformanceTarget } from './connection-options.ts';
import { isLoopback } from './connection-options.ts';
import { contractChecks } from './contract-checks.ts';
import { userHub, watchedMarket } from './facts.ts';
import type { Fields } from './gateway-http.ts';
import { GatewayHttp, UnexpectedAnswer } from './gateway-http.ts';
import { farOrderChecks } from './far-order-checks.ts';
import { httpChecks } from './http-checks.ts';
import { hubChecks } from './hub-checks.ts';
import { accountChecks, logIn, loginChecks, logoutChecks } from './login-checks.ts';
import { orderChecks } from './order-checks.ts';
import type { TakenBack } from './order-guard.ts';
import { OrderGuard } from './order-guard.ts';
import type { CheckedLine, ConformanceReport } from './report.ts';
import { countsOf, unanswered } from './report.ts';
import type { Run, RunContract } from './run.ts';
import { createOnce } from './run.ts';
import type { Scrub } from './scrub.ts';
import { createScrub } from './scrub.ts';

export interface ConformanceOptions {
  readonly target: ConformanceTarget;
  /** Root of the contract to look at. */
  readonly symbol: string;
  /** Beside `read`. */
  readonly parts: readonly Part[];
  /** Milliseconds that the hubs are watched for. */
  readonly watchMs: number;
  /** Names of checks; no others are made. Default: all of the parts. */
  readonly only?: readonly string[] | undefined;
  /** Milliseconds in which what an order sets off has come. Default 1,500, because events had some 40 on the way in recordings; on this machine 300. */
  readonly settleMs?: number | undefined;
  /** Milliseconds between two requests. Default 400, which leaves 50 of 200 a minute to others; on this machine 5. */
  readonly paceMs?: number | undefined;
  /** Default 200. */
  readonly mostRequests?: number | undefined;
  /** Milliseconds after which the run ends by itself. Default 300,000. */
  readonly timeLimitMs?: number | undefined;
  /** Ends the run when it is aborted with a `RunEnded`. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each check before it is made. */
  readonly progress?: ((name: string, index: number, count: number) => void) | undefined;
}

/** The gateway can't be asked at all. */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}

const defaults = {
  paceMs: 400,
  loopbackPaceMs: 5,
  mostRequests: 200,
  timeLimitMs: 300_000,
  settleMs: 1_500,
  loopbackSettleMs: 300,
};
/** Between two looks for what a run may have left. */
const betweenLooksMs = 1_000;

/** The names of all checks, by the part they need. */
export function checkNames(): readonly { readonly name: string; readonly part: Part }[] {
  return allChecks.map(({ name, part }) => ({ name, part }));
}

/** Asks a gateway everything that can be asked of it without harm. Rejects with `CouldNotRun` when there is nobody to ask. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { target, signal, parts } = options;
  const ending = new AbortController();
  const end = (): void => ending.abort(signal?.reason);
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  const limit = setTimeout(
    () => ending.abort(new RunEnded('its time is up')),
    options.timeLimitMs ?? defaults.timeLimitMs,
  );
  const scrub = createScrub();
  scrub.hide(target.userName, target.apiKey, target.account);
  const http = new GatewayHttp({
    url: target.url,
    paceMs: options.paceMs ?? (isLoopback(target.url) ? defaults.loopbackPaceMs : defaults.paceMs),
    mostRequests: options.mostRequests ?? defaults.mostRequests,
    signal: ending.signal,
  });
  let run: Run | undefined;
  const checks: CheckedLine[] = [];
  let stopped: string | undefined;
  let taken: TakenBack = { clean: true, filled: 0 };
  try {
    run = await openRun(options, http, scrub, ending.signal);
    const wanted = allChecks.filter(
      ({ part, name }) =>
        (part === 'read' || parts.includes(part)) && options.only?.includes(name) !== false,
    );
    // Both hubs are watched while the other calls are made.
    void userHub(run).catch(() => undefined);
    void watchedMarket(run).catch(() => undefined);
    for (const [index, check] of wanted.entries()) {
      options.progress?.(check.name, index, wanted.length);
      checks.push(await madeCheck(check, run));
    }
  } catch (error) {
    if (!run) throw error;
    stopped = scrub.clean(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(limit);
    // A watch that no check has waited for would go on.
    ending.abort(new RunEnded('it is over'));
    // safeguard: a conformance run takes back its order at every end
    if (run) taken = await run.guard.takeBack();
    signal?.removeEventListener('abort', end);
    await close(run);
  }
  const reads = http.durations
    .filter(({ path }) => !/login|retrieveBars|place|cancel|modify/i.test(path))
    .map(({ milliseconds }) => milliseconds);
  run?.measured.set(
    'read, median',
    Math.round((reads.toSorted((a, b) => a - b)[Math.floor(reads.length / 2)] ?? 0) * 10) / 10,
  );
  return {
    version: 1,
    gateway: target.url.origin,
    at: `${new Date().toISOString().slice(0, 16)}Z`,
    parts: ['read', ...parts],
    symbol: options.symbol,
    checks,
    counts: countsOf(checks),
    requests: http.requests,
    measured: Object.fromEntries(run?.measured ?? []),
    throttled:
      http.throttled && describeThrottle(http.throttled.headers, http.throttled.text, scrub),
    stopped,
    left: taken.clean ? undefined : run?.guard.prefix,
    filled: taken.filled,
    unanswered,
  };
}

/** Those of the hubs last but for orders, so that they have been watched by then. */
const allChecks: readonly Check[] = [
  ...httpChecks,
  ...loginChecks,
  ...accountChecks,
  ...contractChecks,
  ...barChecks,
  ...bookChecks,
  ...hubChecks,
  ...orderChecks,
  ...farOrderChecks,
  ...logoutChecks,
];

async function madeCheck(check: Check, run: Run): Promise<CheckedLine> {
  const { name, asks, expected, mark } = check;
  const line = { name, asks, expected, mark };
  try {
    const seen = await check.look(run);
    if (typeof seen !== 'string')
      return { ...line, seen: run.scrub.clean(seen.because), verdict: 'unknown' };
    if (seen === expected) return { ...line, seen, verdict: 'same' };
    // safeguard: what a gateway said is shown without names and ids
    return { ...line, seen: run.scrub.clean(seen), verdict: 'different' };
  } catch (error) {
    if (error instanceof RunEnded) throw error;
    const seen = run.scrub.clean(error instanceof Error ? error.message : String(error));
    // An answer that is not the documented one is a difference; one that never came is not.
    return { ...line, seen, verdict: error instanceof UnexpectedAnswer ? 'different' : 'unknown' };
  }
}

async function openRun(
  {
    target,
    symbol,
    watchMs,
    settleMs = isLoopback(target.url) ? defaults.loopbackSettleMs : defaults.settleMs,
  }: ConformanceOptions,
  http: GatewayHttp,
  scrub: Scrub,
  signal: AbortSignal,
): Promise<Run> {
  const login = await logIn({ http, target, scrub }).catch((error: unknown) => {
    if (error instanceof RunEnded) throw error;
    throw new CouldNotRun(
      `${target.url.origin} could not be reached: ${scrub.clean(error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error))}`,
    );
  });
  if (login.token === '')
    throw new CouldNotRun(`the login was refused: ${login.status}, code ${codeOf(login.fields)}`);
  http.useToken(login.token);
  const accounts = await http
    .rows('Account/search', 'accounts', { onlyActiveAccounts: false })
    .catch(noStart(scrub));
  for (const { id, name } of accounts) scrub.hide(String(id), String(name));
  const account = accounts.find(
    ({ id, name }) => String(id) === target.account || name === target.account,
  );
  const accountId = account?.['id'];
  if (typeof accountId !== 'number')
    throw new CouldNotRun(
      `this login has no account of that name or id; it has ${accounts.length}`,
    );
  const contracts = await http
    .rows('Contract/search', 'contracts', { searchText: symbol, live: false })
    .catch(noStart(scrub));
  const contract = contracts
    .map(contractOf)
    .find(
      (each) =>
        each !== undefined &&
        (each.id === symbol ||
          each.name.replace(/[FGHJKMNQUVXZ]\d{1,2}$/, '') === symbol.toUpperCase()),
    );
  if (!contract) throw new CouldNotRun(`no contract of "${symbol}" is listed`);
  const pause = async (milliseconds: number): Promise<void> => {
    try {
      await wait(milliseconds, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  };
  return {
    target,
    http,
    scrub,
    accountId,
    guard: new OrderGuard(http, accountId, Math.min(betweenLooksMs, settleMs)),
    accounts,
    contract,
    watchMs,
    settleMs,
    once: createOnce(),
    pause,
    measured: new Map(),
  };
}

function noStart(scrub: Scrub): (error: unknown) => never {
  return (error) => {
    if (error instanceof RunEnded) throw error;
    throw new CouldNotRun(scrub.clean(error instanceof Error ? error.message : String(error)));
  };
}

function codeOf({ errorCode }: Fields): string {
  return typeof errorCode === 'number' ? String(errorCode) : 'none';
}

function contractOf({ id, name, tickSize }: Fields): RunContract | undefined {
  return typeof id === 'string' && typeof name === 'string' && typeof tickSize === 'number'
    ? { id, name, tickSize }
    : undefined;
}

async function close(run: Run | undefined): Promise<void> {
  if (!run) return;
  const tap = await userHub(run).catch(() => undefined);
  await tap?.stop().catch(() => undefined);
}

function describeThrottle(headers: Headers, body: string, scrub: Scrub): string {
  const names = [...headers.keys()].filter(
    (name) =>
      !['date', 'content-length', 'connection', 'keep-alive', 'content-type'].includes(name),
  );
  const retry = headers.get('retry-after');
  return scrub.clean(
    `${body === '' ? 'empty body' : `body of ${body.length} characters`}, headers ${names.join(', ') || 'none of its own'}${retry === null ? '' : `, Retry-After ${retry}`}`,
  );
}
