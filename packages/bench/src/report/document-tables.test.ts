import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withFigures } from './document-tables.ts';
import { reportExample } from './report-example.ts';
import { jsonRatios, targets } from './targets.ts';

const at = (name: string): URL => new URL(`../../../../docs/${name}`, import.meta.url);
const document = readFileSync(at('performance.md'), 'utf8');
const figures = JSON.parse(readFileSync(at('performance.json'), 'utf8'));

it('the document shows the committed figures, none other and all of them', () => {
  expect(withFigures(document, figures)).toBe(document);
  for (const name of ['machine', 'targets', 'one-at-a-time', 'while-computing', 'at-once', 'open-loop', 'far-away', 'ten-minutes', 'trouble', 'simulator', 'memory', 'loops']) expect(document).toContain(`<!-- figures: ${name} -->`);
});

it('other figures make another document', () => {
  expect(withFigures(document, reportExample)).not.toBe(document);
  expect(withFigures(document, reportExample)).toContain('seed 7');
});

it('the committed run has a figure for every ratio, with its date and seed', () => {
  for (const name of jsonRatios) expect([name, typeof figures.ratios[name]]).toEqual([name, 'number']);
  expect(Number.isNaN(Date.parse(figures.machine.date))).toBe(false);
  expect(figures.machine.seed).toBeTypeOf('number');
});

it('says so when a mark names figures that are not known', () => {
  expect(() => withFigures('<!-- figures: other -->\n<!-- end of figures -->', reportExample)).toThrow(/no figures "other", only machine, targets/u);
  expect(targets.length).toBeGreaterThan(10);
});
