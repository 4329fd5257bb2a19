import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join, posix } from 'node:path';
import { LeaderFiles } from '../machine/leader-files.ts';
import type { MachineFacts } from '../machine/machine-facts.ts';
import { machineFacts } from '../machine/machine-facts.ts';
import { socketFolder } from '../machine/socket-folder.ts';

/** Where the processes of one machine and user that share a login find each other. */
export interface BudgetPlace {
  readonly files: LeaderFiles;
  /** False when its folder was taken away. */
  isThere(): boolean;
  /** Where a socket of this name is listened on. */
  pathOf(socket: string): string;
  /** The file of such a socket; undefined where it has none. */
  fileOf(socket: string): string | undefined;
  /** Where whoever listens on a socket of this name writes the account down. */
  accountOf(socket: string): string;
  /** A name for the socket of who has this id. */
  socketFor(id: string): string;
}

/** The longest name a socket of this module has. */
const nameLength = 'budget-0123456789abcdef-01234567.sock'.length;

/** The place, or why there is none. `id`: unlike any other's, for a socket that is tried. */
export async function budgetPlace(
  login: string,
  id: string,
  facts: MachineFacts = machineFacts(),
): Promise<BudgetPlace | { readonly problems: readonly string[] }> {
  const unusable = new Set<string>();
  const problems: string[] = [];
  for (;;) {
    const found = socketFolder(nameLength, facts, unusable);
    if (found.folder === undefined) return { problems: [...problems, ...found.problems] };
    const place = placeIn(found.folder, login, facts.platform);
    const problem = await problemOf(place, id);
    if (problem === undefined) return place;
    unusable.add(found.folder);
    problems.push(`${found.folder}: ${problem}`);
  }
}

/** Where they meet in this folder. */
export function placeIn(folder: string, login: string, platform: NodeJS.Platform): BudgetPlace {
  const name = `budget-${createHash('sha256').update(login).digest('hex').slice(0, 16)}`;
  const fileOf = (socket: string): string | undefined =>
    platform === 'win32' ? undefined : posix.join(folder, posix.basename(socket));
  // A pipe's name is known to nobody but by the leader's file, which only this user can read.
  const pathOf = (socket: string): string => fileOf(socket) ?? `\\\\?\\pipe\\hotpath-${socket}`;
  // What a leader's file says may be anything: a name in this folder is made of it.
  const accountOf = (socket: string): string =>
    join(folder, `${basename(socket, '.sock')}.account`);
  const socketFor = (id: string): string =>
    `${name}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}.sock`;
  return {
    files: new LeaderFiles(folder, name),
    isThere: () => existsSync(folder),
    pathOf,
    fileOf,
    accountOf,
    socketFor,
  };
}

/** Some file systems hold no sockets. */
async function problemOf(place: BudgetPlace, id: string): Promise<string | undefined> {
  const socket = place.socketFor(id);
  const problem = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    // Descriptors that have run out come back.
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'EMFILE' || error.code === 'ENFILE'
          ? undefined
          : `nobody can listen there (${error.code ?? error.message})`,
      ),
    );
    server.listen(place.pathOf(socket), () => server.close(() => resolve(undefined)));
  });
  const file = place.fileOf(socket);
  if (file !== undefined) rmSync(file, { force: true });
  return problem;
}
