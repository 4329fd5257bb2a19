/** JSON of any shape, for a test to look into. */
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}
