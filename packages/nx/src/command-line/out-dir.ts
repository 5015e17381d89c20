import type { StageOptions } from '@caffe-quant/pipeline/graph-time';
import type { Diagnostic } from 'caffe-prototxt-parser';

/**
 * The one option that a command line cannot say: Nx caches the folder of each stage by the stage's own options, and hands
 * an option of the command line to the tasks that are asked for alone.
 *
 * @param place file of the project's options, from the workspace root
 */
export function outDirOnCommandLine({ outDir }: StageOptions, place = 'workspace.json or project.json'): Diagnostic[] {
  if (outDir === undefined) return [];
  const message = "--outDir cannot be given on the command line: Nx would cache the stages' other folders";
  const line = `"quantize-retrain": { "configurations": { "other": { "outDir": ${JSON.stringify(outDir)} } } }`;
  const hint = `write a configuration into ${place}, ${line}, and run quantize-retrain:other`;
  return [{ code: 'out-dir', severity: 'error', message, hint }];
}
