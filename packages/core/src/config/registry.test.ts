import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineExecutor } from '../define-executor.ts';
import { createRegistry } from './registry.ts';

const factory = (name: string) =>
  defineExecutor({
    name,
    apiVersion: 1,
    options: z.strictObject({}),
    setup: () => Promise.reject(new Error('not used')),
  });

describe('createRegistry', () => {
  it('finds what it was given, by kind and name', () => {
    const fast = factory('fast');
    const registry = createRegistry().use(fast).use(factory('other'));
    expect(registry.find('executor', 'fast')).toBe(fast);
    expect(registry.find('adapter', 'fast')).toBeUndefined();
    expect(registry.names('executor')).toEqual(['fast', 'other']);
  });

  it.each([
    [
      'a name twice',
      () => createRegistry().use(factory('fast')).use(factory('fast')),
      /an executor "fast" already/,
    ],
    [
      'a plugin that has its options',
      () => createRegistry().use(factory('fast')() as never),
      /give the factory itself/,
    ],
    [
      'something else',
      () => createRegistry().use((() => undefined) as never),
      /must be a factory such as fastExecutor/,
    ],
    [
      'another version',
      () =>
        createRegistry().use(
          Object.assign(() => undefined, {
            kind: 'executor',
            pluginName: 'old',
            apiVersion: 0,
            package: '@acme/old@0.3.1',
          }) as never,
        ),
      /old was made for version 0 of the plugin interface \(package @acme\/old@0\.3\.1\), this is version 1 \(@hotpath\/core \d[^)]*\): update @acme\/old@0\.3\.1 to a release for version 1/,
    ],
    [
      'no version',
      () =>
        createRegistry().use(
          Object.assign(() => undefined, { kind: 'adapter', pluginName: 'bare' }) as never,
        ),
      /bare was made for version none .*: update the package of bare to a release for version 1/,
    ],
    [
      'another kind',
      () =>
        createRegistry().use(
          Object.assign(() => undefined, { kind: 'host', pluginName: 'x', apiVersion: 1 }) as never,
        ),
      /must be an executor or an adapter/,
    ],
  ])('refuses %s', (_name, use, message) => {
    expect(use).toThrowError(message);
  });
});
