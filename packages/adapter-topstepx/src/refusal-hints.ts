/** What helps against the texts the gateway is known to refuse with (documentation and recorded answers). */
const hints: readonly (readonly [text: RegExp, hint: string])[] = [
  [
    /must enable auto oco brackets/i,
    "Switch the account's Risk Settings to Auto OCO Brackets on the platform, or place stop and target as orders of their own after the fill.",
  ],
  [/not aligned to tick size/i, "Round the price to the contract's tickSize."],
  [
    /not in an active trading status/i,
    'The market is closed for this contract, or paused; try again in its session.',
  ],
  [
    /cannot trail without a last price/i,
    'The contract has not traded yet in this session; place a plain stop instead.',
  ],
  [/^invalid stop price/i, 'A buy stop belongs above the market and a sell stop below it.'],
  [/not enough margin/i, 'Reduce the quantity or close other positions first.'],
];

export function refusalHint(text: string): string | undefined {
  return hints.find(([known]) => known.test(text))?.[1];
}
