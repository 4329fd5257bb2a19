import type { HubOwner } from './user-hub.ts';
import { UserHub } from './user-hub.ts';

/** The hubs of one login, shared by its accounts. */
export interface LoginHubs {
  readonly user: UserHub;
}

interface Shared extends LoginHubs {
  holders: number;
}

export interface HeldHubs extends LoginHubs {
  /** The last one closes them. */
  release(): void;
}

/** Keeps one pair of hubs for each address. */
export class HubShelf {
  readonly #shared = new Map<string, Shared>();

  /** `rtcUrl`: where the hubs are, without their paths. */
  hold(rtcUrl: URL, owner: Omit<HubOwner, 'url'>): HeldHubs {
    const key = rtcUrl.href;
    const shared = this.#shared.get(key) ?? { user: new UserHub({ ...owner, url: hubUrl(rtcUrl, 'user') }), holders: 0 };
    this.#shared.set(key, shared);
    shared.holders += 1;
    let held = true;
    return {
      user: shared.user,
      release: () => {
        if (!held) return;
        held = false;
        shared.holders -= 1;
        if (shared.holders > 0) return;
        this.#shared.delete(key);
        shared.user.close();
      },
    };
  }
}

/** Paths of the hubs (ProjectX documentation, 2026). */
function hubUrl(rtcUrl: URL, name: 'user' | 'market'): URL {
  const url = new URL(rtcUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/hubs/${name}`;
  return url;
}
