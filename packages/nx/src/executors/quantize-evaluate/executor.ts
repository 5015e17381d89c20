import type { PromiseExecutor } from '@nx/devkit';
import { evaluateStage } from '@caffe-quant/pipeline/stages/evaluate';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(evaluateStage, options, context);

export default execute;
