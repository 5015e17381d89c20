import type { ProjectPlace } from '../project/project-place.ts';
import { runStage } from '../run-stage.ts';
import type { StageOptions } from '../stage-options.ts';
import type { Stage } from '../stage.ts';

/** What a run of a stage said and whether it succeeded. */
export interface StageRun {
  readonly success: boolean;
  readonly printed: string;
  readonly errors: string;
}

export async function runIn(
  place: ProjectPlace,
  stage: Stage,
  options: StageOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<StageRun> {
  const printed: string[] = [];
  const errors: string[] = [];
  const success = await runStage(stage, {
    place,
    options,
    host: { signal, print: (text) => printed.push(text), printError: (text) => errors.push(text) },
  });
  return { success, printed: printed.join('\n'), errors: errors.join('\n') };
}
