import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withFigures } from './document-tables.ts';

// Writes the tables of docs/performance.md and of the README from docs/performance.json.
const at = (name: string): string => fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
const figures = JSON.parse(readFileSync(at('docs/performance.json'), 'utf8'));
for (const name of ['docs/performance.md', 'README.md'])
  writeFileSync(at(name), withFigures(readFileSync(at(name), 'utf8'), figures));
