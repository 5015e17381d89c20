import type { PromiseExecutor } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<StageOptions> = (options, context) => runStageExecutor('evaluate', options, context);

export default execute;
