import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { ChildServer } from './child-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'hotpath-child-'));
afterAll(() => rmSync(folder, { recursive: true }));

function start(program: string): Promise<ChildServer> {
  const file = join(folder, `${program.length}.mjs`);
  writeFileSync(file, program);
  return ChildServer.start('the server', [], undefined, pathToFileURL(file));
}

it('tells of a server that ends while it is needed, and leaves no question without an answer', async () => {
  const server = await start(
    `process.on('message', () => process.exit(3)); process.send({ http: 'http://127.0.0.1:1' });`,
  );
  const question = server.ask('anything');
  await expect(server.ended).rejects.toThrow('the server ended with 3 while it was needed.');
  await expect(question).rejects.toThrow('the server ended with 3 while it was needed.');
  await expect(server.ask('more')).rejects.toThrow('Channel closed');
});

it('says so when a server ends before it listens', async () => {
  await expect(start('process.exit(4);')).rejects.toThrow(
    'the server ended with 4 before it listened.',
  );
});

it('ends with its parent: once the channel is closed', async () => {
  const server = await start(
    `process.on('disconnect', () => process.exit(0)); process.on('message', ({ id }) => process.send({ id, answer: process.pid })); process.send({});`,
  );
  const pid = Number(await server.ask('who'));
  server.close();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
