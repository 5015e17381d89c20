import type { PromiseExecutor } from '@nx/devkit';
import { fingerprintStage } from '@caffe-quant/pipeline/stages/fingerprint';
import type { GivenOptions } from '../../given-options.ts';
import { runStageExecutor } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) =>
  runStageExecutor(fingerprintStage, options, context);

export default execute;
