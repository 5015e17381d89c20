import type { PromiseExecutor } from '@nx/devkit';
import type { StageOptions } from '@caffe-quant/pipeline';
import { fingerprintStage } from '@caffe-quant/pipeline/stages/fingerprint';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<StageOptions> = (options, context) =>
  runStageExecutor(fingerprintStage, options, context);

export default execute;
