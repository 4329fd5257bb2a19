import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultTimes } from './default-times.ts';

const file = new URL('../../../../docs/outcomes.md', import.meta.url);

it('docs/outcomes.md has the times that the code runs on', () => {
  const rows = Object.entries(defaultTimes).map(
    ([name, { ms, meaning }]) =>
      `| \`${name === 'marketDeadlineMs' ? 'deadlineMs` of a market order' : `${name}\``} | ${ms.toLocaleString('en-US')} | ${meaning} |`,
  );
  const expected = `${['| Time | Default, ms | Means |', '|---|---|---|', ...rows].join('\n')}\n`;
  const section = /(<!-- generated: times -->\n)([\s\S]*?)(<!-- end -->)/;
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
