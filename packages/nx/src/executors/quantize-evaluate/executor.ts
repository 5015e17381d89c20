import type { PromiseExecutor } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { evaluateStage } from '@caffe-quant/pipeline/stages/evaluate';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<StageOptions> = (options, context) => runStageExecutor(evaluateStage, options, context);

export default execute;
