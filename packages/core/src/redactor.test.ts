import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';

const key = 'SeCrEtKeY+/x1y2z3w4==';
const token =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ0cmFkZXItMSIsImV4cCI6MTc5NTQyMjM3Nn0.Qm9yaW5nLXNpZ25hdHVyZS1vZi1hLXRva2Vu';
const signature = token.split('.')[2] ?? '';
function redactor(): Redactor {
  const made = new Redactor();
  made.add(key);
  made.add(token);
  return made;
}

describe('Redactor', () => {
  it.each([
    ['as it is', key],
    ['in base64', Buffer.from(key).toString('base64')],
    ['in base64 behind a user name', Buffer.from(`trader-1:${key}`).toString('base64').slice(14)],
    ['in base64 behind a longer one', Buffer.from(`trader-12:${key}`).toString('base64').slice(14)],
    ['percent-encoded', encodeURIComponent(key)],
    ['percent-encoded in small letters', encodeURIComponent(key).toLowerCase()],
    ['escaped as .NET does', key.replace('+', '\\u002B')],
    ['in hexadecimal', Buffer.from(key).toString('hex')],
  ])('takes a key out that stands there %s', (_how, text) => {
    const cleaned = redactor().clean(`you sent ${text} to us`);
    expect(cleaned).toMatch(/^you sent .*\[redacted\].* to us$/);
    for (let at = 0; at + 11 <= text.length; at += 1)
      expect(cleaned).not.toContain(text.slice(at, at + 11));
  });

  it('takes a token out, its signature alone, and any piece of it that a cut left', () => {
    const texts = redactor();
    expect(texts.clean(`token ${token} is refused`)).toBe('token [redacted] is refused');
    expect(texts.clean(`signature ${signature} is wrong`)).toBe('signature [redacted] is wrong');
    for (let from = 0; from + 11 <= token.length; from += 7)
      expect(texts.clean(`… ${token.slice(from, from + 11)}`)).toBe('… [redacted]');
    expect(texts.clean(`… ${token.slice(0, 60)}`)).toBe('… [redacted]');
  });

  it('takes secrets out before it cuts, wherever the cut falls', () => {
    const texts = redactor();
    for (let before = 0; before < 120; before += 1) {
      const cleaned = texts.clean(`${'x'.repeat(before)} ${key} ${signature}`, 100);
      expect(cleaned.length).toBeLessThanOrEqual(100);
      expect(cleaned).not.toMatch(/SeCr|Qm9yaW5n/);
    }
  });

  it('takes out what looks like a secret though nobody named it', () => {
    const texts = new Redactor();
    expect(texts.clean('Authorization: Bearer abc.def-123~x was refused')).toBe(
      'Authorization: Bearer [redacted] was refused',
    );
    expect(texts.clean('GET /hubs/user?access_token=abc123&id=7 HTTP/1.1')).toBe(
      'GET /hubs/user?access_token=[redacted]&id=7 HTTP/1.1',
    );
    expect(texts.clean('{"userName":"trader-1","apiKey":"a\\"bc"}')).toBe(
      '{"userName":"trader-1","apiKey":"[redacted]"}',
    );
    expect(texts.clean('{\\"apiKey\\":\\"abc\\"}')).not.toContain('abc');
    expect(texts.clean(`the token was ${token}`)).toBe('the token was [redacted]');
  });

  it('leaves other texts as they are, on one line and without what a terminal would obey', () => {
    expect(redactor().clean('  The order was refused: not enough margin (3).\r\n')).toBe(
      'The order was refused: not enough margin (3).',
    );
    expect(redactor().clean('a\u001b[31mred\u0000 \u202eline\u2028 two')).toBe(
      'a [31mred line two',
    );
    expect(redactor().clean('é😀'.repeat(100), 10)).toMatch(/^(?:é😀)+é?…$/u);
  });

  it('knows short secrets whole, and forgets the oldest', () => {
    const few = new Redactor(2);
    few.add('demo-1');
    expect(few.clean('demo-1')).toBe('[redacted]');
    few.add('demo-2');
    few.add('demo-3');
    expect(few.clean('demo-1 demo-2 demo-3')).toBe('demo-1 [redacted] [redacted]');
  });
});
