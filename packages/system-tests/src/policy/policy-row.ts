/** One case of the outcome policy. */
export interface PolicyRow {
  /** Its number and what it says in short. Tests of it begin with it. */
  readonly name: string;
  /** What is seen. */
  readonly evidence: string;
  /** What it proves, and so what the bot is told. */
  readonly meaning: string;
  /** What is done about it. */
  readonly action: string;
}

/** A group of cases, as the document shows them. */
export interface PolicyGroup {
  readonly title: string;
  readonly rows: readonly PolicyRow[];
}
