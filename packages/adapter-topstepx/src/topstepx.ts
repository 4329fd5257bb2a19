import type { AdapterFactory } from '@hotpath/core';
import { AdapterError, defineAdapter } from '@hotpath/core';
import type { Credentials } from './session.ts';
import { TopstepxAdapter } from './topstepx-adapter.ts';
import type { CheckedTopstepxOptions, TopstepxOptions } from './topstepx-options.ts';
import { topstepxOptionsSchema } from './topstepx-options.ts';

/**
 * TopstepX, or another firm on the ProjectX Gateway by its `baseUrl`.
 * Throws `InvalidOptionsError` for options that don't fit; `createBroker` rejects with `AdapterError` when the login or the account is refused.
 */
export const topstepx: AdapterFactory<'topstepx', TopstepxOptions> = defineAdapter({
  name: 'topstepx',
  apiVersion: 1,
  options: topstepxOptionsSchema,
  setup: (_context, options) => new TopstepxAdapter(options, credentialsOf(options)),
});

function credentialsOf(options: CheckedTopstepxOptions): Credentials {
  const userName = options.userName ?? process.env['TOPSTEPX_USERNAME'];
  const apiKey = options.apiKey ?? process.env['TOPSTEPX_API_KEY'];
  if (userName && apiKey) return { userName, apiKey };
  const missing = [!userName && 'userName (TOPSTEPX_USERNAME)', !apiKey && 'apiKey (TOPSTEPX_API_KEY)'].filter(Boolean).join(' and ');
  throw new AdapterError('CREDENTIALS_MISSING', `topstepx: ${missing} is given neither in the options nor in the environment.`);
}
