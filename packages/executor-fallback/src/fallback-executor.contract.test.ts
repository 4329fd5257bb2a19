import { describeExecutorContract } from '@hotpath/core/testing';
import { fallbackExecutor } from './fallback-executor.ts';

describeExecutorContract({
  name: 'fallbackExecutor',
  create: ({ ca, connections, maxBodyBytes }) =>
    fallbackExecutor({ connections, maxBodyBytes, tls: { ca } }),
});
