import type { Phase } from '@caffe-quant/caffe-io';
import type { ApVersion } from '@caffe-quant/kernels';
import type { CanonicalPlan, QuantPlan } from '@caffe-quant/resolver';
import { canonicalPlan } from '@caffe-quant/resolver';
import type { Project } from '../project/project.ts';
import { OPTION_LIST } from '../option-list.ts';
import type { StageOptions } from '../stage-options.ts';

const DEVICE = OPTION_LIST.device;
type Device = (typeof DEVICE.choices)[number];

/**
 * What the stages that run a net have in common of what `resolve` hands to them. Each of these files holds what decides the
 * result of its stage and nothing else: no comments, lines, paths of files or spellings, so that an edit re-runs only what
 * it touches.
 */
export interface RunInput {
  /** Of the net that is calibrated and trained. */
  readonly phase: Phase;
  /** Whose data it is calibrated and trained on. */
  readonly dataPhase: Phase;
  /** Of random crops and flips. */
  readonly seed: number;
  /** Absent: the processor. */
  readonly device?: Device;
  /** How average precision is taken; absent: `Integral`. */
  readonly apVersion?: ApVersion;
  /** What the weights file calls layers that have another name in the net, by that name. */
  readonly writtenNames?: Readonly<Record<string, string>>;
}

export function runInput(project: Project, { device = DEVICE.default }: StageOptions): RunInput {
  const { train, dataPhase, seed, solver, writtenNames } = project;
  const { apVersion = 'Integral' } = solver ?? {};
  return {
    ...{ phase: train.phase, dataPhase, seed },
    ...(device !== DEVICE.default && { device }),
    ...(apVersion !== 'Integral' && { apVersion }),
    ...(writtenNames.size > 0 && { writtenNames: Object.fromEntries(writtenNames) }),
  };
}

/** The plan for a stage that trains nothing. */
export function planWithoutMultipliers(plan: QuantPlan): CanonicalPlan {
  const canonical = canonicalPlan(plan);
  const quantizers = canonical.quantizers.map(({ lrMult: _, ...quantizer }) => ({ ...quantizer, decayMult: 0 }));
  return { ...canonical, quantizers };
}
