import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Who leads, and where to find it. */
export interface Leader {
  /** Grows with each that takes over. */
  readonly generation: number;
  /** Unlike any other leader. */
  readonly id: string;
  /** Name of its socket. */
  readonly socket: string;
  readonly pid: number;
}

const content = z.strictObject({
  id: z.string().min(1).max(100),
  socket: z.string().min(1).max(300),
  pid: z.int().min(0),
});
const longestFile = 4_096;
/** Milliseconds after which a file that nobody finished making is a dead process's. */
const unfinishedMs = 60_000;

/**
 * Which of the processes of a machine leads, by files in a folder of this user's alone: one for each generation, the highest counts. A file is made with its content and only where there is none,
 * so that of several who take over at once exactly one does; and whoever was stopped and wakes sees that it leads no more.
 */
export class LeaderFiles {
  readonly #folder: string;
  readonly #name: string;

  /** `name`: what the leader is for; letters, digits and dashes. */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** Undefined when nobody leads, or the one that did says nothing that can be read: its generation is told by `newest` all the same. */
  current(): Leader | undefined {
    const generation = this.newest();
    return generation === 0 ? undefined : this.#read(generation);
  }

  /** Those whose files stand, newest first; who says nothing that can be read is not among them. Throws where the folder can't be read. */
  all(): readonly Leader[] {
    const generations = this.#names().flatMap((name) => this.#generationOf(name) ?? []);
    return generations
      .toSorted((a, b) => b - a)
      .flatMap((generation) => this.#read(generation) ?? []);
  }

  /** The highest generation there is a file of; 0 for none. Throws where the folder can't be read. */
  newest(): number {
    let newest = 0;
    for (const name of this.#names()) newest = Math.max(newest, this.#generationOf(name) ?? 0);
    return newest;
  }

  /** True when this leader's file stands, and none above it. */
  isCurrent({ generation, id }: Leader): boolean {
    try {
      const current = this.current();
      return current?.generation === generation && current.id === id;
    } catch {
      return false;
    }
  }

  /** Takes the lead; false when somebody else has this generation. Throws where nothing can be written. */
  claim({ generation, ...leader }: Leader): boolean {
    const [path, unfinished] = [
      this.#path(generation),
      join(this.#folder, `${this.#name}.new-${leader.id}`),
    ];
    writeFileSync(unfinished, JSON.stringify(leader), { flag: 'wx', mode: 0o600 });
    try {
      // safeguard: of several who take over only one does
      return linked(unfinished, path);
    } finally {
      rmSync(unfinished, { force: true });
    }
  }

  /** Takes away what leaders before left: their files, those that belong to their sockets, and what a dead one did not finish. */
  removeBelow(generation: number, filesOf: (socket: string) => readonly string[]): void {
    for (const name of this.#names()) {
      const path = join(this.#folder, name);
      const older = this.#generationOf(name);
      try {
        if (older !== undefined && older < generation) {
          const before = content.safeParse(JSON.parse(readOwn(path)));
          for (const file of before.success ? filesOf(before.data.socket) : []) remove(file);
          remove(path);
        } else if (
          name.startsWith(`${this.#name}.new-`) &&
          statSync(this.#path(generation)).mtimeMs - statSync(path).mtimeMs > unfinishedMs
        )
          remove(path);
      } catch {
        // Somebody else took it away, or it says nothing: then nobody is led by it.
        if (older !== undefined && older < generation) remove(path);
      }
    }
  }

  /** Leads no more, and nobody else does. */
  remove(generation: number): void {
    remove(this.#path(generation));
  }

  #read(generation: number): Leader | undefined {
    try {
      const found = content.safeParse(JSON.parse(readOwn(this.#path(generation))));
      return found.success ? { generation, ...found.data } : undefined;
    } catch {
      return undefined;
    }
  }

  #names(): string[] {
    return readdirSync(this.#folder).filter((name) => name.startsWith(`${this.#name}.`));
  }

  #generationOf(name: string): number | undefined {
    const [, digits] = /\.(\d{1,15})$/.exec(name) ?? [];
    return digits === undefined || name !== `${this.#name}.${digits}` ? undefined : Number(digits);
  }

  #path(generation: number): string {
    return join(this.#folder, `${this.#name}.${generation}`);
  }
}

/** A link is made only where nothing stands. Some file systems have none: there the file itself is made so, and read as nobody's until it is written. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
  }
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What can't be taken away stands in nobody's way: it is not the newest. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder of that name, or a file that is held open on Windows.
  }
}

/** The text of a plain, small file; what has been put in its place is not waited for. */
function readOwn(path: string): string {
  const file = openSync(
    path,
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0),
  );
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > longestFile) throw new Error(`${path} is no leader's file`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
