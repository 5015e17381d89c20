import type { CanonicalPlan, LayerPlan, QuantPlan } from '@caffe-quant/resolver';
import { canonicalPlan } from '@caffe-quant/resolver';
import { canonicalNetText, withoutMultipliers } from './project/canonical-net.ts';
import type { Project } from './project/load-project.ts';

/**
 * What `resolve` hands to the stages after it. Each of these files holds what decides the result of its stage and nothing
 * else: no comments, lines, paths of files or spellings, so that an edit re-runs only what it touches.
 */

/** `calibrate.json`. */
export interface CalibrateInput {
  /** Canonical prototxt of the net, both phases, without learning-rate and decay multipliers. */
  readonly net: string;
  /** Its quantizers' multipliers are 1 and 0. */
  readonly plan: CanonicalPlan;
  /** Of random crops and flips. */
  readonly seed: number;
}

/** `train.json`. */
export interface TrainInput {
  /** Canonical prototxt of the net, both phases. */
  readonly net: string;
  /** Canonical prototxt of the solver: what decides the result, defaults filled in. */
  readonly solver: string;
  readonly plan: CanonicalPlan;
  readonly seed: number;
}

/** `export.json`. */
export interface ExportInput {
  /** The net's prototxt as the user wrote it: the exported ones keep its comments and order. */
  readonly net: string;
  /** Likewise the prototxt of the net whose topology the exported models take; absent: the net in TEST. */
  readonly deploy?: string;
  readonly plan: CanonicalPlan;
  /** Every layer of the net, in net order. */
  readonly layers: readonly LayerVerdict[];
  /** What the names of the files begin with. */
  readonly prefix: string;
  readonly seed: number;
}

/** What is said of a layer wherever results are shown. */
export type LayerVerdict = Pick<LayerPlan, 'name' | 'type' | 'quantized' | 'reason'>;

export function calibrateInput({ net, solver }: Project, plan: QuantPlan): CalibrateInput {
  return { net: canonicalNetText(withoutMultipliers(net)), plan: planWithoutMultipliers(plan), seed: solver.seed };
}

export function trainInput({ net, solver }: Project, plan: QuantPlan): TrainInput {
  return { net: canonicalNetText(net), solver: solver.text, plan: canonicalPlan(plan), seed: solver.seed };
}

export function exportInput({ netText, deployText, prefix, solver }: Project, plan: QuantPlan): ExportInput {
  return {
    net: netText,
    ...(deployText !== undefined && { deploy: deployText }),
    plan: planWithoutMultipliers(plan),
    layers: plan.layers.map(({ name, type, quantized, reason }) => ({ name, type, quantized, reason })),
    prefix,
    seed: solver.seed,
  };
}

function planWithoutMultipliers(plan: QuantPlan): CanonicalPlan {
  const canonical = canonicalPlan(plan);
  const quantizers = canonical.quantizers.map((quantizer) => ({ ...quantizer, lrMult: 1, decayMult: 0 }));
  return { ...canonical, quantizers };
}
