import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { Broker } from '../broker/broker.ts';
import type { RoutingRejected } from '../events/event-map.ts';
import { silentLogger } from '../logger.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { answered } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { RoutingFile } from './routing-file.ts';

let folder: string;
let path: string;
const opened: { close(): void }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-routing-'));
  path = join(folder, 'routing.json');
});
afterEach(() => {
  for (const source of opened.splice(0)) source.close();
  rmSync(folder, { recursive: true });
});

const table = (fast: number): string =>
  JSON.stringify({ version: 1, salt: 's', default: { fast, fallback: 100 - fast } });

/** An empty file at the path. */
function createdFile(): string {
  writeFileSync(path, '');
  return path;
}

/** Follows the file; `next` gives what it has to say, in order: a table's fast weight, or problems. */
async function follow(
  clock: Clock = systemClock,
  read?: (path: string) => Promise<string>,
): Promise<{ readonly next: () => Promise<unknown>; readonly heard: unknown[] }> {
  const { source } = await RoutingFile.open(path, clock, silentLogger, read);
  opened.push(source);
  const heard: unknown[] = [];
  let wake = (): void => {};
  const hear = (said: unknown): void => {
    heard.push(said);
    wake();
  };
  source.follow((value) => hear((value as { default: { fast: number } }).default.fast), hear);
  let told = 0;
  const next = async (): Promise<unknown> => {
    while (heard.length <= told) await new Promise<void>((resolve) => (wake = resolve));
    told += 1;
    return heard[told - 1];
  };
  return { next, heard };
}

