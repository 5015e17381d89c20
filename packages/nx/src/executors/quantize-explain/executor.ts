import type { PromiseExecutor } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { explainStage } from '@caffe-quant/pipeline/stages/explain';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<StageOptions> = (options, context) => runStageExecutor(explainStage, options, context);

export default execute;
