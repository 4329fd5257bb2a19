/** Fields of the gateway's requests, by what a bot calls them. What is not here is the adapter's own, such as the account. */
const fields: readonly (readonly [ofTheGateway: RegExp, ofTheBot: string])[] = [
  [/^stopLossBracket\.type$/i, 'bracket.trailing'],
  [/^stopLossBracket\b/i, 'bracket.stopLossTicks'],
  [/^takeProfitBracket\b/i, 'bracket.takeProfitTicks'],
  [/^contractId$/i, 'symbol'],
  [/^size$/i, 'quantity'],
  [/^customTag$/i, 'clientOrderId'],
  [/^type$/i, 'type'],
  [/^side$/i, 'side'],
  [/^limitPrice$/i, 'limitPrice'],
  [/^stopPrice$/i, 'stopPrice'],
  [/^trailPrice$/i, 'trailPrice'],
  [/^orderId$/i, 'orderId'],
];

/** What a bot calls a field that the gateway's framework complains of: `$.size`, `Size` or `request.Size`. Undefined for one that is not the bot's. */
export function botField(name: string): string | undefined {
  const bare = name.replace(/^(?:\$|request|model)\./i, '').replace(/\[\d+\]/g, '');
  return fields.find(([ofTheGateway]) => ofTheGateway.test(bare))?.[1];
}
