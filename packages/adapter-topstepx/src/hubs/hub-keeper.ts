import type { Clock, Logger, Random, Redactor, Timer } from '@hotpath/core';
import { backoffMs } from './backoff.ts';
import type { HubEvent } from './hub-event.ts';
import type { HubCall } from './hub-link.ts';
import { HubLink } from './hub-link.ts';
import type { HubTimings } from './hub-timings.ts';
import { HubWatch } from './hub-watch.ts';
import { TimeoutExpired, within } from './within.ts';

/** Something to be subscribed to for as long as it is wanted, over however many connections. */
export interface HubTopic {
  readonly subscribe: readonly HubCall[];
  readonly unsubscribe: readonly HubCall[];
  /** The hub has confirmed: what happens from here on comes. Wall milliseconds. */
  live(at: number): void;
  /** What happened since `at` may never come. */
  lost(at: number, because: string): void;
}

export interface HubKeeperParts {
  readonly name: 'user' | 'market';
  readonly url: URL;
  /** Certificates to trust in place of the system's, in PEM form. */
  readonly ca?: string | undefined;
  /** Cleans what the hub and its socket say: an address may be repeated in it, and the token stands in that. */
  readonly texts: Redactor;
  readonly timings: HubTimings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** The token to connect with, asked for anew each time. */
  token(): Promise<string>;
  /** The hub could not be had, perhaps because it does not know the token any more. */
  doubtToken(): void;
  event(event: HubEvent): void;
}

/** Every how many failed tries in a row the token is put in doubt: checking it costs a request of the rate limit. */
const doubtEvery = 5;

/** How a refused upgrade is worded. */
const isRefusal = /server response: 40[13]/;

/** The one owner of a hub's connection: keeps it while there are topics, reconnects without end, and subscribes again each time. */
export class HubKeeper {
  readonly #parts: HubKeeperParts;
  /** Topics, and whether the present connection has confirmed each. */
  readonly #topics = new Map<HubTopic, boolean>();
  #link: HubLink | undefined;
  /** One that is being opened. */
  #opening: HubLink | undefined;
  #watch: HubWatch | undefined;
  #pause: { readonly timer: Timer; readonly end: () => void } | undefined;
  #patienceMs: number;
  #running = false;
  #closed = false;

  constructor(parts: HubKeeperParts) {
    this.#parts = parts;
    this.#patienceMs = parts.timings.quietMs;
  }

