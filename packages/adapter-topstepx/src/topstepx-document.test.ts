import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firmNames, firms } from './firms.ts';
import { operations } from './operations.ts';
import { topstepx } from './topstepx.ts';

const file = new URL('../../../docs/topstepx.md', import.meta.url);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');
const yes = (value: boolean): string => (value ? 'yes' : 'no');

function capabilities(): string {
  const { orderTypes, clientOrderId, modify, closePosition, reducePosition, brackets, rateLimit } =
    topstepx.capabilities;
  const rows = [
    ['order types', orderTypes.join(', ')],
    [
      'client order id',
      `${clientOrderId.maxLength} characters with the endings ${clientOrderId.reservedSuffixes.join(' and ')}; unique ${clientOrderId.unique === 'for-ever' ? 'for ever, also after a rejection' : clientOrderId.unique}`,
    ],
    ['modify', modify === 'in-place' ? 'in place, the order keeps its id' : 'no'],
    ['close a position', yes(closePosition)],
    ['reduce a position', yes(reducePosition)],
    [
      'brackets',
      brackets === 'ticks'
        ? 'stop loss and take profit in ticks from the fill, in Auto OCO Brackets mode'
        : 'no',
    ],
    [
      'rate limit',
      rateLimit
        ? `${rateLimit.requests} requests in ${rateLimit.windowMs / 1000} s, ${rateLimit.reserve} of them kept for getting out`
        : 'none',
    ],
  ];
  return table(['What', 'TopstepX'], rows);
}

function firmRows(): string {
  const differences = (name: (typeof firmNames)[number]): string => {
    const entries = Object.entries(firms[name].capabilities).filter(
      ([key, value]) =>
        JSON.stringify(value) !==
        JSON.stringify(
          Object.entries(firms.topstepx.capabilities).find(([known]) => known === key)?.[1],
        ),
    );
    return entries.length === 0
      ? 'none known'
      : entries.map(([key, value]) => `${key}: ${String(value)}`).join('; ');
  };
  return table(
    ['`firm`', 'REST', 'Hubs', 'Source', 'Differences'],
    firmNames.map((name) => [
      `\`${name}\``,
      firms[name].baseUrl,
      firms[name].rtcUrl,
      firms[name].source,
      differences(name),
    ]),
  );
}

function operationRows(): string {
  return table(
    ['Operation', 'Used'],
    Object.entries(operations).map(([path, { notCalled }]) => [
      `\`${path}\``,
      notCalled === undefined ? 'yes' : `no: ${notCalled}`,
    ]),
  );
}

describe('docs/topstepx.md', () => {
  it.each([
    ['capabilities', capabilities],
    ['firms', firmRows],
    ['operations', operationRows],
  ])('has the table of %s that the data makes', (name, made) => {
    const text = readFileSync(file, 'utf8');
    const section = new RegExp(`(<!-- generated: ${name} -->\n)([\\s\\S]*?)(<!-- end -->)`);
    const expected = `${made()}\n`;
    // UPDATE_DOCUMENTS=1 writes the tables in place of comparing them.
    if (process.env['UPDATE_DOCUMENTS'] === '1')
      writeFileSync(
        file,
        text.replace(
          section,
          (_all, begin: string, _old: string, end: string) => `${begin}${expected}${end}`,
        ),
      );
    expect(section.exec(readFileSync(file, 'utf8'))?.[2]).toBe(expected);
  });
});
