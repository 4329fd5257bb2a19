/** What an error says, whatever was thrown: also something that can't be turned into text. Never throws. */
export function messageOf(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : error;
    return typeof message === 'string' ? message : String(message);
  } catch {
    return 'no reason given';
  }
}
