import type { ExecutorContext, PromiseExecutor } from '@nx/devkit';
import { runAttempt } from '@caffe-quant/pipeline/search';
import type { GivenOptions } from '../../given-options.ts';
import { runForProject } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions & { attempt: string }> = ({ attempt, ...options }, context) =>
  runForProject(`quantize-search-${attempt}`, 'retrain', options, ofStages(context), (request) =>
    runAttempt(attempt, request),
  );

/** The target as that of a stage: which attempt it is, is none of a stage's options. */
function ofStages(context: ExecutorContext): ExecutorContext {
  const { target } = context;
  if (!target) return context;
  const { attempt: _, ...options } = target.options as GivenOptions;
  return { ...context, target: { ...target, options } };
}

export default execute;
