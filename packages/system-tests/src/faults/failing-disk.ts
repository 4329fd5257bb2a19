import type { FileSystem } from '@hotpath/core/testing';
import { systemFiles } from '@hotpath/core/testing';

/** Of writes to the file that a rotation makes: they stop in the middle, and what is left does not fit. */
const ofRotations = 0.3;
/** The same of lines. */
const ofLines = 0.01;
/** Of lines that stopped in the middle, those that can't be taken away again at once. */
const ofRests = 0.5;

/** What struck, by the name that the report counts it under. */
export type DiskFault = 'short write on rotation' | 'short write of a line' | 'half a line stays';

/** A disk that is full now and then, for a moment. A kill may come at any of them. */
export function failingDisk(chance: () => number, onFault: (fault: DiskFault) => void): FileSystem {
  /** Descriptors of files that a rotation makes. */
  const targets = new Set<number>();
  let isStuck = false;
  const struck = (descriptor: number): DiskFault | undefined => {
    if (targets.has(descriptor))
      return chance() < ofRotations ? 'short write on rotation' : undefined;
    return chance() < ofLines ? 'short write of a line' : undefined;
  };
  /** Writes a part, and the caller's next write to the same file fails. */
  const spent = new Set<number>();
  return {
    ...systemFiles,
    open(path, flags, mode) {
      const descriptor = systemFiles.open(path, flags, mode);
      targets.delete(descriptor);
      spent.delete(descriptor);
      if (path.endsWith('.next')) targets.add(descriptor);
      return descriptor;
    },
    rename(from, to) {
      systemFiles.rename(from, to);
      // What was a rotation's is the journal from here on.
      targets.clear();
    },
    write(descriptor, data, length) {
      if (spent.delete(descriptor)) throw noSpace();
      const fault = struck(descriptor);
      if (fault === undefined) return systemFiles.write(descriptor, data, length);
      onFault(fault);
      spent.add(descriptor);
      if (fault === 'short write of a line' && chance() < ofRests) isStuck = true;
      return systemFiles.write(descriptor, data, half(length));
    },
    async writeLater(descriptor, data) {
      if (spent.delete(descriptor)) throw noSpace();
      const fault = struck(descriptor);
      if (fault === undefined) return systemFiles.writeLater(descriptor, data);
      onFault(fault);
      spent.add(descriptor);
      return systemFiles.writeLater(descriptor, data.subarray(0, half(data.length)));
    },
    truncate(descriptor, size) {
      if (!isStuck) return systemFiles.truncate(descriptor, size);
      isStuck = false;
      onFault('half a line stays');
      throw noSpace();
    },
  };
}

function half(length: number): number {
  return Math.max(1, Math.floor(length / 2));
}

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}
