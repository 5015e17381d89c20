import type { Phase } from '@caffe-quant/caffe-io';
import type { ApVersion } from '@caffe-quant/kernels';
import type { CanonicalPlan, LayerPlan, QuantPlan } from '@caffe-quant/resolver';
import { canonicalPlan } from '@caffe-quant/resolver';
import { canonicalNetText, withoutMultipliers } from './project/canonical-net.ts';
import { frozenAfter } from './project/batch-norm.ts';
import type { Project } from './project/load-project.ts';
import { modeOf, type Mode } from './project/mode.ts';
import { OPTION_LIST } from './option-list.ts';
import type { StageOptions } from './stage-options.ts';

/**
 * What `resolve` hands to the stages after it. Each of these files holds what decides the result of its stage and nothing
 * else: no comments, lines, paths of files or spellings, so that an edit re-runs only what it touches.
 */

const DEVICE = OPTION_LIST.device;
type Device = (typeof DEVICE.choices)[number];

/** What the stages that run a net have in common. */
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

/** `calibrate.json`. */
export interface CalibrateInput extends RunInput {
  /** Canonical prototxt of the net, both phases, without learning-rate and decay multipliers. */
  readonly net: string;
  /** Its quantizers' multipliers are 1 and 0. */
  readonly plan: CanonicalPlan;
  /** Whether BatchNorm is on the float net's statistics from the first iteration on. */
  readonly frozenBatchNorm?: true;
}

/** `train.json`. */
export interface TrainInput extends RunInput {
  readonly mode: Mode;
  /** Canonical prototxt of the net, both phases. */
  readonly net: string;
  readonly plan: CanonicalPlan;
  /** Canonical prototxt of the solver: what decides the result, defaults filled in. Absent where nothing is trained. */
  readonly solver?: string;
  /** Iterations after which BatchNorm stays on the statistics reached; absent: never. */
  readonly freezeAfter?: number;
  /** Batches of which BatchNorm's statistics are taken anew in the end; absent: none. */
  readonly bnReestimate?: number;
  /** Absent: the last weights. */
  readonly select?: 'best';
}

/** `export.json`. */
export interface ExportInput extends RunInput {
  readonly mode: Mode;
  /** The net's prototxt as the user wrote it: the exported ones keep its comments and order. */
  readonly net: string;
  /** Likewise the prototxt of the net whose topology the exported models take; absent: the net in TEST. */
  readonly deploy?: string;
  readonly plan: CanonicalPlan;
  /** Every layer of the net, in net order. */
  readonly layers: readonly LayerVerdict[];
  /** What the names of the files begin with. */
  readonly prefix: string;
}

/** What is said of a layer wherever results are shown. */
export type LayerVerdict = Pick<LayerPlan, 'name' | 'type' | 'quantized' | 'reason'>;

export function calibrateInput(project: Project, options: StageOptions, plan: QuantPlan): CalibrateInput {
  return {
    ...runInput(project, options),
    net: canonicalNetText(withoutMultipliers(project.net), project.dialect),
    plan: planWithoutMultipliers(plan),
    ...(frozenAfter(options) === 0 && { frozenBatchNorm: true }),
  };
}

export function trainInput(project: Project, options: StageOptions, plan: QuantPlan): TrainInput {
  const { net, dialect, solver } = project;
  const freezeAfter = frozenAfter(options);
  const { bnReestimate = OPTION_LIST.bnReestimate.default, select } = options;
  return {
    ...runInput(project, options),
    mode: modeOf(options),
    net: canonicalNetText(net, dialect),
    plan: canonicalPlan(plan),
    ...(solver && { solver: solver.text }),
    ...(solver && freezeAfter !== undefined && { freezeAfter }),
    ...(solver && select === 'best' && { select }),
    ...(bnReestimate > 0 && { bnReestimate }),
  };
}

export function exportInput(project: Project, options: StageOptions, plan: QuantPlan): ExportInput {
  const { netText, deployText, prefix } = project;
  return {
    ...runInput(project, options),
    mode: modeOf(options),
    net: netText,
    ...(deployText !== undefined && { deploy: deployText }),
    plan: planWithoutMultipliers(plan),
    layers: plan.layers.map(({ name, type, quantized, reason }) => ({ name, type, quantized, reason })),
    prefix,
  };
}

function runInput(project: Project, { device = DEVICE.default }: StageOptions): RunInput {
  const { train, dataPhase, seed, solver, writtenNames } = project;
  const { apVersion = 'Integral' } = solver ?? {};
  return {
    ...{ phase: train.phase, dataPhase, seed },
    ...(device !== DEVICE.default && { device }),
    ...(apVersion !== 'Integral' && { apVersion }),
    ...(writtenNames.size > 0 && { writtenNames: Object.fromEntries(writtenNames) }),
  };
}

function planWithoutMultipliers(plan: QuantPlan): CanonicalPlan {
  const canonical = canonicalPlan(plan);
  const quantizers = canonical.quantizers.map((quantizer) => ({ ...quantizer, lrMult: 1, decayMult: 0 }));
  return { ...canonical, quantizers };
}