  add(topic: HubTopic): void {
    this.#topics.set(topic, false);
    if (this.#link) void this.#subscribe(this.#link, topic);
    else if (!this.#running && !this.#closed) void this.#run();
  }

  remove(topic: HubTopic): void {
    const wasLive = this.#topics.get(topic);
    if (!this.#topics.delete(topic)) return;
    const link = this.#link;
    if (this.#topics.size === 0) {
      this.#pause?.end();
      this.#opening?.close('nothing is subscribed to any more');
      link?.close('nothing is subscribed to any more');
    } else if (wasLive === true && link) {
      // If it fails, events come that nobody takes.
      for (const call of topic.unsubscribe) link.invoke(call).catch(() => undefined);
    }
  }

  /** Begins with a new connection, because this one is of no use. */
  restart(because: string): void {
    this.#link?.close(because);
  }

  close(): void {
    this.#closed = true;
    this.#topics.clear();
    this.#pause?.end();
    this.#opening?.close('closed');
    this.#link?.close('closed');
  }

  get #isWanted(): boolean {
    return !this.#closed && this.#topics.size > 0;
  }

  async #run(): Promise<void> {
    this.#running = true;
    let failures = 0;
    // safeguard: a hub is tried without end
    while (this.#isWanted) {
      failures = (await this.#connection(failures)) ? 0 : failures + 1;
      if (this.#isWanted)
        await this.#wait(
          backoffMs(failures, this.#parts.random, this.#parts.timings.longestPauseMs),
        );
    }
    this.#running = false;
  }

  /** One connection from its beginning to its end; true when it was a good one. */
  async #connection(failures: number): Promise<boolean> {
    const { name, timings, clock, log } = this.#parts;
    const begunAt = clock.monotonic();
    const opened = await this.#open();
    if ('failure' in opened) {
      log.warn(
        { hub: name, failures: failures + 1, because: opened.failure },
        'a hub could not be reached',
      );
      if (failures % doubtEvery === 0 || isRefusal.test(opened.failure)) this.#parts.doubtToken();
      return false;
    }
    const { link, ended } = opened;
    log.debug({ hub: name, afterMs: clock.monotonic() - begunAt }, 'a hub is connected');
    const liveAt = clock.monotonic();
    for (const topic of this.#topics.keys()) void this.#subscribe(link, topic);
    const because = await ended;
    // Also when it ended in the very moment in which it was opened.
    this.#over(link, because);
    // What that means for a stream is told as its gap.
    log.debug({ hub: name, because }, 'a hub connection is over');
    return clock.monotonic() - liveAt >= timings.stableAfterMs;
  }

  async #open(): Promise<
    { readonly link: HubLink; readonly ended: Promise<string> } | { readonly failure: string }
  > {
    const { url, ca, timings, clock } = this.#parts;
    try {
      const token = await this.#parts.token();
      if (!this.#isWanted) return { failure: 'closed' };
      let end: (because: string) => void = () => {};
      const ended = new Promise<string>((resolve) => (end = resolve));
      const link = new HubLink({
        url,
        token,
        ca,
        heard: () => this.#watch?.heard(),
        event: (event) => this.#event(event),
        unreadable: (length) =>
          this.#parts.log.warn(
            { hub: this.#parts.name, length },
            'a hub sent a record that is no message',
          ),
        closed: (said) => {
          const because = this.#cleaned(said);
          this.#over(link, because);
          end(because);
        },
      });
      this.#opening = link;
      await within(
        Promise.race([link.open(), ended.then((because) => Promise.reject(new Error(because)))]),
        timings.connectMs,
        clock,
        'connecting',
      ).catch((error: unknown) => {
        link.close('could not be opened');
        throw error;
      });
      if (!this.#isWanted) {
        link.close('closed');
        return { failure: 'closed' };
      }
      this.#link = link;
      this.#watch = new HubWatch(
        { clock, timings, probe: () => this.#probe(link), dead: (because) => link.close(because) },
        this.#patienceMs,
      );
      return { link, ended };
    } catch (error) {
      return { failure: this.#saidBy(error) };
    } finally {
      this.#opening = undefined;
    }
  }

  #event(event: HubEvent): void {
    this.#watch?.event();
    this.#parts.event(event);
  }

  /** In the tick in which the connection ends: nobody may take it for live any longer. */
  #over(link: HubLink, because: string): void {
    if (this.#link !== link) return;
    const heardAt = this.#watch?.heardWall ?? this.#parts.clock.now();
    this.#patienceMs = this.#watch?.patienceMs ?? this.#patienceMs;
    this.#watch?.stop();
    this.#watch = undefined;
    this.#link = undefined;
    for (const [topic, isLive] of this.#topics) {
      this.#topics.set(topic, false);
      if (isLive) topic.lost(heardAt, because);
    }
  }

  async #subscribe(link: HubLink, topic: HubTopic): Promise<void> {
    const { name, timings, clock, log } = this.#parts;
    try {
      await within(
        Promise.all(topic.subscribe.map((call) => link.invoke(call))),
        timings.callMs,
        clock,
        'subscribing',
      );
      if (!this.#isCurrent(link, topic)) return;
      this.#topics.set(topic, true);
      topic.live(clock.now());
    } catch (error) {
      if (!this.#isCurrent(link, topic)) return;
      const because = this.#saidBy(error);
      log.warn({ hub: name, because }, 'a subscription was not confirmed');
      if (error instanceof TimeoutExpired) return link.close(because);
      // Refused by name: the connection serves the other topics.
      topic.lost(clock.now(), because);
      clock.setTimer(timings.refusedAgainMs, () => {
        if (this.#isCurrent(link, topic)) void this.#subscribe(link, topic);
      });
    }
  }

  #saidBy(error: unknown): string {
    return this.#cleaned(error instanceof Error ? error.message : String(error));
  }

  #cleaned(text: string): string {
    // safeguard: what a hub says is cleaned before anybody is shown it
    return this.#parts.texts.clean(text);
  }

  #isCurrent(link: HubLink, topic: HubTopic): boolean {
    return this.#link === link && this.#topics.has(topic);
  }

  /** Subscribing twice to the same changes nothing, and its confirmation is a sign of life. */
  #probe(link: HubLink): void {
    const [topic] = this.#topics.keys();
    const [call] = topic?.subscribe ?? [];
    if (call) link.invoke(call).catch(() => undefined);
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#pause = undefined;
        resolve();
      };
      const timer = this.#parts.clock.setTimer(milliseconds, end);
      this.#pause = { timer, end };
    });
  }
}
