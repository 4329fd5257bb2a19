import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface GatewayProcess {
  readonly url: string;
  stop(): void;
}

/** Rejects when the process ends before it listens. */
export function startGatewayProcess(seed: number): Promise<GatewayProcess> {
  const child = fork(
    fileURLToPath(new URL('gateway-process.js', import.meta.url)),
    [String(seed)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  return new Promise((resolve, reject) => {
    child.once('message', (url: string) => resolve({ url, stop: () => child.disconnect() }));
    child.once('exit', (code) =>
      reject(new Error(`the simulator ended with code ${code ?? 'none'} before it listened`)),
    );
  });
}
