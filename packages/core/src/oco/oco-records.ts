import type { ClientOrderId, ContractId } from '../brand.ts';
import type { Bracket, Side } from '../order-request.ts';

/** Which of the two orders that protect an entry. */
export type OcoLeg = 'stop' | 'target';

interface OcoLine {
  readonly kind: 'oco';
  /** Wall milliseconds. */
  readonly at: number;
  /** The entry that is protected. */
  readonly entry: ClientOrderId;
}

/** One step in the protection of an entry by the broker's own stop and target. Each is written before what it tells of is done. */
export type OcoRecord = OcoLine &
  (
    | {
        readonly step: 'armed';
        readonly contractId: ContractId;
        readonly side: Side;
        readonly bracket: Bracket;
        readonly strategy: string | undefined;
      }
    /** `filled`: contracts of the entry that had filled by then. */
    | {
        readonly step: 'leg' | 'resize';
        readonly leg: OcoLeg;
        readonly clientOrderId: ClientOrderId;
        readonly quantity: number;
        readonly price: number | undefined;
        readonly filled: number;
      }
    /** A leg is to be cancelled: it is not missed when it ends. */
    | { readonly step: 'cancel'; readonly clientOrderId: ClientOrderId }
    /** So many contracts of the entry are out by other ways than its legs. */
    | { readonly step: 'exit'; readonly quantity: number; readonly because: string }
    /** So many unprotected contracts are about to be taken off the position; 0: that did not run. It is never repeated. */
    | { readonly step: 'reducing'; readonly quantity: number }
    /** Both legs filled, by so many contracts more than there were. */
    | { readonly step: 'excess'; readonly quantity: number }
    | { readonly step: 'ended'; readonly because: string }
  );
