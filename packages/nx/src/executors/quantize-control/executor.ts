import type { PromiseExecutor } from '@nx/devkit';
import { controlStage } from '@caffe-quant/pipeline/stages/control';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(controlStage, options, context);

export default execute;
