import type { PromiseExecutor } from '@nx/devkit';
import { explainStage } from '@caffe-quant/pipeline/stages/explain';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(explainStage, options, context);

export default execute;
