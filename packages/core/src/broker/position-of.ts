import type { Adapter } from '../adapter.ts';
import type { Contract } from '../contract.ts';
import type { Position } from '../position.ts';

/** What a read of the positions shows of one contract; why not, when it can't be had. */
export type PositionLook =
  | { readonly read: true; readonly position: Position | undefined }
  | { readonly read: false; readonly message: string };

/** Reads what is held in a contract. Never rejects. */
export async function positionOf(adapter: Adapter, contract: Contract): Promise<PositionLook> {
  try {
    const positions = await adapter.reads.positions('close');
    return { read: true, position: positions.find(({ contractId }) => contractId === contract.id) };
  } catch (error) {
    return { read: false, message: error instanceof Error ? error.message : String(error) };
  }
}
