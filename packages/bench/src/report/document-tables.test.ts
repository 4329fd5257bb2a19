import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withFigures } from './document-tables.ts';
import { reportExample } from './report-example.ts';
import { jsonRatios, targets } from './targets.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');
const document = read('docs/performance.md');
const figures = JSON.parse(read('docs/performance.json'));

it('the document shows the committed figures, none other and all of them', () => {
  expect(withFigures(document, figures)).toBe(document);
  for (const name of [
    'machine',
    'targets',
    'one-at-a-time',
    'while-computing',
    'at-once',
    'open-loop',
    'far-away',
    'ten-minutes',
    'trouble',
    'simulator',
    'memory',
    'loops',
  ])
    expect(document).toContain(`<!-- figures: ${name} -->`);
});

it('the README quotes ratios of the committed run, and no latency', () => {
  const readme = read('README.md');
  expect(readme).toContain('<!-- figures: ratios -->');
  expect(withFigures(readme, figures)).toBe(readme);
  const numbers = readme.slice(readme.indexOf('## Numbers'), readme.indexOf('## Status'));
  expect(numbers).not.toMatch(/µs|microsecond/u);
});

it('other figures make another document', () => {
  expect(withFigures(document, reportExample)).not.toBe(document);
  expect(withFigures(document, reportExample)).toContain('seed 7');
});

it('the committed run has a figure for every ratio, with its date and seed', () => {
  for (const name of jsonRatios)
    expect([name, typeof figures.ratios[name]]).toEqual([name, 'number']);
  expect(Number.isNaN(Date.parse(figures.machine.date))).toBe(false);
  expect(figures.machine.seed).toBeTypeOf('number');
});

it('says so when a mark names figures that are not known', () => {
  expect(() =>
    withFigures('<!-- figures: other -->\n<!-- end of figures -->', reportExample),
  ).toThrow(/no figures "other", only machine, targets/u);
  expect(targets.length).toBeGreaterThan(10);
});
