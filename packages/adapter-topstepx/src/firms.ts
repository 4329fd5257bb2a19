import type { Capabilities } from '@hotpath/core';

/** What a firm may do otherwise than the API's documentation has it. */
export type FirmCapabilities = Pick<
  Capabilities,
  'orderTypes' | 'modify' | 'closePosition' | 'reducePosition' | 'brackets'
>;

/** Names of the firms whose addresses are known. */
export const firmNames = ['topstepx', 'projectx-demo'] as const;
/** The name of a firm whose addresses are known. */
export type FirmName = (typeof firmNames)[number];

/** A firm that runs the ProjectX Gateway. */
export interface Firm {
  readonly title: string;
  readonly baseUrl: string;
  readonly rtcUrl: string;
  /** Where the addresses come from. */
  readonly source: string;
  readonly capabilities: FirmCapabilities;
}

/** As documented, for every firm of which nothing else is known. */
const documented: FirmCapabilities = {
  orderTypes: ['market', 'limit', 'stop', 'trailing-stop', 'join-bid', 'join-ask'],
  modify: 'in-place',
  closePosition: true,
  reducePosition: true,
  brackets: 'ticks',
};

/** Firms that ran a gateway at `api.<firm>.projectx.com` in 2025. ProjectX ended all of them on 2026-02-28 (seven independent notes of 2026, no official page); Topstep took The Futures Desk over in April 2026. */
const closedFirms: ReadonlySet<string> = new Set([
  'alphaticks',
  'blueguardianfutures',
  'blusky',
  'e8',
  'fundingfutures',
  'thefuturesdesk',
  'futureselite',
  'fxifyfutures',
  'goatfundedfutures',
  'tickticktrader',
  'toponefutures',
  'tx3funding',
]);

/** What is wrong with a firm's name. */
export function firmProblem(name: unknown): string {
  const known = firmNames.map((each) => `"${each}"`).join(' or ');
  if (typeof name !== 'string' || !closedFirms.has(name.toLowerCase()))
    return `must be ${known}; another gateway is named by its baseUrl`;
  return `"${name.toLowerCase()}" has no gateway any more: ProjectX closed those of all firms but Topstep on 2026-02-28; must be ${known}, or name one that runs all the same by its baseUrl`;
}

/** Firms by the name the `firm` option takes. */
export const firms: Readonly<Record<FirmName, Firm>> = {
  topstepx: {
    title: 'TopstepX',
    baseUrl: 'https://api.topstepx.com',
    rtcUrl: 'https://rtc.topstepx.com',
    source: 'ProjectX documentation, 2026',
    capabilities: documented,
  },
  'projectx-demo': {
    title: 'ProjectX demo',
    baseUrl: 'https://gateway-api-demo.s2f.projectx.com',
    rtcUrl: 'https://gateway-rtc-demo.s2f.projectx.com',
    source:
      'ProjectX documentation, 2025; in February 2026 it still answered, since then nobody says so',
    capabilities: documented,
  },
};
