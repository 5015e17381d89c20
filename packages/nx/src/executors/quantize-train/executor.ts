import type { PromiseExecutor } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { trainStage } from '@caffe-quant/pipeline/stages/train';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<StageOptions> = (options, context) => runStageExecutor(trainStage, options, context);

export default execute;
