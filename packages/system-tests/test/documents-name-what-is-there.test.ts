import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, workspaceRoot } from './document-snippets.ts';

const read = (path: string): string => readFileSync(join(workspaceRoot, path), 'utf8');
const pages = [...documents(), 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

/** A heading's name in a link, as GitHub makes it. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links of the documents', () => {
  it.each(pages)('%s', (page) => {
    const broken: string[] = [];
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = '', anchor] = target.split('#', 2);
      const path = file === '' ? page : join(dirname(page), file);
      if (!existsSync(join(workspaceRoot, path))) broken.push(target);
      else if (anchor !== undefined && !anchorsOf(read(path)).includes(anchor)) broken.push(target);
    }
    expect(broken).toEqual([]);
  });
});

it('ARCHITECTURE.md names files that are there', () => {
  const text = read('ARCHITECTURE.md');
  const named = [
    ...text.matchAll(/`((?:packages|apps|scripts|core|adapter-topstepx)\/[\w./-]+)`/g),
  ].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(15);
  expect(
    named.filter(
      (path) =>
        !existsSync(join(workspaceRoot, path)) &&
        !existsSync(join(workspaceRoot, 'packages', path)),
    ),
  ).toEqual([]);
});

it('docs/configuration.md names every field of a configuration', () => {
  const text = read('docs/configuration.md');
  const { properties } = JSON.parse(read('packages/core/hotpath.config.schema.json')) as {
    readonly properties: object;
  };
  expect(Object.keys(properties).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

it('docs/broker.md names every event', () => {
  const text = read('docs/broker.md');
  const events = [
    ...read('packages/core/src/events/event-map.ts').matchAll(
      /^ {2}(?:readonly )?'?([a-z][\w.-]*)'?: /gm,
    ),
  ]
    .map(([, name = '']) => name)
    .filter((name) => name.includes('.') || ['halted', 'resumed'].includes(name));
  expect(events.length).toBeGreaterThan(25);
  expect(events.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
