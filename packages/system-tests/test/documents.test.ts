import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseJson } from './parse-json.ts';
import { assignExecutor } from '@hotpath/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Snippet } from './document-snippets.ts';
import { documents, snippetsOf, workspaceRoot } from './document-snippets.ts';

const snippets = documents().flatMap((path) => snippetsOf(path));
const code = snippets.filter(({ language, notRun }) => language !== 'json' && notRun === undefined);
/** Inside this package, so that a snippet's imports resolve as a bot's would. */
const folder = join(workspaceRoot, 'packages/system-tests/.documents', String(process.pid));
const fileOf = ({ name, language }: Snippet): string =>
  join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.${language === 'ts' ? 'ts' : 'mjs'}`);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  // Documents name a port, as a person would; here several of them run at once. Without an export a script is no module to the compiler.
  for (const snippet of code)
    writeFileSync(
      fileOf(snippet),
      `${snippet.code.replace('port: 8787', 'port: 0')}\nexport {};\n`,
    );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the documents', () => {
  it('have a bot in TypeScript and one in JavaScript in the README', () => {
    const languages = snippetsOf('README.md').map(({ language }) => language);
    expect(languages).toEqual(expect.arrayContaining(['ts', 'js']));
  });

  it('leave out of this test only what they say they do', () => {
    expect(
      snippets
        .filter(({ notRun }) => notRun !== undefined)
        .map(({ name, notRun }) => `${name.replace(/:\d+$/, '')}: ${notRun ?? ''}`),
    ).toMatchSnapshot();
  });

  it('have TypeScript that compiles under the strict flags of this workspace', () => {
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../../../tsconfig.base.json',
        compilerOptions: {
          noEmit: true,
          customConditions: ['@hotpath/source'],
          noUnusedLocals: false,
          isolatedDeclarations: false,
          declaration: false,
          declarationMap: false,
        },
        include: ['*.ts'],
      }),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(workspaceRoot, 'node_modules/typescript/bin/tsc'), '-p', folder],
      { encoding: 'utf8' },
    );
    expect(`${stdout}${status ?? 'no status'}`).toBe('0');
  }, 60_000);
});

describe('every snippet runs', () => {
  const startedIn = process.cwd();
  let workingFolder: string;
  beforeEach(() => {
    workingFolder = mkdtempSync(join(tmpdir(), 'hotpath-documents-'));
    process.chdir(workingFolder);
    for (const method of ['log', 'error'] as const)
      vi.spyOn(console, method).mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    delete process.env['TOPSTEPX_USERNAME'];
    delete process.env['TOPSTEPX_API_KEY'];
    process.chdir(startedIn);
    rmSync(workingFolder, { recursive: true });
  });

  it.each(code.map((snippet) => [snippet.name, snippet] as const))('%s', async (_name, snippet) => {
    await expect(import(pathToFileURL(fileOf(snippet)).href)).resolves.toBeDefined();
  });
});

describe('every JSON block fits its schema', () => {
  const blocks = snippets.filter(
    ({ language, notRun }) => language === 'json' && notRun === undefined,
  );

  it.each(blocks.map((block) => [block.name, block] as const))('%s', (_name, block) => {
    const value = parseJson(block.code);
    expect(value).toMatchObject({ version: 1 });
    // A routing table is the only file that is shown whole; core's own check is stricter than its schema.
    expect(() =>
      assignExecutor(value as never, 'place', { clientOrderId: 'entry-1' }),
    ).not.toThrow();
  });
});

it('the README quotes no file that is not there', () => {
  const text = readFileSync(join(workspaceRoot, 'README.md'), 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
    expect(existsSync(join(workspaceRoot, target)) ? target : `${target} is missing`).toBe(target);
});
