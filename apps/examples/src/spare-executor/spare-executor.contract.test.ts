import { describeExecutorContract } from '@hotpath/core/testing';
import { spareExecutor } from './spare-executor.ts';

describeExecutorContract({ name: 'spare', create: (options) => spareExecutor(options) });
