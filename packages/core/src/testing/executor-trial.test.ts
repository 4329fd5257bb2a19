import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Delivery, Marks } from '../delivery.ts';
import type { DeliverOptions, ExecutorContext } from '../executor.ts';
import type { ExecutorPlugin } from '../plugin.ts';
import type { PreparedRequest } from '../request.ts';
import { Trial } from './executor-trial.ts';

type Send = (
  socket: Socket,
  request: PreparedRequest,
  options: DeliverOptions,
  marks: Marks,
) => Promise<Delivery>;

/** An executor of a few lines, one connection and no care, for the check to be tried on. */
function careless(send: Send): ExecutorPlugin {
  return {
    kind: 'executor',
    pluginName: 'careless',
    apiVersion: 1,
    setup({ endpoint }: ExecutorContext) {
      let socket: Socket | undefined;
      return {
        state: { is: 'ready', idleConnections: 1, busyConnections: 0 },
        connect: () =>
          new Promise((resolve) => {
            socket = connect(Number(endpoint.origin.port), endpoint.origin.hostname, () =>
              resolve(),
            );
          }),
        deliver: (request, options) =>
          socket
            ? send(socket, request, options, { queued: 0, written: 0, firstByte: 0, end: 0 })
            : Promise.reject(new Error('Not connected.')),
        close: () =>
          new Promise((resolve) => {
            socket?.once('close', () => resolve()).destroy();
          }),
      };
    },
  };
}

function textOf({ template, authorization, body }: PreparedRequest): string {
  return `${template.method} ${template.path} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization?.header}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
const written = (socket: Socket, text: string): Promise<void> =>
  new Promise((resolve) => socket.write(text, 'latin1', () => resolve()));
const answered = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('data', () => resolve()));
const answer = { status: 200, headers: {}, body: new Uint8Array() };

async function tried(send: Send): Promise<void> {
  await Trial.run(
    () => careless(send),
    { tls: false },
    async (trial) => {
      await trial.deliver().delivery;
    },
  );
}

describe('the check at the end of a trial', () => {
  it('passes an executor that tells the truth', async () => {
    const honest = tried(async (socket, request, _options, marks) => {
      const came = answered(socket);
      await written(socket, textOf(request));
      await came;
      return { stage: 'answered', bytes: 'all', answer, marks };
    });
    await expect(honest).resolves.toBeUndefined();
  });

  it('fails one that sends twice', async () => {
    const twice = tried(async (socket, request, _options, marks) => {
      const came = answered(socket);
      await written(socket, textOf(request) + textOf(request));
      await came;
      return { stage: 'answered', bytes: 'all', answer, marks };
    });
    await expect(twice).rejects.toThrow(/came 2 times/u);
  });

  it('fails one that claims nothing left when it did', async () => {
    const denied = tried(async (socket, request, _options, marks) => {
      const came = answered(socket);
      await written(socket, textOf(request));
      await came;
      return {
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'DEADLINE', message: 'Too late.' },
        marks: { ...marks, written: undefined, firstByte: undefined },
      };
    });
    await expect(denied).rejects.toThrow(/bytes none, and came/u);
  });

  it('fails one that claims all left when nothing did', async () => {
    const claimed = tried((_socket, _request, _options, marks) =>
      Promise.resolve({ stage: 'answered', bytes: 'all', answer, marks }),
    );
    await expect(claimed).rejects.toThrow(/bytes all, and came 0 times/u);
  });

  it('fails one that shows the authorization in a failure', async () => {
    const shown = tried(async (socket, request, _options, marks) => {
      const came = answered(socket);
      await written(socket, textOf(request));
      await came;
      return {
        stage: 'sent',
        bytes: 'all',
        failure: { code: 'CLOSED', message: 'Closed.', cause: { request: textOf(request) } },
        marks,
      };
    });
    await expect(shown).rejects.toThrow(/shows the authorization/u);
  });

  it('fails one whose marks do not fit its claim', async () => {
    const wrong = tried(async (socket, request, _options, marks) => {
      const came = answered(socket);
      await written(socket, textOf(request));
      await came;
      return { stage: 'answered', bytes: 'all', answer, marks: { ...marks, written: 5, end: 3 } };
    });
    await expect(wrong).rejects.toThrow(/go back in time/u);
  });

  it('fails one that leaves something open', async () => {
    const listener = createServer();
    const leaving = tried(async (socket, request, _options, marks) => {
      const came = answered(socket);
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
      await written(socket, textOf(request));
      await came;
      return { stage: 'answered', bytes: 'all', answer, marks };
    });
    await expect(leaving).rejects.toThrow(/keep the process alive/u);
    await new Promise((resolve) => listener.close(resolve));
  });
});
