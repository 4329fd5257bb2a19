import { createManualClock } from '@hotpath/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderReads } from './order-reads.ts';
import type { Ask } from './read-client.ts';

interface Query {
  readonly pageSize: number;
  readonly pageOffset: number;
}
const isQuery = (body: object | string): body is Query & object =>
  typeof body === 'object' && 'pageOffset' in body;

/** A venue's paged list of working orders, of which some end between two pages. */
function pagedVenue(
  ids: readonly number[],
  endBeforePage: (page: number) => readonly number[],
): { readonly reads: OrderReads; readonly pages: () => number } {
  let working = [...ids];
  let pages = 0;
  const ask: Ask = (_template, body, schema) => {
    if (!isQuery(body)) return Promise.reject(new Error('another operation'));
    const ended = new Set(endBeforePage(pages));
    working = working.filter((id) => !ended.has(id));
    pages += 1;
    const rows = working.slice(body.pageOffset, body.pageOffset + Math.min(100, body.pageSize));
    const orders = rows.map((id) => ({
      id,
      contractId: 'C',
      creationTimestamp: '2026-09-21T14:00:00Z',
      status: 1,
      type: 1,
      side: 0,
      size: 1,
    }));
    return Promise.resolve(
      schema.parse({ orders, success: true, errorCode: 0, errorMessage: null }),
    );
  };
  return { reads: new OrderReads(ask, () => 1, createManualClock()), pages: () => pages };
}
const idsFrom = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => 3_400_000_001 + index);

describe('open orders over several pages', () => {
  it('hold every order that works throughout, whichever others end between the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 90, max: 420 }),
        fc.array(fc.tuple(fc.nat({ max: 120 }), fc.nat({ max: 60 })), { maxLength: 5 }),
        async (count, endings) => {
          const ids = idsFrom(count);
          // Whole stretches end at once, as when a person cancels all of a contract's.
          const ended = endings.map(([first, length]) => ids.slice(first, first + length));
          // Before the first page nothing is in question.
          const { reads } = pagedVenue(ids, (page) => (page === 0 ? [] : (ended[page - 1] ?? [])));
          const found = new Set((await reads.open()).map(({ orderId }) => Number(orderId)));
          const gone = new Set(ended.flat());
          expect(ids.filter((id) => !gone.has(id) && !found.has(id))).toEqual([]);
          expect([...found].filter((id) => !ids.includes(id))).toEqual([]);
        },
      ),
    );
  });

  it('are read from the first row on where all of an earlier page has ended', async () => {
    const ids = idsFrom(101);
    const ended = [[], ids.slice(0, 13), ids.slice(13, 69), ids.slice(69, 100)];
    const { reads } = pagedVenue(ids, (page) => ended[page] ?? []);
    expect((await reads.open()).map(({ orderId }) => Number(orderId))).toContain(ids.at(-1));
  });

  it('take one request where they fit a page', async () => {
    const { reads, pages } = pagedVenue(idsFrom(99), () => []);
    expect(await reads.open()).toHaveLength(99);
    expect(pages()).toBe(1);
  });
});
