import type { CanonicalPlan, QuantPlan } from '@caffe-quant/resolver';
import { frozenAfter } from '../../project/batch-norm.ts';
import { canonicalNetText, withoutMultipliers } from '../../project/canonical-net.ts';
import type { Project } from '../../project/project.ts';
import { rangeMethod, type OtherMethod } from '../../project/range-method.ts';
import type { StageOptions } from '../../stage-options.ts';
import { planWithoutMultipliers, runInput, type RunInput } from '../run-input.ts';

/** `calibrate.json`, by `resolve`: what decides the calibration. */
export interface CalibrateInput extends RunInput {
  /** Canonical prototxt of the net, both phases, without learning-rate and decay multipliers. */
  readonly net: string;
  /** Its quantizers' multipliers are 1 and 0. */
  readonly plan: CanonicalPlan;
  /** Whether BatchNorm is on the float net's statistics from the first iteration on. */
  readonly frozenBatchNorm?: true;
  /** How a range is found where the plan gives none; absent: by IFMR. */
  readonly method?: OtherMethod;
  /** Whether weights of neighbouring layers are equalized first. */
  readonly crossLayerEqualization?: true;
  /** Whether it is learned which weights are rounded up and which down. */
  readonly learnedRounding?: true;
  /** Whether the biases are corrected in the end. */
  readonly biasCorrection?: true;
}

export function calibrateInput(project: Project, options: StageOptions, plan: QuantPlan): CalibrateInput {
  const method = rangeMethod(options);
  return {
    ...runInput(project, options),
    net: canonicalNetText(withoutMultipliers(project.net), project.dialect),
    plan: planWithoutMultipliers(plan),
    ...(frozenAfter(options) === 0 && { frozenBatchNorm: true }),
    ...(method && { method }),
    ...(options.crossLayerEqualization && { crossLayerEqualization: true }),
    ...(options.weightRounding === 'learned' && { learnedRounding: true }),
    ...(options.biasCorrection && { biasCorrection: true }),
  };
}
