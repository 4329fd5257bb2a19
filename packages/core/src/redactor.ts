/** Characters of a text that are looked at: what an answer says about a refusal stands at its beginning. */
const longestRead = 65_536;
/** Characters that must be the same for a place to be looked at closely, and how far apart the places of a secret are that are known. A piece of eleven characters holds one of them, wherever a text was cut. */
const gramLength = 8;
const gramStride = 4;
/** Shorter secrets would be found in ordinary words. */
const shortestSecret = 4;
const instead = '[redacted]';

/** What may be a secret though nobody named it: bearer headers, tokens in addresses, credentials in JSON, and JSON Web Tokens. */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(bearer|basic)(\s+|%20)[\w.~+/=-]{6,}/gi, `$1 ${instead}`],
  [/\b(access_token|api_?key|token|password)=[^&\s"'<>]+/gi, `$1=${instead}`],
  [
    /(\\?["'](?:access_?token|new_?token|token|api_?key|password)\\?["']\s*:\s*\\?["'])(?:\\.|[^"'\\])*/gi,
    `$1${instead}`,
  ],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, instead],
];

/** A place in a form of a secret. */
interface Place {
  readonly form: string;
  readonly at: number;
}

interface Secret {
  readonly forms: readonly string[];
  readonly grams: ReadonlyMap<string, readonly Place[]>;
}

/**
 * Takes secrets out of texts that came from outside: an answer, a proxy's page, a hub's farewell may repeat the request, and the key or the token with it.
 * Knows each secret as it is and in base64, in hexadecimal, percent-encoded and escaped for JSON, and finds pieces of them as well.
 */
export class Redactor {
  readonly #secrets = new Map<string, Secret>();
  readonly #most: number;

  /** `most`: secrets that are remembered; the oldest ones are forgotten first. */
  constructor(most: number = 16) {
    this.#most = most;
  }

  add(secret: string): void {
    if (secret.length < shortestSecret) return;
    this.#secrets.delete(secret);
    this.#secrets.set(secret, prepared(secret));
    for (const oldest of this.#secrets.keys()) {
      if (this.#secrets.size <= this.#most) return;
      this.#secrets.delete(oldest);
    }
  }

  /** The text on one line, without secrets and control characters, and then cut to `longest` characters. */
  clean(text: string, longest: number = 300): string {
    let plain = oneLine(text);
    for (const secret of this.#secrets.values()) plain = without(plain, secret);
    for (const [pattern, replacement] of patterns) plain = plain.replace(pattern, replacement);
    return cut(plain, longest);
  }
}

/** Control characters and what turns the direction of writing become spaces: a log is read on terminals. */
function oneLine(text: string): string {
  return text
    .slice(0, longestRead)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffd]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function prepared(secret: string): Secret {
  const forms = [...new Set(formsOf(secret).map(lower))];
  const grams = new Map<string, Place[]>();
  for (const form of forms) {
    for (let at = 0; at + gramLength <= form.length; at += gramStride) {
      const gram = form.slice(at, at + gramLength);
      grams.set(gram, [...(grams.get(gram) ?? []), { form, at }]);
    }
  }
  return {
    forms: forms.filter(({ length }) => length >= shortestSecret && length < gramLength),
    grams,
  };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  // Within a longer text base64 comes in three alignments.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1),
  );
  const escaped = secret.replace(
    /[^A-Za-z0-9]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    escaped,
    bytes.toString('hex'),
    bytes.toString('base64url'),
    ...base64,
  ];
}

/** Case is no secret, and a proxy may change it; by ASCII alone, so that places stay where they are. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

function without(text: string, { forms, grams }: Secret): string {
  const lowered = lower(text);
  const runs: (readonly [from: number, to: number])[] = [];
  for (let at = 0; at + gramLength <= lowered.length; at += 1) {
    const places = grams.get(lowered.slice(at, at + gramLength));
    if (!places) continue;
    const [from, to] = longestRun(lowered, at, places);
    runs.push([from, to]);
    at = to - 1;
  }
  for (const form of forms)
    for (let at = lowered.indexOf(form); at >= 0; at = lowered.indexOf(form, at + form.length))
      runs.push([at, at + form.length]);
  let plain = '';
  let end = 0;
  for (const [from, to] of runs.toSorted((a, b) => a[0] - b[0])) {
    // Two forms of one secret may overlap.
    if (from >= end) plain += text.slice(end, from) + instead;
    end = Math.max(end, to);
  }
  return plain + text.slice(end);
}

/** As far as the text and the secret say the same, to both sides; of several forms with the same piece, the one that says most of it. */
function longestRun(
  text: string,
  at: number,
  places: readonly Place[],
): readonly [from: number, to: number] {
  let [from, to] = [at, at + gramLength];
  for (const { form, at: within } of places) {
    let before = 0;
    while (
      at - before > 0 &&
      within - before > 0 &&
      text[at - before - 1] === form[within - before - 1]
    )
      before += 1;
    let after = gramLength;
    while (
      at + after < text.length &&
      within + after < form.length &&
      text[at + after] === form[within + after]
    )
      after += 1;
    if (before + after > to - from) [from, to] = [at - before, at + after];
  }
  return [from, to];
}
