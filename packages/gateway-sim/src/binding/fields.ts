import type { Instant } from '../instant.ts';
import { parseInstant } from '../instant.ts';
import type { JsonNode } from './json-node.ts';

/** What the binder of the framework leaves to its settings. */
export interface BindingRules {
  /** Digits in text count as numbers. */
  readonly numbersAsText: boolean;
  /** Names of fields must have the case of the reference: a difference that can be switched on. */
  readonly namesByCase: boolean;
  /** A time without a zone is one of the machine's: a difference that can be switched on. */
  readonly localTimes: boolean;
}

/** A value that does not bind: where, in the framework's notation, and the type it should have had; or a ready sentence. */
export class DoesNotBind extends Error {
  readonly path: string;
  /** Offset of the text behind the value's first token; undefined where the sentence names no place. */
  readonly end: number | undefined;

  constructor(path: string, message: string, end: number | undefined) {
    super(message);
    this.path = path;
    this.end = end;
  }
}

/** How one field is bound. */
export interface Field<Value> {
  /** As the framework names the type. */
  readonly typeName: string;
  /** Whether it may be left out or be null, and then is undefined. */
  readonly isOptional: boolean;
  bind(node: JsonNode, path: string, rules: BindingRules): Value;
}

type Values<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never;
};

/** The type of what a field binds. */
export type Bound<Of> = Of extends Field<infer Value> ? Value : never;

function field<Value>(
  typeName: string,
  read: (node: JsonNode, rules: BindingRules) => Value | undefined,
): Field<Value> {
  return {
    typeName,
    isOptional: false,
    bind(node, path, rules) {
      const value = read(node, rules);
      if (value === undefined) throw notOfType(typeName, path, node);
      return value;
    },
  };
}

function notOfType(typeName: string, path: string, node: JsonNode): DoesNotBind {
  return new DoesNotBind(path, `The JSON value could not be converted to ${typeName}.`, node.end);
}

const wholeLiteral = /^-?\d+$/;
/** Beyond it a number is no decimal of the framework. */
const largestDecimal = 2 ** 96;

function whole(typeName: string, smallest: number, largest: number): Field<number> {
  return field(typeName, (node, rules) => {
    const literal =
      node.kind === 'number'
        ? node.literal
        : node.kind === 'text' && rules.numbersAsText
          ? node.value
          : '';
    // 1.0 and 1e0 are no whole numbers to the framework.
    const value = wholeLiteral.test(literal) ? Number(literal) : Number.NaN;
    return value >= smallest && value <= largest ? value : undefined;
  });
}

export const int32: Field<number> = whole('System.Int32', -(2 ** 31), 2 ** 31 - 1);
export const int64: Field<number> = whole(
  'System.Int64',
  -Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
);

/** Any number of the type's size: the framework does not hold an enumeration to its members, the venue does. */
export function enumeration(typeName: string): Field<number> {
  return { ...whole(typeName, -(2 ** 31), 2 ** 31 - 1), typeName };
}

export const decimal: Field<number> = field('System.Decimal', (node, rules) => {
  const value =
    node.kind === 'number'
      ? node.value
      : node.kind === 'text' && rules.numbersAsText && node.value.trim() !== ''
        ? Number(node.value)
        : Number.NaN;
  return Math.abs(value) < largestDecimal ? value : undefined;
});

export const flag: Field<boolean> = field('System.Boolean', (node) =>
  node.kind === 'boolean' ? node.value : undefined,
);

const localTime = /T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

export const instant: Field<Instant> = field('System.DateTime', (node, rules) => {
  if (node.kind !== 'text') return undefined;
  const parsed = parseInstant(node.value);
  if (!parsed || !rules.localTimes || !localTime.test(node.value)) return parsed;
  return { ...parsed, epochMs: Date.parse(node.value) };
});

/** A required text may be null to the binder; the check of the model behind it says so in other words. */
export const text: Field<string> = {
  typeName: 'System.String',
  isOptional: false,
  bind(node, path) {
    if (node.kind === 'text') return node.value;
    if (node.kind !== 'null') throw notOfType('System.String', path, node);
    const name = path.slice(path.lastIndexOf('.') + 1);
    const pascal = name.charAt(0).toUpperCase() + name.slice(1);
    throw new DoesNotBind(pascal, `The ${pascal} field is required.`, undefined);
  },
};

export function optional<Value>(inner: Field<Value>): Field<Value | undefined> {
  const isReference = inner === (text as Field<unknown>) || 'isModel' in inner;
  const typeName = isReference ? inner.typeName : `System.Nullable\`1[${inner.typeName}]`;
  return {
    typeName,
    isOptional: true,
    bind(node, path, rules) {
      if (node.kind === 'null') return undefined;
      try {
        return inner.bind(node, path, rules);
      } catch (error) {
        throw error instanceof DoesNotBind && error.path === path && !isReference
          ? notOfType(typeName, path, node)
          : error;
      }
    },
  };
}

export function list<Value>(item: Field<Value>): Field<readonly Value[]> {
  const typeName = `System.Collections.Generic.List\`1[${item.typeName}]`;
  return {
    typeName,
    isOptional: false,
    bind(node, path, rules) {
      if (node.kind !== 'array') throw notOfType(typeName, path, node);
      return node.items.map((each, index) => item.bind(each, `${path}[${index}]`, rules));
    },
  };
}

/** An object of named fields. Names that are none of them are ignored, and of a name that comes twice the later counts, as in the framework. */
export function model<Fields extends Readonly<Record<string, Field<unknown>>>>(
  typeName: string,
  fields: Fields,
): Field<Values<Fields>> {
  const lower = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  const nameOf = (given: string, byCase: boolean): string | undefined =>
    byCase ? (Object.hasOwn(fields, given) ? given : undefined) : lower.get(given.toLowerCase());
  const bind = (node: JsonNode, path: string, rules: BindingRules): Values<Fields> => {
    if (node.kind !== 'object') throw notOfType(typeName, path, node);
    const values: Record<string, unknown> = {};
    for (const [given, value] of node.members) {
      const name = nameOf(given, rules.namesByCase);
      const bound = name === undefined ? undefined : fields[name];
      if (name !== undefined && bound) values[name] = bound.bind(value, `${path}.${given}`, rules);
    }
    const missing = Object.entries(fields).flatMap(([name, { isOptional }]) =>
      isOptional || name in values ? [] : [name],
    );
    if (missing.length > 0)
      throw new DoesNotBind(
        path,
        `JSON deserialization for type '${typeName}' was missing required properties, including the following: ${missing.join(', ')}`,
        undefined,
      );
    return values as Values<Fields>;
  };
  return Object.assign({ typeName, isOptional: false, bind }, { isModel: true });
}
