import { Redactor } from '@hotpath/core';
import { HubShelf } from './hubs/login-hubs.ts';
import { RequestPacer } from './request-pacer.ts';
import type { Credentials } from './session.ts';
import { Session } from './session.ts';

/** What the accounts of one login share. */
export interface LoginParts {
  readonly session: Session;
  readonly hubs: HubShelf;
  readonly barsPacer: RequestPacer;
  /** Takes the login's key and its tokens out of whatever the venue or a proxy says. */
  readonly texts: Redactor;
}

/** Kept beside the login and not in it: what an author holds shows nothing of it. */
const partsByLogin = new WeakMap<object, LoginParts>();

/** Bars have a bucket of their own: 50 in 30 s by the present documentation, 30 by an older reading. Fewer than either. */
const barsWindow = { requests: 29, windowMs: 30_000 };

export function keepParts(login: object, credentials: Credentials): void {
  const texts = new Redactor();
  const session = new Session(credentials, (token) => {
    texts.add(token);
    // Last, so that it is never the oldest.
    texts.add(credentials.apiKey);
  });
  texts.add(credentials.apiKey);
  partsByLogin.set(login, {
    session,
    hubs: new HubShelf(texts),
    barsPacer: new RequestPacer(barsWindow.requests, barsWindow.windowMs),
    texts,
  });
}

export function partsOf(login: object): LoginParts {
  const parts = partsByLogin.get(login);
  // The option's schema lets nothing else through.
  if (!parts) throw new TypeError('the login must come from topstepxLogin()');
  return parts;
}
