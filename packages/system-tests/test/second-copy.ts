import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packages = fileURLToPath(new URL('../..', import.meta.url));

/** Packages installed a second time, as an update of one of them leaves them: files of their own, with a copy of core of their own below them. */
export interface SecondCopy {
  load<Module>(name: string): Promise<Module>;
  remove(): void;
}

/** Copies core and the packages named, whose `@hotpath/core` is that copy. Everything else they import is what is installed. */
export function installSecondCopy(names: readonly string[]): SecondCopy {
  const folder = mkdtempSync(join(tmpdir(), 'hotpath-second-copy-'));
  const linkAll = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from)) {
      if (entry === '@hotpath' || entry.startsWith('.')) continue;
      symlinkSync(join(from, entry), join(to, entry));
    }
  };
  for (const name of ['core', ...names]) {
    const from = join(packages, name);
    const to = join(folder, name);
    cpSync(join(from, 'src'), join(to, 'src'), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    });
    cpSync(join(from, 'package.json'), join(to, 'package.json'));
    linkAll(join(from, 'node_modules'), join(to, 'node_modules'));
    if (name === 'core') continue;
    mkdirSync(join(to, 'node_modules', '@hotpath'));
    symlinkSync(join(folder, 'core'), join(to, 'node_modules', '@hotpath', 'core'));
  }
  return {
    load: (name) =>
      import(/* @vite-ignore */ pathToFileURL(join(folder, name, 'src', 'index.ts')).href),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
