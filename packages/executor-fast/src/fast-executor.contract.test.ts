import { describeExecutorContract } from '@hotpath/core/testing';
import { fastExecutor } from './fast-executor.ts';

describeExecutorContract({
  name: 'fastExecutor',
  create: ({ ca, connections, maxBodyBytes }) => fastExecutor({ connections, maxBodyBytes, tls: { ca } }),
});
