import { z } from 'zod';

/** How TLS connections are made. */
export interface FallbackExecutorTlsOptions {
  /** Certificates to trust in place of the system's, PEM. Default: the ones Node ships with. */
  readonly ca?: string | readonly string[] | undefined;
  /** Name to ask for and to check, when it is not the origin's host. */
  readonly servername?: string | undefined;
}

/** What `fallbackExecutor` takes. */
export interface FallbackExecutorOptions {
  /** Most connections open at once; one is kept open, the others open when needed. A request that finds all of them busy waits. 1 to 64, default 4. */
  readonly connections?: number | undefined;
  /** Milliseconds for one connection to open, name lookup and TLS included. 1 to 60,000, default 1,500. */
  readonly connectTimeoutMs?: number | undefined;
  /** Largest head of an answer that is read, in bytes. 1,024 to 262,144, default 16,384. */
  readonly maxHeaderBytes?: number | undefined;
  /** Largest body of an answer that is read, in bytes. 1,024 to 268,435,456, default 16,777,216. */
  readonly maxBodyBytes?: number | undefined;
  readonly tls?: FallbackExecutorTlsOptions | undefined;
}

/** Options with every default filled in. */
export interface FallbackExecutorSettings {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  readonly tls: FallbackExecutorTlsOptions;
}

const whole = (least: number, most: number, preset: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(least).max(most).default(preset);

export const fallbackExecutorOptions: z.ZodType<
  FallbackExecutorSettings,
  FallbackExecutorOptions | undefined
> = z
  .strictObject({
    connections: whole(1, 64, 4),
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
  .prefault({});
