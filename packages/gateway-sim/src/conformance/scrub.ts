/** What a report may show of what a gateway said: nothing that tells who asked it. */
export interface Scrub {
  /** Takes a secret, a name or a number that must not be told. */
  hide(...secrets: readonly (string | number)[]): void;
  /** Text without them, without anything that looks like a token, an e-mail address or an id, and of a length that fits a table. */
  clean(text: string): string;
}

const longest = 300;
/** Tokens, addresses, GUIDs and hex ids, and every number long enough to be one of an account, an order or a position. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '…'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b/gi, '…'],
  [/\d{5,}/g, '#'],
];

export function createScrub(): Scrub {
  const hidden = new Set<string>();
  return {
    hide(...secrets) {
      for (const secret of secrets) if (String(secret).length > 1) hidden.add(String(secret));
    },
    clean(text) {
      let clean = text;
      // The longest first: a name may begin with another.
      for (const secret of [...hidden].toSorted((a, b) => b.length - a.length))
        clean = clean.replace(new RegExp(literally(secret), 'gi'), () => '…');
      for (const [pattern, instead] of patterns) clean = clean.replace(pattern, instead);
      clean = clean.replaceAll(/\s+/g, ' ').trim();
      return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
    },
  };
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
