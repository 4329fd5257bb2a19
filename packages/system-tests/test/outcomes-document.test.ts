import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outcomePolicy } from '../src/policy/outcome-policy.ts';
import type { PolicyRow } from '../src/policy/policy-row.ts';
import { workspaceRoot } from './document-snippets.ts';

const file = join(workspaceRoot, 'docs/outcomes.md');
const rows = outcomePolicy.flatMap((group) => group.rows);

function table(shown: readonly PolicyRow[]): string {
  const lines = shown.map(
    ({ name, evidence, meaning, action }) =>
      `| ${name.slice(0, 3)} | ${name.slice(4)} | ${evidence} | ${meaning} | ${action} |`,
  );
  return `${['| # | In short | Evidence | What it means | Then |', '|---|---|---|---|---|', ...lines].join('\n')}\n`;
}

/** The sources of every test of every package, each name right behind its bracket. */
function testSources(): string {
  const folders = readdirSync(join(workspaceRoot, 'packages')).flatMap((name) => [
    join(workspaceRoot, 'packages', name, 'src'),
    join(workspaceRoot, 'packages', name, 'test'),
  ]);
  const texts: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) walk(join(folder, entry.name));
      else if (entry.name.endsWith('.test.ts'))
        texts.push(readFileSync(join(folder, entry.name), 'utf8'));
    }
  };
  for (const folder of folders) {
    try {
      walk(folder);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return texts.join('\n').replace(/\(\s+/g, '(');
}

describe('docs/outcomes.md', () => {
  it.each(outcomePolicy)(
    'has the cases of $title as the data has them',
    ({ title, rows: shown }) => {
      const section = new RegExp(`(<!-- generated: ${title} -->\n)([\\s\\S]*?)(<!-- end -->)`);
      const expected = table(shown);
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
    },
  );
});

describe('the outcome policy', () => {
  it('has every case once, in its order', () => {
    const expected = [27, 6, 4, 6, 3, 6].flatMap((last, index) => {
      const letter = 'PMCKHJ'.charAt(index);
      const first = letter === 'P' || letter === 'K' ? 0 : 1;
      return Array.from(
        { length: last - first + 1 },
        (_, count) => `${letter}${String(first + count).padStart(2, '0')}`,
      );
    });
    expect(rows.map(({ name }) => name.slice(0, 3))).toEqual(expected);
  });

  it('has a test of its name for every case', () => {
    const sources = testSources();
    const isTested = ({ name }: PolicyRow): boolean =>
      ["'", '"', '`'].some((quote) => sources.includes(`(${quote}${name}`));
    expect(rows.filter((row) => !isTested(row)).map(({ name }) => name)).toEqual([]);
  });
});
