import type { Adapter, Lane, Sought } from '../adapter.ts';
import type { Finding } from '../finding.ts';

/** Asks the venue once. An adapter that throws has shown nothing. */
export async function lookUp(adapter: Adapter, sought: Sought, options: { readonly lane: Lane; readonly timeoutMs: number }): Promise<Finding> {
  try {
    return await adapter.find(sought, options);
  } catch (error) {
    return { is: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
}
