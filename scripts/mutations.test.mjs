import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutations } from './mutation-list.mjs';

const file = new URL('../docs/outcomes.md', import.meta.url);
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('the mutations', () => {
  it.each(mutations.flatMap(({ name, edits }) => edits.map((edit) => [name, edit])))('%s fits the sources', (_name, { file: path, find }) => {
    expect(read(path).split(find)).toHaveLength(2);
  });

  it('stand in docs/outcomes.md', () => {
    const lines = mutations.map(({ name, without, tests }) => `| ${name} | ${without} | ${tests.map((test) => `\`${test.file.split('/').at(-1)}\`: ${test.names.map((one) => one.replace(/^.*?([PMCKHJ]\d\d).*$/, '$1')).join(', ')}`).join('; ')} |`);
    const expected = `${['| Safeguard | Without it | Noticed by |', '|---|---|---|', ...lines].join('\n')}\n`;
    const section = /(<!-- generated: mutations -->\n)([\s\S]*?)(<!-- end -->)/;
    // UPDATE_DOCUMENTS=1 writes the table in place of comparing it.
    if (process.env.UPDATE_DOCUMENTS === '1') writeFileSync(file, readFileSync(file, 'utf8').replace(section, (_all, begin, _old, end) => `${begin}${expected}${end}`));
    expect(section.exec(readFileSync(file, 'utf8'))?.[2]).toBe(expected);
  });
});
