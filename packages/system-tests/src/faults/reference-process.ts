import { systemClock } from '@hotpath/core';
import type { BotReport, BotSettings } from './bot-settings.ts';
import { accountNumber } from './bot-settings.ts';
import { later } from './claimed-calls.ts';
import { appendClaim, readClaims } from './claims.ts';
import { restingPrice } from './identities.ts';
import { intentHistories } from './intent-history.ts';
import type { ReferenceName } from './reference-clients.ts';
import { referenceClient } from './reference-clients.ts';

/** What a bot with one of the common ways to place orders is given. */
export interface ReferenceSettings extends BotSettings {
  readonly client: ReferenceName;
}

const workers = 12;
const settings = JSON.parse(process.argv[2] ?? '') as ReferenceSettings;
const { index, url, times, claims, quota, session } = settings;
const report = (message: BotReport): void => void process.send?.(message);
process.on('message', ({ do: order }: { readonly do: string }) => {
  if (order === 'settle') process.exit(0);
});
process.on('disconnect', () => process.exit());

const place = referenceClient(settings.client, url, `bot-${index}`, times.answerTimeoutMs);
const contractId = await frontContract();
// After a restart it goes on with the next order: nothing tells it what became of those under way.
let last = intentHistories(readClaims(claims)).size;
await Promise.all(Array.from({ length: workers }, work));
report({ is: 'through' });

async function work(): Promise<void> {
  while (last < quota) {
    const number = (last += 1);
    report({ is: 'placed', total: number });
    const call = `${session}.${number}`;
    const price = restingPrice(number);
    appendClaim(claims, {
      kind: 'call',
      at: systemClock.now(),
      call,
      intent: `rest:${number}`,
      operation: 'place',
      price,
    });
    const placed = place(
      JSON.stringify({
        accountId: accountNumber(index),
        contractId,
        type: 1,
        side: 0,
        size: 1,
        limitPrice: price,
      }),
    ).then((orderId) =>
      appendClaim(claims, {
        kind: 'outcome',
        at: systemClock.now(),
        call,
        outcome: orderId === undefined ? 'not-sent' : 'accepted',
        final: true,
        ...(orderId !== undefined && { orderId }),
      }),
    );
    // One that hangs keeps its order to itself, but not the whole bot.
    await Promise.race([placed, later(times.answerTimeoutMs * 5, undefined)]);
  }
}

async function frontContract(): Promise<string> {
  for (;;) {
    try {
      const post = async (
        path: string,
        body: object,
        token = '',
      ): Promise<Record<string, unknown>> => {
        const response = await fetch(`${url}/api/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify(body),
        });
        return (await response.json()) as Record<string, unknown>;
      };
      const { token } = await post('Auth/loginKey', {
        userName: `bot-${index}`,
        apiKey: 'campaign',
      });
      const { contracts } = await post(
        'Contract/search',
        { searchText: 'MNQ', live: false },
        String(token),
      );
      const [first] = contracts as { readonly id: string }[];
      if (first) return first.id;
    } catch {
      await later(50, undefined);
    }
  }
}
