import { describeExecutorContract } from '@hotpath/core/testing';
import { fastExecutor } from './fast-executor.ts';

for (const transport of ['framed', 'undici'] as const) {
  describeExecutorContract({
    name: `fastExecutor with transport ${transport}`,
    create: ({ ca, connections, maxBodyBytes }) =>
      fastExecutor({
        transport,
        connections,
        maxConnections: connections,
        maxBodyBytes,
        tls: { ca },
      }),
  });
}
