/** A bearer header that can't be printed by accident: the header is private, so JSON, string conversion and `util.inspect` show only the generation. */
export class Authorization {
  readonly #header: string;
  /** Rises with every new token, so that a late 401 to an old token is told from one to the present one. */
  readonly generation: number;

  constructor(header: string, generation: number) {
    this.#header = header;
    this.generation = generation;
  }

  /** The value of the `authorization` header, for the executor's write and for nothing else. */
  get header(): string {
    return this.#header;
  }

  toJSON(): string {
    return `[authorization ${this.generation}]`;
  }

  toString(): string {
    return this.toJSON();
  }
}
