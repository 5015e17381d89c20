import { canonicalPlan, type CanonicalPlan, type QuantPlan } from '@caffe-quant/resolver';
import { frozenAfter } from '../../project/batch-norm.ts';
import { canonicalNetText } from '../../project/canonical-net.ts';
import { modeOf, type Mode } from '../../project/mode.ts';
import type { Project } from '../../project/project.ts';
import { OPTION_LIST } from '../../option-list.ts';
import type { StageOptions } from '../../stage-options.ts';
import { runInput, type RunInput } from '../run-input.ts';

/** What decides a training, but for its quantizers. */
export interface TrainingSettings extends RunInput {
  readonly mode: Mode;
  /** Canonical prototxt of the net, both phases. */
  readonly net: string;
  /** Canonical prototxt of the solver: what decides the result, defaults filled in. Absent where nothing is trained. */
  readonly solver?: string;
  /** Iterations after which BatchNorm stays on the statistics reached; absent: never. */
  readonly freezeAfter?: number;
  /** Batches of which BatchNorm's statistics are taken anew in the end; absent: none. */
  readonly bnReestimate?: number;
  /** Absent: the last weights. */
  readonly select?: 'best';
}

/** `train.json`, by `resolve`: what decides the training. */
export interface TrainInput extends TrainingSettings {
  readonly plan: CanonicalPlan;
}

export const trainInput = (project: Project, options: StageOptions, plan: QuantPlan): TrainInput => ({
  ...trainingSettings(project, options),
  plan: canonicalPlan(plan),
});

export function trainingSettings(project: Project, options: StageOptions): TrainingSettings {
  const { net, dialect, solver } = project;
  const freezeAfter = frozenAfter(options);
  const { bnReestimate = OPTION_LIST.bnReestimate.default, select } = options;
  return {
    ...runInput(project, options),
    mode: modeOf(options),
    net: canonicalNetText(net, dialect),
    ...(solver && { solver: solver.text }),
    ...(solver && freezeAfter !== undefined && { freezeAfter }),
    ...(solver && select === 'best' && { select }),
    ...(bnReestimate > 0 && { bnReestimate }),
  };
}
