import type { Redactor } from '@hotpath/core';
import { MarketHub } from './market-hub.ts';
import type { HubOwner } from './user-hub.ts';
import { UserHub } from './user-hub.ts';

/** The hubs of one login, shared by its accounts. */
export interface LoginHubs {
  readonly user: UserHub;
  readonly market: MarketHub;
}

interface Shared extends LoginHubs {
  holders: number;
}

export interface HeldHubs extends LoginHubs {
  /** The last one closes them. */
  release(): void;
}

/** What an account gives for the hubs of its login. */
type HubUser = Omit<HubOwner, 'url' | 'texts'>;

/** Keeps one pair of hubs for each address. */
export class HubShelf {
  readonly #texts: Redactor;
  readonly #shared = new Map<string, Shared>();

  /** `texts`: cleans what hubs and their sockets say. */
  constructor(texts: Redactor) {
    this.#texts = texts;
  }

  /** `rtcUrl`: where the hubs are, without their paths. */
  hold(rtcUrl: URL, owner: HubUser): HeldHubs {
    const key = rtcUrl.href;
    const shared = this.#shared.get(key) ?? this.#make(rtcUrl, owner);
    this.#shared.set(key, shared);
    shared.holders += 1;
    let held = true;
    return {
      user: shared.user,
      market: shared.market,
      release: () => {
        if (!held) return;
        held = false;
        shared.holders -= 1;
        if (shared.holders > 0) return;
        this.#shared.delete(key);
        shared.user.close();
        shared.market.close();
      },
    };
  }

  #make(rtcUrl: URL, owner: HubUser): Shared {
    const parts = { ...owner, texts: this.#texts };
    return {
      user: new UserHub({ ...parts, url: hubUrl(rtcUrl, 'user') }),
      market: new MarketHub({ ...parts, url: hubUrl(rtcUrl, 'market') }),
      holders: 0,
    };
  }
}

/** Paths of the hubs (ProjectX documentation, 2026). */
function hubUrl(rtcUrl: URL, name: 'user' | 'market'): URL {
  const url = new URL(rtcUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/hubs/${name}`;
  return url;
}
