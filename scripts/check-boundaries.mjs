import { fileURLToPath } from 'node:url';
import { boundaryProblems } from './boundaries.mjs';

const problems = boundaryProblems(fileURLToPath(new URL('..', import.meta.url)));
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? 'every import points the right way'
    : `${problems.length} imports point the wrong way`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
