import type { PromiseExecutor } from '@nx/devkit';
import { trainStage } from '@caffe-quant/pipeline/stages/train';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(trainStage, options, context);

export default execute;
