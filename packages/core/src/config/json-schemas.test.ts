import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { routingSchema } from '../routing/routing-schema.ts';
import { configSchema } from './hotpath-config.ts';

/** `npm test -- -u` writes the files anew after a change of a schema. */
describe('JSON Schemas', () => {
  it.each([
    ['hotpath.config.schema.json', configSchema, 'Hotpath configuration'],
    ['routing.schema.json', routingSchema, 'Hotpath routing table'],
  ])('%s is what the schema says', async (file, schema, title) => {
    const generated = { title, ...z.toJSONSchema(schema, { io: 'input' }) };
    await expect(`${JSON.stringify(generated, null, 2)}\n`).toMatchFileSnapshot(`../../${file}`);
  });
});
