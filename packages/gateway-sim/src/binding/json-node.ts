/** One JSON value with what the framework's messages need of it: where it stands, and a number as it was written. */
export type JsonNode = {
  /** Offset in the text behind the value's first token. */
  readonly end: number;
} & (
  | {
      readonly kind: 'object';
      readonly members: readonly (readonly [name: string, value: JsonNode])[];
    }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly literal: string; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
);

/** A text that is no JSON, and where it stops being it. */
export class NoJson extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads a whole text. Throws `NoJson` with the framework's words. */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  const node = reader.value();
  reader.end();
  return node;
}

const literals = {
  true: { kind: 'boolean', value: true },
  false: { kind: 'boolean', value: false },
  null: { kind: 'null' },
} as const;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const blank = /[ \t\r\n]*/y;
/** As deep as the framework reads. */
const deepest = 32;

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    if (this.#next() !== '')
      throw new NoJson(
        `'${this.#next()}' is invalid after a single JSON value. Expected end of data.`,
        this.#at,
      );
  }

  value(): JsonNode {
    const first = this.#next();
    if (first === '{') return this.#nested(() => this.#object());
    if (first === '[') return this.#nested(() => this.#array());
    if (first === '"') {
      const value = this.#string();
      return { kind: 'text', value, end: this.#at };
    }
    number.lastIndex = this.#at;
    const [literal] = number.exec(this.#text) ?? [];
    if (literal !== undefined) {
      this.#at += literal.length;
      return { kind: 'number', literal, value: Number(literal), end: this.#at };
    }
    for (const [word, node] of Object.entries(literals)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return { ...node, end: this.#at };
    }
    throw this.#wrong('an invalid start of a value');
  }

  #nested(read: () => JsonNode): JsonNode {
    this.#depth += 1;
    if (this.#depth > deepest)
      throw new NoJson(
        `The maximum configured depth of ${deepest} has been exceeded. Cannot read next JSON array or object.`,
        this.#at,
      );
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #object(): JsonNode {
    const end = (this.#at += 1);
    const members: [string, JsonNode][] = [];
    if (this.#next() === '}') this.#at += 1;
    else {
      do {
        if (this.#next() !== '"')
          throw this.#wrong("an invalid start of a property name. Expected a '\"'");
        const name = this.#string();
        if (this.#next() !== ':')
          throw this.#wrong("invalid after a property name. Expected a ':'");
        this.#at += 1;
        members.push([name, this.value()]);
      } while (this.#goesOn('}'));
    }
    return { kind: 'object', members, end };
  }

  #array(): JsonNode {
    const end = (this.#at += 1);
    const items: JsonNode[] = [];
    if (this.#next() === ']') this.#at += 1;
    else {
      do items.push(this.value());
      while (this.#goesOn(']'));
    }
    return { kind: 'array', items, end };
  }

  /** Behind a member or an item: true before another one, false behind the last. */
  #goesOn(closing: string): boolean {
    const next = this.#next();
    if (next !== ',' && next !== closing)
      throw this.#wrong(`invalid after a value. Expected either ',', '}', or ']'`);
    this.#at += 1;
    return next === ',';
  }

  #string(): string {
    const begin = this.#at;
    for (this.#at += 1; ; this.#at += 1) {
      const character = this.#text.charAt(this.#at);
      if (character === '') throw this.#wrong('');
      if (character === '\\') this.#at += 1;
      else if (character === '"') break;
    }
    this.#at += 1;
    try {
      return String(JSON.parse(this.#text.slice(begin, this.#at)));
    } catch {
      throw new NoJson('The JSON string contains an invalid character or escape.', begin);
    }
  }

  /** The next character that is no blank; empty at the end. */
  #next(): string {
    blank.lastIndex = this.#at;
    this.#at += blank.exec(this.#text)?.[0].length ?? 0;
    return this.#text.charAt(this.#at);
  }

  #wrong(what: string): NoJson {
    const found = this.#text.charAt(this.#at);
    const message =
      found === ''
        ? 'Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.'
        : `'${found}' is ${what}.`;
    return new NoJson(message, this.#at);
  }
}
