import { describe, expect, it } from 'vitest';
import { userKey } from './user-key.ts';

describe('the key of a user in the names of sockets and locks', () => {
  it('is the number of the user where there are numbers', () => {
    expect(userKey('linux')).toBe(String(process.getuid?.()));
  });

  it('is the name on Windows, in characters that a pipe may have', () => {
    expect(userKey('win32', { USERDOMAIN: 'DESK 1', USERNAME: 'José\\x' })).toBe('DESK_1-Jos__x');
    expect(userKey('win32', {})).toBe('-');
  });
});
