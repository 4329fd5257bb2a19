import { expect, it } from 'vitest';
import type { RunTrial } from './executor-contract.ts';
import { answerText, bodyOf, idOf, maxBodyBytes } from './executor-trial.ts';

export function describeAnswers(run: RunTrial): void {
  describeForms(run);
  describeBodies(run);
  describeStatuses(run);
}

function describeForms(run: RunTrial): void {
  it('hands on status, headers and body as they came', () =>
    run({}, async (trial) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      trial.server.onRequest = ({ connection }) => {
        void connection.write(
          'HTTP/1.1 201 Made\r\nX-Upper: Yes\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 256\r\n\r\n',
        );
        void connection.write(bytes);
      };
      const delivery = await trial.deliver().delivery;
      expect(delivery).toMatchObject({
        stage: 'answered',
        bytes: 'all',
        answer: {
          status: 201,
          headers: { 'x-upper': 'Yes', 'set-cookie': 'a=1, b=2', 'content-length': '256' },
        },
      });
      expect(Buffer.from(bodyOf(delivery), 'latin1')).toEqual(Buffer.from(bytes));
    }));

  it('reads answers in every orderly form', () =>
    run({}, async (trial) => {
      const forms: { readonly text: string; readonly ends: boolean }[] = [
        {
          text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\ntrailer: 1\r\n\r\n',
          ends: false,
        },
        {
          text: 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\nhello world',
          ends: true,
        },
        { text: 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello world', ends: true },
        {
          text: 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world',
          ends: false,
        },
        {
          text: 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=5\r\ncontent-length: 11\r\n\r\nhello world',
          ends: false,
        },
      ];
      for (const { text, ends } of forms) {
        trial.server.onRequest = ({ connection }) =>
          ends ? connection.end(text) : void connection.write(text);
        expect(bodyOf(await trial.deliver().delivery)).toBe('hello world');
      }
    }));
}

function describeBodies(run: RunTrial): void {
  it('reads an answer that comes byte by byte', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = ({ connection }) => {
        void (async () => {
          for (const byte of answerText(200, 'slowly')) await connection.write(byte);
        })();
      };
      expect(bodyOf(await trial.deliver().delivery)).toBe('slowly');
    }));

  it('reads an answer that is there before it calls it overdue', () =>
    run({ connections: 1 }, async (trial) => {
      const answerTimeoutMs = 1_000;
      // The loop comes to its timers before its sockets. In this tick the answer goes to the kernel and the time for it is over: as where a bot computed meanwhile.
      for (const text of ['small', 'x'.repeat(maxBodyBytes)]) {
        trial.server.onRequest = ({ connection }) => {
          void connection.write(answerText(200, text));
          trial.clock.advance(answerTimeoutMs + 1);
        };
        expect(bodyOf(await trial.deliver({ answerTimeoutMs }).delivery)).toBe(text);
      }
    }));

  it('does not unpack a body', () =>
    run({}, async (trial) => {
      trial.server.onRequest = ({ connection }) =>
        void connection.write(answerText(200, 'not really gzip', 'content-encoding: gzip\r\n'));
      expect(bodyOf(await trial.deliver().delivery)).toBe('not really gzip');
    }));
}

function describeStatuses(run: RunTrial): void {
  it('sends once whatever the status, and hands every status on', () =>
    run({}, async (trial) => {
      for (let status = 200; status <= 599; status += 1) {
        const empty = status === 204 || status === 304;
        const headers = `location: /api/Order/again\r\nwww-authenticate: Basic realm="x"\r\nproxy-authenticate: Basic realm="x"\r\nretry-after: 0\r\n`;
        trial.server.onRequest = (request) => {
          void request.connection.write(
            empty
              ? `HTTP/1.1 ${status} Said\r\n${headers}\r\n`
              : answerText(status, idOf(request), headers),
          );
        };
        const before = trial.server.requests.length;
        const { id, delivery } = trial.deliver();
        const told = await delivery;
        expect({ status, requests: trial.server.requests.length }).toEqual({
          status,
          requests: before + 1,
        });
        const handedOn = {
          stage: 'answered',
          bytes: 'all',
          answer: { status },
          body: empty ? '' : id,
        };
        // An HTTP client that repeats on 421 by itself and was stopped has no answer to show.
        const stopped = { stage: 'sent', bytes: 'all', failure: { code: 'SECOND_REQUEST' } };
        const seen = told.stage === 'answered' ? { ...told, body: bodyOf(told) } : told;
        expect(seen).toMatchObject(status === 421 && told.stage === 'sent' ? stopped : handedOn);
      }
    }));
}
