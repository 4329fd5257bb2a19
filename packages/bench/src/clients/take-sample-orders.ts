import type { ChildServer } from '../servers/child-server.ts';
import { openBroker, placeOnce } from './open-broker.ts';
import type { SampleOrder } from './sample-order.ts';
import { sampleOrder } from './sample-order.ts';

/** Has a broker place an order over each transport and takes the bytes that the server got: what every other client sends too. */
export async function takeSampleOrders(
  floor: ChildServer,
): Promise<{ readonly http: SampleOrder; readonly https: SampleOrder }> {
  const take = async (transport: 'http' | 'https'): Promise<SampleOrder> => {
    const { broker, close } = await openBroker({ url: floor.url(transport), journal: 'memory' });
    await placeOnce(broker);
    await close();
    return sampleOrder(String(await floor.ask('last place')));
  };
  return { http: await take('http'), https: await take('https') };
}
