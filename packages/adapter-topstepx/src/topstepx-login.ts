import { AdapterError, checkOptions } from '@hotpath/core';
import * as z from 'zod';
import { keepParts } from './login-parts.ts';

/** What `topstepxLogin` takes. */
export interface TopstepxLoginOptions {
  /** The platform's user name, not the e-mail address. Default: the environment's `TOPSTEPX_USERNAME`. */
  readonly userName?: string | undefined;
  /** From the ProjectX dashboard. Default: the environment's `TOPSTEPX_API_KEY`. */
  readonly apiKey?: string | undefined;
}

const optionsSchema: z.ZodType<TopstepxLoginOptions> = z.strictObject({
  userName: z.string().min(1).optional(),
  apiKey: z.string().min(1).optional(),
});

/** One login for several accounts: they share its token, its rate budget and its hubs. Shows neither user name nor key to anybody who prints it. */
export class TopstepxLogin {
  readonly #userName: string;

  constructor(userName: string, apiKey: string) {
    this.#userName = userName;
    keepParts(this, { userName, apiKey });
  }

  /** User names are compared without case (ProjectX documentation, 2026). */
  get userName(): string {
    return this.#userName.toLowerCase();
  }
}

/** Makes a login to give to several adapters. Throws `AdapterError` `CREDENTIALS_MISSING` when neither options nor environment name the credentials. */
export function topstepxLogin(options: TopstepxLoginOptions = {}): TopstepxLogin {
  const checked = checkOptions('topstepxLogin', optionsSchema, options);
  const userName = checked.userName ?? process.env['TOPSTEPX_USERNAME'];
  const apiKey = checked.apiKey ?? process.env['TOPSTEPX_API_KEY'];
  if (userName && apiKey) return new TopstepxLogin(userName, apiKey);
  const missing = [
    !userName && 'userName (TOPSTEPX_USERNAME)',
    !apiKey && 'apiKey (TOPSTEPX_API_KEY)',
  ]
    .filter(Boolean)
    .join(' and ');
  throw new AdapterError(
    'CREDENTIALS_MISSING',
    `${missing} is given neither in the options nor in the environment.`,
  );
}
