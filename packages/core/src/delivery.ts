/** Monotonic milliseconds of the injected clock; undefined = not reached. */
export interface Marks {
  /** The executor was called. */
  readonly queued: number;
  /** The request was handed to the kernel (over TLS: to the encrypting stream). */
  readonly written: number | undefined;
  readonly firstByte: number | undefined;
  readonly end: number;
}

/** An HTTP answer, whole. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Why there is no answer.
 * `ABORTED`, `DEADLINE`: the caller's signal or deadline. `NO_CONNECTION`: none could be had (connect timeout, network down, executor closed).
 * `REFUSED`, `DNS`, `TLS`: opening a connection failed there. `RESET`, `CLOSED`: the peer ended the connection. `TIMEOUT`: no answer in `answerTimeoutMs`.
 * `ANSWER_INCOMPLETE`: it ended in the middle. `ANSWER_UNREADABLE`: it is not HTTP. `ANSWER_UNEXPECTED`: bytes nobody asked for. `ANSWER_TOO_LARGE`: over the executor's limit.
 * `SECOND_REQUEST`: the HTTP client tried to send the request again and was stopped. `BUDGET_EXHAUSTED`: core's rate budget had no room for a read.
 */
export type FailureCode =
  | 'ABORTED'
  | 'DEADLINE'
  | 'NO_CONNECTION'
  | 'REFUSED'
  | 'DNS'
  | 'TLS'
  | 'RESET'
  | 'CLOSED'
  | 'TIMEOUT'
  | 'ANSWER_INCOMPLETE'
  | 'ANSWER_UNREADABLE'
  | 'ANSWER_UNEXPECTED'
  | 'ANSWER_TOO_LARGE'
  | 'SECOND_REQUEST'
  | 'BUDGET_EXHAUSTED';

/** Why a delivery has no answer. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence for a person, without the request's content. */
  readonly message: string;
  readonly cause?: unknown;
}

/**
 * How far one attempt got. `bytes` is the proof, `stage` the story.
 * `bytes: 'none'` is claimed only when the kernel refused the write or was never asked; such a delivery is final: the request has been withdrawn and can never be written.
 */
export type Delivery =
  | {
      readonly stage: 'queued' | 'connecting';
      readonly bytes: 'none';
      readonly failure: Failure;
      readonly marks: Marks;
    }
  | {
      readonly stage: 'writing';
      readonly bytes: 'none' | 'maybe';
      readonly failure: Failure;
      readonly marks: Marks;
    }
  | {
      readonly stage: 'sent';
      readonly bytes: 'all';
      readonly failure: Failure;
      readonly marks: Marks;
    }
  | {
      readonly stage: 'answered';
      readonly bytes: 'all' | 'maybe';
      readonly answer: Answer;
      readonly marks: Marks;
    };
