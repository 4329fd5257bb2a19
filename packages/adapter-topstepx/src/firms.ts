import type { Capabilities } from '@hotpath/core';

/** What a firm may do otherwise than the API's documentation has it. */
export type FirmCapabilities = Pick<Capabilities, 'orderTypes' | 'modify' | 'closePosition' | 'reducePosition' | 'brackets'>;

/** Names of the firms whose addresses are known. */
export const firmNames = [
  'topstepx',
  'projectx-demo',
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
] as const;
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

const listed = (name: string, title: string): Firm => ({
  title,
  baseUrl: `https://api.${name}.projectx.com`,
  rtcUrl: `https://rtc.${name}.projectx.com`,
  source: 'a list of 2025, not tried',
  capabilities: documented,
});

/** Firms by the name the `firm` option takes. */
export const firms: Readonly<Record<FirmName, Firm>> = {
  topstepx: { title: 'TopstepX', baseUrl: 'https://api.topstepx.com', rtcUrl: 'https://rtc.topstepx.com', source: 'ProjectX documentation, 2026', capabilities: documented },
  'projectx-demo': {
    title: 'ProjectX demo',
    baseUrl: 'https://gateway-api-demo.s2f.projectx.com',
    rtcUrl: 'https://gateway-rtc-demo.s2f.projectx.com',
    source: 'ProjectX documentation, 2025; not tried',
    capabilities: documented,
  },
  alphaticks: listed('alphaticks', 'AlphaTicks'),
  blueguardianfutures: listed('blueguardianfutures', 'Blue Guardian Futures'),
  blusky: listed('blusky', 'BluSky'),
  e8: listed('e8', 'E8'),
  fundingfutures: listed('fundingfutures', 'Funding Futures'),
  thefuturesdesk: listed('thefuturesdesk', 'The Futures Desk'),
  futureselite: listed('futureselite', 'Futures Elite'),
  fxifyfutures: listed('fxifyfutures', 'FXIFY Futures'),
  goatfundedfutures: listed('goatfundedfutures', 'Goat Funded Futures'),
  tickticktrader: listed('tickticktrader', 'TickTickTrader'),
  toponefutures: listed('toponefutures', 'Top One Futures'),
  tx3funding: listed('tx3funding', 'TX3 Funding'),
};
