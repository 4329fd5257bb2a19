import { bench } from 'mitata';
import { silentLogger } from '../logger.ts';
import { EventHub } from './event-hub.ts';

// Every listener is guarded: one that throws must harm nobody.
const alone = new EventHub<'fast'>(silentLogger);
const heard = new EventHub<'fast'>(silentLogger);
let count = 0;
heard.on('order.sent', () => {
  count += 1;
});
const sent = { operation: 'place', clientOrderId: undefined, executor: 'fast' } as const;

bench('event emit: nobody listens', () => alone.emit('order.sent', sent));
bench('event emit: one listener', () => heard.emit('order.sent', sent));
