import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withFigures } from './document-tables.ts';

// Writes the tables of docs/performance.md from docs/performance.json.
const at = (name: string): string => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
const [document, figures] = [readFileSync(at('performance.md'), 'utf8'), readFileSync(at('performance.json'), 'utf8')];
writeFileSync(at('performance.md'), withFigures(document, JSON.parse(figures)));
