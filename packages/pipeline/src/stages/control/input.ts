import type { Project } from '../../project/project.ts';
import type { StageOptions } from '../../stage-options.ts';
import { trainingSettings, type TrainingSettings } from '../train/input.ts';

/**
 * `control.json`, by `resolve`: what decides the training without quantizers; nothing of quant.cfg does. Empty where there is
 * none: it was not wanted, nothing is trained, or the float net is the teacher, which has nothing to learn from itself.
 */
export type ControlInput =
  | (TrainingSettings & {
      /** Also where it takes long. */
      readonly always: boolean;
    })
  | { readonly always?: undefined };

export function controlInput(project: Project, options: StageOptions): ControlInput {
  const settings = trainingSettings(project, options);
  const { control } = options;
  if (control === false || settings.mode !== 'retrain' || settings.solver === undefined) return {};
  return { ...settings, always: control === true };
}
