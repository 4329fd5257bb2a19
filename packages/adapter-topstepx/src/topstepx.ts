import type { AdapterFactory } from '@hotpath/core';
import { defineAdapter } from '@hotpath/core';
import { projectxCapabilities } from './capabilities.ts';
import { openPaperAdapter } from './paper/open-paper-adapter.ts';
import { TopstepxAdapter } from './topstepx-adapter.ts';
import { topstepxLogin } from './topstepx-login.ts';
import type { TopstepxOptions } from './topstepx-options.ts';
import { topstepxOptionsSchema } from './topstepx-options.ts';
import { packageId } from './version.ts';

/**
 * TopstepX, or another firm on the ProjectX Gateway by its `firm` name or its `baseUrl`.
 * Throws `InvalidOptionsError` for options that don't fit; `createBroker` rejects with `AdapterError` when the login or the account is refused, and `PACKAGE_MISSING` in paper mode without the simulator.
 */
export const topstepx: AdapterFactory<'topstepx', TopstepxOptions> = defineAdapter({
  name: 'topstepx',
  apiVersion: 1,
  package: packageId,
  options: topstepxOptionsSchema,
  capabilities: projectxCapabilities({ requests: 200, windowMs: 60_000, reserve: 60 }),
  setup(context, options) {
    const login =
      options.login ?? topstepxLogin({ userName: options.userName, apiKey: options.apiKey });
    return options.mode === 'paper'
      ? openPaperAdapter(options, login, context.clock)
      : new TopstepxAdapter(options, login, context.clock);
  },
});
