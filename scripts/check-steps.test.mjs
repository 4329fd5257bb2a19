import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chosenSteps, steps } from './check-steps.mjs';

const names = (argv) => chosenSteps(argv).map(({ name }) => name);

describe('npm run check', () => {
  it('runs every step, the tests among them', () => {
    expect(names([])).toEqual(steps.map(({ name }) => name));
    expect(names([])).toContain('tests');
  });

  it('leaves out what ran already, and nothing else', () => {
    expect(names(['--without', 'tests', '--without', 'quick bench'])).toEqual(
      steps.map(({ name }) => name).filter((name) => name !== 'tests' && name !== 'quick bench'),
    );
  });

  it('leaves nothing out for a name that it does not know', () => {
    expect(() => chosenSteps(['--without', 'test'])).toThrow(
      '--without is "test", must be one of: boundaries, format, build,',
    );
    expect(() => chosenSteps(['tests'])).toThrow('tests');
  });
});

it('.ci/run runs no test twice, and leaves none out', () => {
  const commands = readFileSync(new URL('../.ci/run', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('npm '));
  const ofTests = commands.filter(
    (command) =>
      command === 'npm test' ||
      (command.startsWith('npm run check') && !command.includes('--without tests')),
  );
  expect(ofTests).toEqual(['npm test']);
  expect(new Set(commands).size).toBe(commands.length);
});
