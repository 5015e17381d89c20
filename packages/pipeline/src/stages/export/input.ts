import type { CanonicalPlan, LayerPlan, QuantPlan } from '@caffe-quant/resolver';
import { modeOf, type Mode } from '../../project/mode.ts';
import type { Project } from '../../project/project.ts';
import type { StageOptions } from '../../stage-options.ts';
import { planWithoutMultipliers, runInput, type RunInput } from '../run-input.ts';

/** `export.json`, by `resolve`: what decides the exported models, and how they are measured. */
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
