import { startGateway } from '@hotpath/gateway-sim';
import {
  accountName,
  accountNumber,
  keeperAccountName,
  keeperAccountNumber,
} from './bot-settings.ts';
import type { VenueHabits } from './venue-habits.ts';

/** What the venue's process is given on its command line. */
export interface VenueSettings {
  readonly seed: number;
  readonly bots: number;
  /** Milliseconds of the window of 200 requests; undefined: no limit. */
  readonly rateWindowMs: number | undefined;
  readonly habits: VenueHabits;
}
export interface VenueReady {
  readonly url: string;
  readonly simUrl: string;
}

const settings = JSON.parse(process.argv[2] ?? '') as VenueSettings;
const numbers = Array.from({ length: settings.bots }, (_, index) => index);
const limit =
  settings.rateWindowMs === undefined
    ? ('off' as const)
    : { requests: 200, windowMs: settings.rateWindowMs };

const gateway = await startGateway({
  seed: settings.seed,
  simPort: 0,
  priceStepMs: 500,
  ...settings.habits,
  users: numbers.map((index) => ({ userName: `bot-${index}`, apiKey: 'campaign' })),
  accounts: numbers.flatMap((index) => [
    { id: accountNumber(index), name: accountName(index) },
    { id: keeperAccountNumber(index), name: keeperAccountName(index) },
  ]),
  rateLimit: { everythingElse: limit, bars: 'off' },
});
process.on('message', (message) => {
  if (message === 'drop-hubs') gateway.dropHubs();
});
process.on('disconnect', () => process.exit());
process.send?.({ url: gateway.url, simUrl: gateway.simUrl } satisfies {
  url: string;
  simUrl: string | undefined;
});
