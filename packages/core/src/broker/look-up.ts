import type { Lane, Sought } from '../adapter.ts';
import type { Finding } from '../finding.ts';
import type { BrokerParts } from './broker-parts.ts';

/** Asks the venue once; what it shows is taken into the state. An adapter that throws has shown nothing. */
export async function lookUp<Key extends string>({ adapter, state }: Pick<BrokerParts<Key>, 'adapter' | 'state'>, sought: Sought, options: { readonly lane: Lane; readonly timeoutMs: number }): Promise<Finding> {
  try {
    const finding = await adapter.find(sought, options);
    if (finding.is === 'found') state.seen(finding.order);
    return finding;
  } catch (error) {
    return { is: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
}
