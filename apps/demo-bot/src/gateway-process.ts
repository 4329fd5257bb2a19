import { startGateway } from '@hotpath/gateway-sim';

/** The simulator in a process of its own, so that the bot's latencies hold none of the venue's work. Tells its parent where it listens. */
const gateway = await startGateway({
  seed: Number(process.argv[2] ?? 1),
  rateLimit: { everythingElse: 'off' },
});
process.send?.(gateway.url);
process.once('disconnect', () => void gateway.close());
