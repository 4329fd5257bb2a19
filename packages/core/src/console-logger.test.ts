import { describe, expect, it } from 'vitest';
import { AdapterError } from './errors/adapter-error.ts';
import { consoleLogger } from './console-logger.ts';

function linesOf(level: Parameters<typeof consoleLogger>[0]): {
  readonly log: ReturnType<typeof consoleLogger>;
  readonly lines: unknown[];
} {
  const lines: unknown[] = [];
  return { log: consoleLogger(level, (line) => lines.push(JSON.parse(line))), lines };
}

describe('consoleLogger', () => {
  it('writes one JSON line for each message of its level or above', () => {
    const { log, lines } = linesOf('warn');
    log.debug({ a: 1 }, 'one');
    log.info({ a: 2 }, 'two');
    log.warn({ a: 3 }, 'three');
    log.error({ a: 4 }, 'four');
    expect(lines).toEqual([
      { level: 'warn', message: 'three', a: 3 },
      { level: 'error', message: 'four', a: 4 },
    ]);
  });

  it('shows errors by name, message and code, which JSON alone would lose', () => {
    const { log, lines } = linesOf('info');
    log.error({ error: new AdapterError('LOGIN_FAILED', 'no') }, 'failed');
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'failed',
        error: { name: 'AdapterError', message: 'no', code: 'LOGIN_FAILED' },
      },
    ]);
  });

  it('writes what JSON can not hold in another way, and never throws', () => {
    const { log, lines } = linesOf('info');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.info({ size: 10n }, 'large');
    log.warn(circle, 'round');
    log.error(
      {
        get field(): never {
          throw new Error('boom');
        },
      },
      'broken',
    );
    expect(lines).toMatchObject([
      { message: 'large', size: '10' },
      { level: 'warn', message: 'round', fieldsLost: expect.stringMatching(/circular/i) },
      { level: 'error', message: 'broken', fieldsLost: 'boom' },
    ]);
  });

  it('refuses a level that there is not by name', () => {
    expect(() => consoleLogger('wran' as never)).toThrow(
      'consoleLogger: level: is "wran", must be one of debug, info, warn, error; did you mean "warn"?',
    );
    expect(() => consoleLogger('info', 5 as never)).toThrow(
      'write: is 5, must be a function that takes a line',
    );
  });
});
