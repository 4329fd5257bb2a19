import { expect, it } from 'vitest';
import { ConnectFailure, connectFailureOf } from './connect-failure.ts';

it('says in its own words what no network has done, as in a runtime that lacks something', () => {
  const cause = new Error('This function is not yet implemented in Bun');
  expect(connectFailureOf(cause)).toMatchObject({
    code: 'NO_CONNECTION',
    message: 'A connection could not be opened: This function is not yet implemented in Bun',
    cause,
  });
  expect(connectFailureOf('nothing').message).toBe('A connection could not be opened: nothing');
});

it('is itself when it has a name already', () => {
  const failure = new ConnectFailure('REFUSED', 'api.example refused the connection.');
  expect(connectFailureOf(failure)).toBe(failure);
});
