// Writes each package's version into its sources. Part of `npm run version-packages`.
import { writeFileSync } from 'node:fs';
import { versionFiles } from './versions.mjs';

for (const { path, text } of versionFiles()) writeFileSync(path, text);
