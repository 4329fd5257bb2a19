import type { Order } from './order.ts';

/** What one lookup of an order showed. */
export type Finding =
  | { readonly is: 'found'; readonly order: Order }
  /** Not there now, which is no proof that it never comes. */
  | { readonly is: 'not-found' }
  /** The venue could not be asked, or its answer could not be read. */
  | { readonly is: 'unreachable'; readonly message: string };
