import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { notSentCodes, rejectedCodes, unknownCodes } from '../outcome-codes.ts';
import * as errors from '../index.ts';

const document = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** The first code of each row below a heading. */
function rowsBelow(heading: string): string[] {
  const section = document.split(`### \`${heading}\`\n`)[1]?.split('\n#')[0] ?? '';
  return [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1] ?? '');
}

describe('docs/errors.md', () => {
  it.each([
    ['not-sent', notSentCodes],
    ['rejected', rejectedCodes],
    ['unknown', unknownCodes],
  ])('lists every code of a %s outcome, and no other', (kind, codes) => {
    expect(rowsBelow(kind).toSorted()).toEqual([...codes].toSorted());
  });

  it('lists every class and code that can be thrown, and no other', () => {
    const listed = [...document.matchAll(/^\| `(\w+Error)` \| `([A-Z_]+)` \|/gm)].map(
      ([, name, code]) => `${name}.${code}`,
    );
    const classes = [
      errors.InvalidOptionsError,
      errors.AdapterError,
      errors.ExecutorError,
      errors.JournalError,
      errors.NotAvailableError,
      errors.ReadError,
      errors.StartError,
    ];
    expect(listed.toSorted()).toEqual(
      classes.flatMap(({ name, codes }) => codes.map((code) => `${name}.${code}`)).toSorted(),
    );
    const files = readdirSync(new URL('.', import.meta.url)).filter(
      (file) => file.endsWith('-error.ts') && file !== 'hotpath-error.ts',
    );
    expect(files).toHaveLength(classes.length);
  });
});
