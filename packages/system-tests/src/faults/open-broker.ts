import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { journalIn } from '@hotpath/core/testing';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { BotSettings } from './bot-settings.ts';
import { accountName } from './bot-settings.ts';
import type { DiskFault } from './failing-disk.ts';
import { failingDisk } from './failing-disk.ts';
import { rateLimitOf } from './rate-limit-of.ts';
import { seededChance } from './seeded-chance.ts';
import { spoiledExecutor } from './spoiled-executor.ts';
import type { SteppingClock } from './stepping-clock.ts';

/** Of deliveries that an executor declines before writing, so that the other has to take over. */
const refusal = 0.03;
/** Nothing goes wrong in an audit any more, but a venue that eight bots ask for all their orders is slow. */
const auditTimeoutMs = 30_000;

/** So small that a bot's journal is rotated again and again. */
const rotateAtBytes = 16 * 1024;

/** The broker as a bot would make it, with scaled times, executors that now and then decline, and a disk that now and then is full. */
export function openBroker(
  settings: BotSettings,
  clock: SteppingClock,
  onRefusal: () => void,
  onDiskFault: (fault: DiskFault) => void,
): Promise<Broker> {
  const { index, url, times, rateLimited, blind, session, seed } = settings;
  const calm = settings.mode === 'audit';
  const spoiling = { refusal: calm ? 0 : refusal, onRefusal };
  return createBroker({
    adapter: topstepx({
      userName: `bot-${index}`,
      apiKey: 'campaign',
      account: accountName(index),
      baseUrl: url,
      rateLimit: rateLimited ? rateLimitOf(times) : 'off',
      readTimeoutMs: calm ? auditTimeoutMs : Math.max(1_000, times.answerTimeoutMs),
    }),
    executors: {
      fast: spoiledExecutor(
        fastExecutor({ transport: 'framed', connections: 4, connectTimeoutMs: 500 }),
        { ...spoiling, changesTag: false, chance: seededChance(seed, `fast ${index} ${session}`) },
      ),
      fallback: spoiledExecutor(fallbackExecutor({ connections: 8, connectTimeoutMs: 500 }), {
        ...spoiling,
        changesTag: blind,
        chance: seededChance(seed, `fallback ${index} ${session}`),
      }),
    },
    routing: {
      version: 1,
      salt: `faults-${seed}`,
      stickyBy: 'order',
      default: blind ? { fast: 10, fallback: 90 } : { fast: 60, fallback: 40 },
    },
    journal: calm
      ? fileJournal(settings.journal)
      : journalIn(
          failingDisk(seededChance(seed, `disk ${index} ${session}`), onDiskFault),
          settings.journal,
          { rotateAtBytes },
        ),
    // Another process shares the login, and keeps the account of its requests until it is stopped.
    shareBudget: rateLimited ? 'machine' : 'process',
    clock,
    // The venue is on this machine, and refuses connections for a while: that is no program that was forgotten.
    startWithinMs: 60_000,
    settleMs: times.settleMs,
    answerTimeoutMs: times.answerTimeoutMs,
    lookupTimeoutMs: calm ? auditTimeoutMs : times.lookupTimeoutMs,
    lookupAfterMs: times.lookupAfterMs,
    repeatAfterMs: times.repeatAfterMs,
    outcomeWithinMs: times.outcomeWithinMs,
    closeWithinMs: 1_000,
    // Half of all deliveries go wrong here; a tripped executor would only make the campaign smaller.
    health: {
      failuresInRow: 12,
      failurePercent: 80,
      windowMs: times.rateWindowMs,
      probeAfterMs: times.probeAfterMs,
      probeAtMostEveryMs: times.probeAfterMs * 2,
      goodProbes: 1,
    },
    whenAllTripped: { entries: 'use-last', exits: 'use-last' },
  });
}
