import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { CodeMeaning } from './answer-codes.ts';
import { answerCodes } from './answer-codes.ts';

const file = new URL('../../../docs/outcomes.md', import.meta.url);

function meaningOf(meaning: CodeMeaning | undefined): string {
  switch (meaning?.is) {
    case 'refused':
      return `rejected \`${meaning.code}\``;
    case 'disputed':
      return 'looked up';
    case 'ambiguous':
      return meaning.arrived ? 'unknown, it arrived' : 'unknown';
    case undefined:
      return 'unknown';
  }
}

it("docs/outcomes.md has the gateway's error codes as the code reads them", () => {
  const operations = ['place', 'modify', 'cancel', 'close', 'reduce'] as const;
  const codes = [
    ...new Set(operations.flatMap((operation) => [...answerCodes[operation].keys()])),
  ].toSorted((one, other) => one - other);
  const rows = codes.map(
    (code) =>
      `| ${code} | ${operations.map((operation) => meaningOf(answerCodes[operation].get(code))).join(' | ')} |`,
  );
  const expected = `${[`| Code | ${operations.join(' | ')} |`, `|---|${operations.map(() => '---|').join('')}`, ...rows].join('\n')}\n`;
  const section = /(<!-- generated: codes -->\n)([\s\S]*?)(<!-- end -->)/;
  // UPDATE_DOCUMENTS=1 writes the table in place of comparing it.
  if (process.env['UPDATE_DOCUMENTS'] === '1')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(
        section,
        (_all, begin: string, _old: string, end: string) => `${begin}${expected}${end}`,
      ),
    );
  expect(section.exec(readFileSync(file, 'utf8'))?.[2]).toBe(expected);
});