describe('RoutingFile', () => {
  it('sees a file written over', async () => {
    writeFileSync(path, table(1));
    const { next } = await follow();
    writeFileSync(path, table(5));
    expect(await next()).toBe(5);
    writeFileSync(path, table(25));
    expect(await next()).toBe(25);
  });

  it('sees the rename-write of editors, with a backup and without', async () => {
    writeFileSync(path, table(1));
    const { next } = await follow();
    writeFileSync(`${path}.tmp`, table(5));
    renameSync(`${path}.tmp`, path);
    expect(await next()).toBe(5);
    renameSync(path, `${path}~`);
    writeFileSync(path, table(10));
    expect(await next()).toBe(10);
    unlinkSync(path);
    writeFileSync(path, table(25));
    expect(await next()).toBe(25);
  });

  it('sees a symbolic link turned to another folder, as a container platform mounts its config', async () => {
    for (const [version, fast] of [
      ['v1', 1],
      ['v2', 5],
    ] as const) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'routing.json'), table(fast));
    }
    symlinkSync('v1', join(folder, 'data'));
    symlinkSync(join('data', 'routing.json'), path);
    const { next } = await follow();
    symlinkSync('v2', join(folder, 'data.tmp'));
    renameSync(join(folder, 'data.tmp'), join(folder, 'data'));
    expect(await next()).toBe(5);
  });

  it('says once what is wrong, and takes the file again when it is mended', async () => {
    writeFileSync(path, table(1));
    const { next, heard } = await follow();
    writeFileSync(path, '{ "version": 1, "salt": ');
    expect(await next()).toEqual([expect.stringMatching(/^file: is no JSON/)]);
    writeFileSync(path, table(5));
    expect(await next()).toBe(5);
    unlinkSync(path);
    expect(await next()).toEqual(["file: can't be read (ENOENT)"]);
    writeFileSync(path, table(5));
    expect(await next()).toBe(5);
    expect(heard).toHaveLength(4);
  });

  it('judges nothing half written: only what two looks in a row saw the same', async () => {
    writeFileSync(path, table(1));
    const clock = createManualClock();
    const { heard } = await follow(clock);
    // However long a read takes, the next look comes with the next step of our time, and before that there is more in the file.
    const pass = async (ms: number): Promise<void> => {
      clock.advance(ms);
      for (let turn = 0; turn < 20; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
    };
    const text = table(5);
    for (let length = 10; length < text.length; length += 10) {
      writeFileSync(path, text.slice(0, length));
      await pass(50);
    }
    expect(heard).toEqual([]);
    writeFileSync(path, text);
    while (heard.length === 0) await pass(50);
    expect(heard).toEqual([5]);
  });

  it('finds a change by looking when nobody announces it', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'hotpath-elsewhere-'));
    try {
      writeFileSync(join(elsewhere, 'table.json'), table(1));
      symlinkSync(join(elsewhere, 'table.json'), path);
      const { next } = await follow();
      writeFileSync(join(elsewhere, 'table.json'), table(5));
      expect(await next()).toBe(5);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it.each([
    ['a pipe', () => execFileSync('mkfifo', [path]), /^file: is a pipe, must be a file$/],
    ['a folder', () => mkdirSync(path), /^file: is a folder, must be a file$/],
    [
      'a hundred megabytes',
      () => truncateSync(createdFile(), 100_000_000),
      /^file: is larger than 1048576 bytes/,
    ],
    [
      'a file of UTF-16, as PowerShell writes it',
      () => writeFileSync(path, `\uFEFF${table(5)}`, 'utf16le'),
      /^file: is saved as UTF-16, must be saved as UTF-8$/,
    ],
  ])(
    'says that it has become %s, goes on with what it had, and takes a file again',
    async (_what, become, said) => {
      writeFileSync(path, table(1));
      const { next, heard } = await follow();
      rmSync(path);
      become();
      expect(await next()).toEqual([expect.stringMatching(said)]);
      await expect(RoutingFile.open(path, systemClock, silentLogger)).rejects.toMatchObject({
        code: 'INVALID_OPTIONS',
        problems: [expect.stringMatching(said)],
      });
      rmSync(path, { recursive: true });
      writeFileSync(path, table(5));
      expect(await next()).toBe(5);
      expect(heard).toHaveLength(2);
    },
  );

  it('says that a disk does not answer, reads no second time meanwhile, and takes what comes in the end', async () => {
    writeFileSync(path, table(1));
    const clock = createManualClock();
    const reads: ((text: string) => void)[] = [];
    const following = follow(clock, () => new Promise((resolve) => void reads.push(resolve)));
    reads[0]?.(table(1));
    const { heard } = await following;
    clock.advance(1000);
    clock.advance(59_999);
    expect(heard).toEqual([]);
    clock.advance(60_000);
    expect([heard, reads.length]).toEqual([[['file: could not be read within 60000 ms']], 2]);
    for (const text of [table(5), table(5)]) {
      reads.at(-1)?.(text);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1000);
    }
    expect(heard[1]).toBe(5);
  });

  it('does not hold a start up for ever where a disk does not answer', async () => {
    const clock = createManualClock();
    const opening = RoutingFile.open(path, clock, silentLogger, () => new Promise(() => {}));
    clock.advance(5000);
    await expect(opening).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      problems: ['file: could not be read within 5000 ms'],
    });
  });

  it('takes what editors of Windows write: a byte order mark, and lines that end in two characters', async () => {
    writeFileSync(path, table(1));
    const { next } = await follow();
    writeFileSync(
      path,
      `\uFEFF${JSON.stringify(JSON.parse(table(5)), null, 2).replaceAll('\n', '\r\n')}\r\n`,
    );
    expect(await next()).toBe(5);
  });

  it('names a file that is missing or no JSON at the start', async () => {
    await expect(RoutingFile.open(path, systemClock, silentLogger)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      problems: ["file: can't be read (ENOENT)"],
    });
    writeFileSync(path, '{');
    await expect(RoutingFile.open(path, systemClock, silentLogger)).rejects.toMatchObject({
      problems: [expect.stringMatching(/^file: is no JSON/)],
    });
  });
});

describe('a broker on a routing file', () => {
  const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
  const next = <Event>(
    broker: Broker<'fast' | 'fallback'>,
    name: 'routing.rejected',
  ): Promise<Event> =>
    new Promise((resolve) => broker.once(name, (event) => resolve(event as Event)));

  it('moves orders from one edit to the next, and a bad edit keeps the last good table and says everything that is wrong', async () => {
    let orders = 0;
    const accept = (): ReturnType<typeof answered> =>
      answered({ is: 'accepted', orderId: String((orders += 1)) });
    writeFileSync(path, table(100));
    const { broker } = await scriptedBroker({ routing: path, fast: accept, fallback: accept });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fast' });
    const rejected = next<RoutingRejected>(broker, 'routing.rejected');
    writeFileSync(
      path,
      JSON.stringify({ version: 1, salt: 's', default: { fast: 0, fallback: 90 }, off: ['slow'] }),
    );
    expect(await rejected).toEqual({
      problems: ['default: adds up to 90, must be 100', 'off.0: "slow" is not named in default'],
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fast' });
    writeFileSync(path, table(0));
    for (;;) {
      const outcome = await broker.placeMarketOrder(market);
      if (outcome.executor === 'fallback') break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await broker.close();
  });
});
