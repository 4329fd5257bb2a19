/** A base type that only its maker can produce. The key is a string, so that types from two installed copies of this package stay compatible. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };

/** The venue's name for an order, as text; on ProjectX an int64. */
export type OrderId = Brand<string, 'OrderId'>;
/** The bot's name for an order: 1–48 characters of `[A-Za-z0-9_-]`, compared without case. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
/** The venue's name for a contract, such as `CON.F.US.MNQ.Z26`. */
export type ContractId = Brand<string, 'ContractId'>;
/** The venue's name for an account, as text. */
export type AccountId = Brand<string, 'AccountId'>;
