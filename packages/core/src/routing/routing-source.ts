/** Where further routing tables come from while a broker runs. */
export interface RoutingSource {
  /** Called once. `take` gets a table, unchecked; `reject` what kept one from being read, as `path: sentence`. */
  follow(take: (table: unknown) => void, reject: (problems: readonly string[]) => void): void;
  /** Nobody listens any more. */
  close(): void;
}
