import type { PromiseExecutor } from '@nx/devkit';
import { calibrateStage } from '@caffe-quant/pipeline/stages/calibrate';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(calibrateStage, options, context);

export default execute;
