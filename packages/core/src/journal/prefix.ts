import type { Random } from '../random.ts';

/** Six lower-case characters that begin with a letter. */
export function createPrefix(random: Random): string {
  const letter = String.fromCharCode('a'.charCodeAt(0) + Math.floor(random() * 26));
  return (
    letter +
    Math.floor(random() * 36 ** 5)
      .toString(36)
      .padStart(5, '0')
  );
}
