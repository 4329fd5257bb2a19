import { homedir, tmpdir } from 'node:os';

/** What is asked of the machine when a place for local sockets is sought; given in by tests of other platforms. */
export interface MachineFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly temporaryFolder: string;
  /** Undefined where the user has none. */
  readonly homeFolder: string | undefined;
  /** Number of the user; undefined on Windows. */
  readonly userId: number | undefined;
}

/** Of the machine this runs on. */
export function machineFacts(): MachineFacts {
  return {
    platform: process.platform,
    environment: process.env,
    temporaryFolder: tmpdir(),
    homeFolder: homeOf(),
    userId: process.getuid?.(),
  };
}

/** A container's user often has neither `HOME` nor a passwd entry, and then `os.homedir()` throws. */
function homeOf(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
