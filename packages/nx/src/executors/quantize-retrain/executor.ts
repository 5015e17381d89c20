import type { PromiseExecutor } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { retrainStage } from '@caffe-quant/pipeline/stages/retrain';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<StageOptions> = (options, context) => runStageExecutor(retrainStage, options, context);

export default execute;
