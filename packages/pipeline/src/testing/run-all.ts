import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectPlace } from '../project/project-place.ts';
import { RUN } from '../run-all.ts';
import type { StageName } from '../stage-declaration.ts';
import type { StageOptions } from '../stage-options.ts';
import { runIn } from './run-in.ts';

/**
 * Runs the stages of a project until one fails; what they said, and a reader of what they left.
 *
 * @param last the last stage that is to run; default: all
 */
export async function runAll(place: ProjectPlace, options: StageOptions = {}, last?: StageName) {
  let printed = '';
  const file = (name: string) => join(place.workspaceRoot, options.outDir ?? `dist/quantize/${place.name}`, name);
  const json = <T>(name: string) => JSON.parse(readFileSync(file(name), 'utf8')) as T;
  for (const stage of RUN) {
    const run = await runIn(place, stage, options);
    printed += `${run.printed}\n`;
    if (!run.success) return { success: false, failed: stage.name, errors: run.errors, printed, file, json };
    if (stage.name === last) break;
  }
  return { success: true, failed: undefined, errors: '', printed, file, json };
}
