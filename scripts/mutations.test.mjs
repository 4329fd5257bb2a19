import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutations } from './mutation-list.mjs';
import { findSafeguards, safeguardsOf, withoutSafeguard } from './safeguards.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const safeguards = safeguardsOf(root);
const twice = (names) => names.filter((name, at) => names.indexOf(name) !== at);

describe('the mutations', () => {
  it('have a name each', () => {
    expect(twice(mutations.map(({ name }) => name))).toEqual([]);
  });

  it.each(mutations)('$name finds its safeguards and its tests', ({ edits, tests }) => {
    const named = safeguards.map(({ name }) => name);
    expect(
      edits.map(({ safeguard }) => safeguard).filter((safeguard) => !named.includes(safeguard)),
    ).toEqual([]);
    expect(edits.length).toBeGreaterThan(0);
    expect(tests.flatMap(({ names }) => names).length).toBeGreaterThan(0);
    expect(tests.map(({ file }) => file).filter((file) => !existsSync(`${root}/${file}`))).toEqual(
      [],
    );
  });
});

describe('the safeguards of the sources', () => {
  it('have a name each', () => {
    expect(twice(safeguards.map(({ name }) => name))).toEqual([]);
  });

  it('are each taken out by a mutation', () => {
    const used = new Set(mutations.flatMap(({ edits }) => edits.map(({ safeguard }) => safeguard)));
    expect(
      safeguards.filter(({ name }) => !used.has(name)).map(({ name, file }) => `${file}: ${name}`),
    ).toEqual([]);
  });
});

describe('a safeguard', () => {
  const source = [
    'a();',
    '  // safeguard: one line',
    '  b();',
    'c();',
    '// safeguard: several lines',
    'd(',
    ');',
    '// end of safeguard',
    'e();',
    '// safeguard: first name',
    '// safeguard: second name',
    'f();',
  ].join('\n');

  it('is the line below its comment, or the lines up to the end that is marked', () => {
    const lines = source.split('\n');
    expect(
      findSafeguards(source, 'a.ts').map(({ name, from, to }) => [name, lines.slice(from, to)]),
    ).toEqual([
      ['one line', ['  b();']],
      ['several lines', ['d(', ');']],
      ['first name', ['f();']],
      ['second name', ['f();']],
    ]);
  });

  it('is replaced whole', () => {
    expect(withoutSafeguard(source, 'several lines', 'x();')).toBe(
      source.replace('d(\n);', 'x();'),
    );
    expect(() => withoutSafeguard(source, 'none', '')).toThrow('no safeguard is called "none"');
  });
});
