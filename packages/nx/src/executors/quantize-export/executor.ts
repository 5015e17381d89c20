import type { PromiseExecutor } from '@nx/devkit';
import { exportStage } from '@caffe-quant/pipeline/stages/export';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(exportStage, options, context);

export default execute;
