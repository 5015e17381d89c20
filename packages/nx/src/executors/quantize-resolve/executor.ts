import type { PromiseExecutor } from '@nx/devkit';
import { resolveStage } from '@caffe-quant/pipeline/stages/resolve';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(resolveStage, options, context);

export default execute;
