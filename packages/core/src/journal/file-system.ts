import type { Stats } from 'node:fs';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  read as readLater,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  statfsSync,
  unlinkSync,
  writeSync,
  write as writeLater,
} from 'node:fs';
import { promisify } from 'node:util';

/** What a journal asks of the system that keeps its file. Calls throw what the system throws. */
export interface FileSystem {
  readonly platform: NodeJS.Platform;
  /** `flags` are those of `fs.constants`. */
  open(path: string, flags: number, mode?: number): number;
  close(descriptor: number): void;
  /** Writes the first `length` bytes. Gives how many were written, which may be fewer. */
  write(descriptor: number, data: Uint8Array, length: number): number;
  writeLater(descriptor: number, data: Uint8Array): Promise<number>;
  /** Bytes that were read; 0 at the end. */
  read(descriptor: number, into: Uint8Array, position: number): number;
  readLater(descriptor: number, into: Uint8Array, position: number): Promise<number>;
  truncate(descriptor: number, size: number): void;
  /** Forces what the file says to the disk. */
  dataSync(descriptor: number): void;
  dataSyncLater(descriptor: number): Promise<void>;
  /** Forces a folder's names to the disk. */
  sync(descriptor: number): void;
  statOf(descriptor: number): Stats;
  stat(path: string): Stats;
  /** Of a link itself. */
  lstat(path: string): Stats;
  changeMode(descriptor: number, mode: number): void;
  changeOwner(descriptor: number, user: number, group: number): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
  realPath(path: string): string;
  readLink(path: string): string;
  names(folder: string): string[];
  text(path: string): string;
  /** Bytes that this user may still write. */
  freeBytes(path: string): number;
  /** The system's number for the kind of file system. */
  kindOf(path: string): number;
}

const readAt: (
  descriptor: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ readonly bytesRead: number }> = promisify(readLater);
const writeNext: (
  descriptor: number,
  data: Uint8Array,
) => Promise<{ readonly bytesWritten: number }> = promisify(writeLater);

/** The system's own. */
export const systemFiles: FileSystem = {
  platform: process.platform,
  open: (path, flags, mode) => openSync(path, flags, mode),
  close: (descriptor) => closeSync(descriptor),
  write: (descriptor, data, length) => writeSync(descriptor, data, 0, length),
  writeLater: async (descriptor, data) => (await writeNext(descriptor, data)).bytesWritten,
  read: (descriptor, into, position) => readSync(descriptor, into, 0, into.length, position),
  readLater: async (descriptor, into, position) =>
    (await readAt(descriptor, into, 0, into.length, position)).bytesRead,
  truncate: (descriptor, size) => ftruncateSync(descriptor, size),
  dataSync: (descriptor) => fdatasyncSync(descriptor),
  dataSyncLater: promisify(fdatasync),
  sync: (descriptor) => fsyncSync(descriptor),
  statOf: (descriptor) => fstatSync(descriptor),
  stat: (path) => statSync(path),
  lstat: (path) => lstatSync(path),
  changeMode: (descriptor, mode) => fchmodSync(descriptor, mode),
  changeOwner: (descriptor, user, group) => fchownSync(descriptor, user, group),
  rename: (from, to) => renameSync(from, to),
  link: (from, to) => linkSync(from, to),
  unlink: (path) => unlinkSync(path),
  realPath: (path) => realpathSync.native(path),
  readLink: (path) => readlinkSync(path),
  names: (folder) => readdirSync(folder),
  text: (path) => readFileSync(path, 'utf8'),
  freeBytes: (path) => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  },
  kindOf: (path) => statfsSync(path).type,
};

/** The system's word for what went wrong, such as `ENOSPC`; empty for an error that is not the system's. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** The same for a sentence. */
export function systemWords(error: unknown): string {
  return systemCode(error) || (error instanceof Error ? error.message : String(error));
}
