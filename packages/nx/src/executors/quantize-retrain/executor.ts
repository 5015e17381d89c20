import type { PromiseExecutor } from '@nx/devkit';
import { retrainStage } from '@caffe-quant/pipeline/stages/retrain';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(retrainStage, options, context);

export default execute;
