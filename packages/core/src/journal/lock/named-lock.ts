import { systemClock } from '../../clock.ts';
import { systemCode } from '../file-system.ts';
import type { Taken } from './folder-lock.ts';
import type { LockInfo } from './lock-info.ts';
import { askLock, LockSocket } from './lock-socket.ts';

/** How long one that does not answer is waited for: it may be about to end. */
const silentForMs = 1_000;
const pauseMs = 50;

/** Takes a lock by a name that ends with its process: one that begins with a NUL on Linux, a pipe on Windows. Rejects with what the system says when there are no such names. */
export async function takeNamedLock(address: string, info: () => LockInfo): Promise<Taken> {
  const since = systemClock.monotonic();
  for (;;) {
    try {
      // safeguard: lock of the account
      const socket = await LockSocket.listen(address, info);
      socket.state = 'holds';
      return { lock: { isSeen: () => true, release: () => socket.close() } };
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE') throw error;
    }
    const answer = await askLock(address, silentForMs);
    if (answer.is === 'there' && answer.info)
      return { lock: undefined, holder: { ...answer.info, answers: true } };
    if (systemClock.monotonic() - since >= silentForMs)
      return { lock: undefined, holder: { answers: false } };
    await new Promise((resolve) => void setTimeout(resolve, pauseMs));
  }
}
