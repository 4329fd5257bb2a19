/** The symbol that a request names, if it names one at all: a bot may give anything. */
export function namedSymbol(request: unknown): string | undefined {
  return typeof request === 'object' &&
    request !== null &&
    'symbol' in request &&
    typeof request.symbol === 'string'
    ? request.symbol
    : undefined;
}
