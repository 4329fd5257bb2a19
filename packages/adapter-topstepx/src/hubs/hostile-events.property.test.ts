import type { ContractId } from '@hotpath/core';
import { NullLogger } from '@microsoft/signalr';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContractMarket } from './contract-market.ts';
import { EventProtocol } from './event-protocol.ts';
import { eventArguments } from './hub-event.ts';
import { readUserEvent } from './user-events.ts';

const contractId = 'CON.F.US.MNQ.Z26' as ContractId;
const userTargets = [
  'GatewayUserOrder',
  'GatewayUserTrade',
  'GatewayUserPosition',
  'GatewayUserAccount',
] as const;
const marketTargets = ['GatewayQuote', 'GatewayTrade', 'GatewayDepth'] as const;
/** Field names the readers look at, with any value. */
const row = fc.dictionary(
  fc.constantFrom(
    'id',
    'accountId',
    'contractId',
    'creationTimestamp',
    'status',
    'type',
    'side',
    'size',
    'price',
    'volume',
    'timestamp',
    'bestBid',
    'lastPrice',
    'action',
    'data',
    'orderId',
    'averagePrice',
    'name',
    'balance',
    'canTrade',
  ),
  fc.oneof(fc.jsonValue(), fc.integer(), fc.constant('2026-09-21T14:00:00Z')),
);
const payload = fc.oneof(
  row,
  fc.array(fc.oneof(row, fc.constant(null))),
  fc.record({ action: fc.integer(), data: row }),
  fc.jsonValue(),
);

describe('whatever a hub sends', () => {
  it('user events come to evidence or to a problem, and never throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...userTargets), fc.array(payload), (target, given) => {
        const parsed: unknown = JSON.parse(JSON.stringify(given));
        const { items } = readUserEvent(target, Array.isArray(parsed) ? parsed : [], 5);
        const ids = items.flatMap(({ evidence }) =>
          evidence.of === 'order' ? [evidence.order.orderId] : [],
        );
        const quantities = items.flatMap(({ evidence }) =>
          evidence.of === 'position' && evidence.position ? [evidence.position.quantity] : [],
        );
        expect(ids.filter((id) => !/^[1-9]\d*$/.test(id))).toEqual([]);
        expect(quantities.filter((quantity) => !(quantity > 0))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('market events give finite prices or nothing, and never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...marketTargets), payload)), (events) => {
        const errors: unknown[] = [];
        const numbers: number[] = [];
        const market = new ContractMarket({
          contractId,
          unreadable: () => undefined,
          threw: (error) => void errors.push(error),
        });
        market.watchers.add({
          channels: new Set(['quotes', 'trades', 'depth']),
          listener: (item) => {
            if (item.of === 'market-trade')
              numbers.push(item.trade.price, item.trade.quantity, item.trade.at);
            if (item.of === 'depth')
              for (const { price, quantity } of [...item.depth.bids, ...item.depth.asks])
                numbers.push(price, quantity);
          },
          isLive: true,
        });
        for (const [target, given] of events) {
          const waiting = {
            event: {
              target,
              record: JSON.stringify({ type: 1, target, arguments: [contractId, given] }),
            },
            asOf: 1,
            monotonic: 1,
          };
          if (target === 'GatewayQuote') market.addQuote(waiting);
          else market.addOther(waiting);
        }
        while (market.step());
        expect(errors).toEqual([]);
        expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('a frame of any text ends nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.json(), fc.string(), fc.constant('{"type":1,"target":"GatewayUserOrder",')),
        ),
        (records) => {
          let heard = 0;
          const protocol = new EventProtocol({
            heard: () => (heard += 1),
            event: (event) => void eventArguments(event),
            unreadable: () => undefined,
          });
          protocol.parseMessages(records.join('\u001E'), NullLogger.instance);
          expect(heard).toBe(1);
        },
      ),
      { numRuns: 500 },
    );
  });
});
