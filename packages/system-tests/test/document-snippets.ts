import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspaceRoot: string = fileURLToPath(new URL('../../..', import.meta.url));

/** One fenced block of a document. */
export interface Snippet {
  /** The document and the line at which the block begins. */
  readonly name: string;
  readonly language: 'ts' | 'js' | 'json';
  readonly code: string;
  /** Why it is not run, from a comment `<!-- not run: reason -->` right before it. */
  readonly notRun: string | undefined;
}

const fence =
  /(?:<!-- not run: (?<reason>[^\n]*?) -->\n)?^```(?<language>ts|js|json)\n(?<code>[\s\S]*?)^```$/gm;

/** The documents that readers are shown. */
export function documents(): string[] {
  const markdown = (folder: string): string[] =>
    readdirSync(join(workspaceRoot, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  const packages = readdirSync(join(workspaceRoot, 'packages')).map((name) =>
    join('packages', name, 'README.md'),
  );
  return ['README.md', ...markdown('docs'), ...packages.filter((path) => exists(path))];
}

function exists(path: string): boolean {
  try {
    readFileSync(join(workspaceRoot, path));
    return true;
  } catch {
    return false;
  }
}

export function snippetsOf(path: string): Snippet[] {
  const text = readFileSync(join(workspaceRoot, path), 'utf8');
  return [...text.matchAll(fence)].map((match) => {
    const { language, code = '', reason } = match.groups ?? {};
    const line = text.slice(0, match.index).split('\n').length;
    return {
      name: `${relative('.', path)}:${line}`,
      language: language === 'js' || language === 'json' ? language : 'ts',
      code,
      notRun: reason,
    };
  });
}
