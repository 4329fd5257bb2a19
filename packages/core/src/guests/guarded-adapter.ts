import type { Account } from '../account.ts';
import type { Adapter, AdapterContext, AdapterReads, Encoded } from '../adapter.ts';
import type { Capabilities } from '../capabilities.ts';
import { capabilitiesOf } from '../capabilities-schema.ts';
import type { Clock } from '../clock.ts';
import type { Contract } from '../contract.ts';
import { AdapterError } from '../errors/adapter-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { ReadError } from '../errors/read-error.ts';
import type { Endpoint } from '../executor.ts';
import type { Finding } from '../finding.ts';
import type { Intent } from '../intent.ts';
import { isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import type { MarketChannel, MarketEvidence } from '../market-data.ts';
import type { PreparedRequest } from '../request.ts';
import type { Verdict } from '../verdict.ts';
import { adapterProblems } from './adapter-problems.ts';
import {
  encodedProblem,
  evidenceProblem,
  findingProblem,
  requestProblem,
} from './adapter-answers.ts';
import { guardReads } from './guarded-reads.ts';
import { accountProblem, contractProblem } from './row-problems.ts';
import { spanText, withinLimit } from './within-limit.ts';

export interface AdapterGuardParts {
  /** The plugin's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds for what fetches a contract or a token before a write. */
const prepareWithinMs = 30_000;
/** Milliseconds that a lookup has beyond its own limit. */
const findGraceMs = 5_000;
const closeWithinMs = 3_000;

/**
 * An adapter whose hooks can do no harm, in front of one that an author wrote: what throws, hangs or gives nonsense is named, and taken for what it proves, which is nothing.
 * Throws `AdapterError` for what is no adapter. Between a call and its write it adds one call to each of the adapter's and makes nothing.
 */
export function guardAdapter(given: unknown, parts: AdapterGuardParts): Adapter {
  let problems: readonly string[];
  try {
    problems = [...adapterProblems(given)];
  } catch (error) {
    problems = [`it can't be read (${messageOf(error)})`];
  }
  if (problems.length > 0)
    throw new AdapterError(
      'ADAPTER_FAILED',
      `The adapter ${parts.name} is none: ${problems.join('; ')}.`,
    );
  return new GuardedAdapter(given as Adapter, parts);
}

class GuardedAdapter implements Adapter {
  readonly capabilities: Capabilities;
  readonly login: string;
  readonly mode: Adapter['mode'];
  readonly venue: Adapter['venue'];
  readonly endpoint: Endpoint;
  readonly reads: AdapterReads;
  readonly isDoubted?: (symbol: string) => boolean;
  readonly probe?: () => PreparedRequest | undefined;
  readonly openStreams?: () => void;
  readonly watchMarket?: NonNullable<Adapter['watchMarket']>;
  readonly #inner: Adapter;
  readonly #parts: AdapterGuardParts;
  #account: Account | undefined;
  #lastContract: Contract | undefined;

  constructor(inner: Adapter, parts: AdapterGuardParts) {
    const capabilities = capabilitiesOf(inner.capabilities);
    if ('problems' in capabilities) throw new TypeError(capabilities.problems.join('; '));
    this.capabilities = capabilities.value;
    const { login, mode, venue, endpoint } = inner;
    this.login = login;
    this.mode = mode;
    this.venue = venue;
    this.endpoint = endpoint;
    this.reads = guardReads(inner.reads, parts);
    this.#inner = inner;
    this.#parts = parts;
    if (inner.isDoubted) this.isDoubted = (symbol) => this.#isDoubted(symbol);
    if (inner.probe) this.probe = () => this.#probe();
    if (inner.openStreams) this.openStreams = () => this.#openStreams();
    if (inner.watchMarket)
      this.watchMarket = (contract, channels, listener) =>
        this.#watchMarket(contract, channels, listener);
  }

  async connect(context: AdapterContext): Promise<void> {
    const { name, log } = this.#parts;
    const evidence: AdapterContext['evidence'] = (item) => {
      // safeguard: evidence that can't be read
      try {
        const problem = evidenceProblem(item);
        if (problem === undefined) return context.evidence(item);
        log.error({ adapter: name, problem }, 'what an adapter brought could not be read');
      } catch (error) {
        log.error({ adapter: name, error }, 'what an adapter brought could not be taken in');
      }
      // end of safeguard
    };
    await this.#inner.connect({ ...context, evidence });
    this.#account = undefined;
    const problem = this.#readAccount();
    if (problem !== undefined)
      throw new AdapterError(
        'ADAPTER_FAILED',
        `The adapter ${name} connected and has no account: ${problem}.`,
      );
  }

  /** Never rejects. */
  async close(): Promise<void> {
    const { name, clock, log } = this.#parts;
    try {
      await withinLimit(
        () => this.#inner.close(),
        closeWithinMs,
        clock,
        () => new Error(`close did not end in ${spanText(closeWithinMs)}`),
      );
    } catch (error) {
      log.error({ adapter: name, error }, 'an adapter could not be closed');
    }
  }

  get account(): Account {
    const problem = this.#readAccount();
    if (this.#account) return this.#account;
    throw new AdapterError(
      'ADAPTER_FAILED',
      `The adapter ${this.#parts.name} has no account: ${problem ?? 'it is not connected'}.`,
    );
  }

  contract(symbol: string): Contract | undefined {
    const { name, log } = this.#parts;
    // safeguard: an adapter that throws for a contract
    try {
      const contract = this.#inner.contract(symbol);
      // The one before was looked at; adapters keep theirs.
      if (contract === undefined || contract === this.#lastContract) return contract;
      const problem = contractProblem(contract);
      if (problem === undefined) return (this.#lastContract = contract);
      log.error({ adapter: name, symbol, problem }, 'an adapter gave what is no contract');
    } catch (error) {
      log.error({ adapter: name, symbol, error }, 'the adapter failed to look for a contract');
    }
    // end of safeguard
    return undefined;
  }

  #isDoubted(symbol: string): boolean {
    // safeguard: an adapter that throws for a doubt
    try {
      return this.#inner.isDoubted?.(symbol) === true;
    } catch (error) {
      this.#parts.log.error(
        { adapter: this.#parts.name, symbol, error },
        'the adapter failed to say whether it doubts a contract',
      );
      return false;
    }
    // end of safeguard
  }

  prepare(...given: Parameters<Adapter['prepare']>): Promise<void> {
    return this.#limited(
      `prepare(${given[0]})`,
      () => this.#inner.prepare(...given),
      prepareWithinMs,
    );
  }

  encode(intent: Intent): Encoded {
    const encoded = this.#inner.encode(intent);
    const problem = encodedProblem(encoded);
    if (problem !== undefined) throw new TypeError(problem);
    return encoded;
  }

  decode(...given: Parameters<Adapter['decode']>): Verdict {
    return this.#inner.decode(...given);
  }

  renewAuthorization(...given: Parameters<Adapter['renewAuthorization']>): Promise<void> {
    return this.#limited(
      'renewAuthorization',
      () => this.#inner.renewAuthorization(...given),
      prepareWithinMs,
    );
  }

  async find(...given: Parameters<Adapter['find']>): Promise<Finding> {
    const finding = await this.#limited(
      'find',
      () => this.#inner.find(...given),
      given[1].timeoutMs + findGraceMs,
    );
    const problem = findingProblem(finding);
    // safeguard: a finding that can't be read shows nothing
    return problem === undefined
      ? finding
      : { is: 'unreachable', message: `The adapter ${this.#parts.name} ${problem}.` };
    // end of safeguard
  }

  #probe(): PreparedRequest | undefined {
    const { name, log } = this.#parts;
    try {
      const request = this.#inner.probe?.();
      const problem = request === undefined ? undefined : requestProblem(request);
      if (problem === undefined) return request;
      log.error({ adapter: name, problem }, 'an adapter gave no read to try an executor with');
    } catch (error) {
      log.error({ adapter: name, error }, 'an adapter gave no read to try an executor with');
    }
    return undefined;
  }

  #openStreams(): void {
    try {
      const result: unknown = this.#inner.openStreams?.();
      if (isThenable(result))
        Promise.resolve(result).then(undefined, (error: unknown) =>
          this.#parts.log.error(
            { adapter: this.#parts.name, error },
            'the streams of an adapter could not be opened',
          ),
        );
    } catch (error) {
      throw new AdapterError(
        'ADAPTER_FAILED',
        `The adapter ${this.#parts.name} could not open its streams: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  #watchMarket(
    contract: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void {
    const { name, log } = this.#parts;
    const failed = (error: unknown): void =>
      log.error(
        { adapter: name, contractId: contract.id, error },
        'the market of a contract could not be left',
      );
    const take = (item: MarketEvidence): void => {
      // safeguard: market data that can't be read
      try {
        listener(item);
      } catch (error) {
        log.error(
          { adapter: name, contractId: contract.id, error },
          'what an adapter brought of a market could not be taken in',
        );
      }
      // end of safeguard
    };
    let stop: unknown;
    try {
      stop = this.#inner.watchMarket?.(contract, channels, take);
    } catch (error) {
      log.error(
        { adapter: name, contractId: contract.id, error },
        'an adapter could not watch a market',
      );
      throw new ReadError(
        'UNREADABLE',
        `The adapter ${name} could not watch ${contract.name}: ${messageOf(error)}`,
        { cause: error },
      );
    }
    return () => {
      // safeguard: a market that can't be left
      try {
        const result: unknown = typeof stop === 'function' ? stop() : undefined;
        if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
      } catch (error) {
        failed(error);
      }
      // end of safeguard
    };
  }

  /** Takes the account over as it is now. An adapter that can't say it keeps the one it had. */
  #readAccount(): string | undefined {
    try {
      const { account } = this.#inner;
      if (account !== undefined && account === this.#account) return undefined;
      const problem = accountProblem(account);
      if (problem === undefined) this.#account = account;
      return problem;
    } catch (error) {
      return messageOf(error);
    }
  }

  #limited<Value>(what: string, work: () => PromiseLike<Value>, limitMs: number): Promise<Value> {
    const { name, clock } = this.#parts;
    return withinLimit(
      work,
      limitMs,
      clock,
      () =>
        new AdapterError(
          'ADAPTER_FAILED',
          `The adapter ${name}: ${what} did not end in ${spanText(limitMs)}.`,
        ),
    );
  }
}

type None<Member extends never> = Member;
/** No member that is added later is left out: this does not compile then. */
export type UnguardedOfAdapter = None<Exclude<keyof Adapter, keyof GuardedAdapter>>;
