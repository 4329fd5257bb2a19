import * as z from 'zod';
import { fromNumberedLine, numberedLine } from './line-checksum.ts';

/** What the first line of a file says. */
export interface Header {
  /** 1: lines have neither number nor checksum. 2: every line has, this one as well. */
  readonly version: 1 | 2;
  readonly prefix: string;
  readonly scope: string;
  /** Lines that the file was begun with, its first not counted, all of them forced to the disk: fewer are damage. */
  readonly lines: number;
}

const headerSchema = z.object({
  kind: z.literal('journal'),
  version: z.union([z.literal(1), z.literal(2)]),
  prefix: z.string().regex(/^[a-z][a-z0-9]+$/),
  scope: z.string(),
  lines: z.int().min(0).default(0),
});

/** Bytes in which the first line must end. */
export const headerLimit = 4_096;

export function headerLine({ version, prefix, scope, lines }: Header): string {
  const json = JSON.stringify({
    kind: 'journal',
    version,
    prefix,
    scope,
    ...(lines > 0 && { lines }),
  });
  return version === 1 ? `${json}\n` : numberedLine(json, 1);
}

/** How a file begins. `torn`: its first line was never finished. `other`: as no journal does, or not any more; `because` says in what. */
export type Beginning =
  | { readonly is: 'header'; readonly header: Header; readonly bytes: number }
  | { readonly is: 'torn' }
  | { readonly is: 'other'; readonly because: string };

/** `start`: up to `headerLimit` bytes, at least one. `isAll`: the file has no others. */
export function beginningOf(start: Buffer, isAll: boolean): Beginning {
  const end = start.indexOf(0x0a);
  if (end < 0)
    return isAll ? withoutEnd(start) : { is: 'other', because: 'it does not begin like one' };
  const line = start.toString('utf8', 0, end);
  const parsed = headerSchema.safeParse(jsonOf(line));
  if (!parsed.success)
    return { is: 'other', because: versionProblem(jsonOf(line)) ?? 'it does not begin like one' };
  const { version, prefix, scope, lines } = parsed.data;
  if (version === 2 && fromNumberedLine(line)?.number !== 1)
    return { is: 'other', because: 'the checksum of its first line does not fit' };
  return { is: 'header', header: { version, prefix, scope, lines }, bytes: end + 1 };
}

/** A first line that its process did not come to the end of, and what a power cut may leave of it. Everything else is somebody's file. */
function withoutEnd(start: Buffer): Beginning {
  const text = start.toString('utf8').replace(/\0+$/, '');
  // safeguard: what is no journal is not emptied
  if (text === '')
    return {
      is: 'other',
      because:
        "it holds nothing but zeros, as a power cut may leave it; if it was this bot's, put it aside, and look for its orders at the venue",
    };
  // end of safeguard
  return opening.startsWith(text) || text.startsWith(opening)
    ? { is: 'torn' }
    : { is: 'other', because: 'it does not begin like one' };
}

const opening = '{"kind":"journal","version":';

function versionProblem(value: unknown): string | undefined {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('kind' in value) ||
    value.kind !== 'journal' ||
    !('version' in value) ||
    typeof value.version !== 'number'
  )
    return undefined;
  return value.version > 2
    ? `it is of version ${value.version}, which a newer version of Hotpath wrote; this one reads versions 1 and 2`
    : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
