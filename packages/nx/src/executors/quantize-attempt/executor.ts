import type { PromiseExecutor } from '@nx/devkit';
import { runAttempt } from '@caffe-quant/pipeline/search';
import type { GivenOptions } from '../../given-options.ts';
import { runForProject } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions & { attempt: string }> = ({ attempt, ...options }, context) =>
  runForProject(`quantize-search-${attempt}`, 'retrain', options, context, (request) => runAttempt(attempt, request));

export default execute;
