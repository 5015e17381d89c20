import type { PromiseExecutor } from '@nx/devkit';
import { reportStage } from '@caffe-quant/pipeline/stages/report';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) => runStageExecutor(reportStage, options, context);

export default execute;
