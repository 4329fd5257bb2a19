import { z } from 'zod';

/** How TLS connections are made. */
export interface FastExecutorTlsOptions {
  /** Certificates to trust in place of the system's, PEM. Default: the ones Node ships with. */
  readonly ca?: string | readonly string[] | undefined;
  /** Name to ask for and to check, when it is not the origin's host. */
  readonly servername?: string | undefined;
}

/** What `fastExecutor` takes. */
export interface FastExecutorOptions {
  /**
   * `framed` writes a request in the caller's own tick; `undici` hands it to undici's `Client`, which writes it a turn of the event loop later. Default `framed`.
   * Both answer to the same tests.
   */
  readonly transport?: 'framed' | 'undici' | undefined;
  /**
   * Connections kept open and warm. Each carries one request at a time and rests for a moment after each answer: with fewer than 3 an order right behind an answer waits.
   * 1 to 64, default 4.
   */
  readonly connections?: number | undefined;
  /** Most connections open at once: more are opened when few are idle, and closed when they have not been needed for a minute. At least `connections`, at most 256, default four times `connections`. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds for one connection to open, name lookup and TLS included. 1 to 60,000, default 1,500. */
  readonly connectTimeoutMs?: number | undefined;
  /** Largest head of an answer that is read, in bytes. 1,024 to 262,144, default 16,384. */
  readonly maxHeaderBytes?: number | undefined;
  /** Largest body of an answer that is read, in bytes. 1,024 to 268,435,456, default 16,777,216. */
  readonly maxBodyBytes?: number | undefined;
  readonly tls?: FastExecutorTlsOptions | undefined;
}

/** Options with every default filled in. */
export interface FastExecutorSettings {
  readonly transport: 'framed' | 'undici';
  readonly maxConnections: number;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  readonly tls: FastExecutorTlsOptions;
}

const whole = (least: number, most: number, preset: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(least).max(most).default(preset);

export const fastExecutorOptions: z.ZodType<FastExecutorSettings, FastExecutorOptions | undefined> =
  z
    .strictObject({
      transport: z.enum(['framed', 'undici']).default('framed'),
      connections: whole(1, 64, 4),
      maxConnections: z.int().min(1).max(256).optional(),
      connectTimeoutMs: whole(1, 60_000, 1_500),
      maxHeaderBytes: whole(1_024, 262_144, 16_384),
      maxBodyBytes: whole(1_024, 268_435_456, 16_777_216),
      tls: z
        .strictObject({
          ca: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
          servername: z.string().min(1).optional(),
        })
        .default({}),
    })
    .refine(
      ({ connections, maxConnections }) =>
        maxConnections === undefined || maxConnections >= connections,
      {
        path: ['maxConnections'],
        error: 'must not be smaller than connections',
      },
    )
    .transform((options) => ({
      ...options,
      maxConnections: options.maxConnections ?? options.connections * 4,
    }))
    .prefault({});
