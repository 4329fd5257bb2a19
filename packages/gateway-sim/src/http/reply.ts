/** What a route answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Undefined for an empty body. */
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
}

export function success(payload: object = {}): Reply {
  return {
    status: 200,
    body: JSON.stringify({ ...payload, success: true, errorCode: 0, errorMessage: null }),
  };
}

/** HTTP 200 all the same: the gateway refuses in the envelope. */
export function failure(
  errorCode: number,
  errorMessage: string | null,
  payload: object = {},
): Reply {
  return {
    status: 200,
    body: JSON.stringify({ ...payload, success: false, errorCode, errorMessage }),
  };
}
