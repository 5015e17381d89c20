import { stripVTControlCharacters } from 'node:util';

/** The stages of the main job. Nx runs those that wait for the same ones in any order. */
export const ALL_STAGES: readonly string[] = [
  'fingerprint',
  'resolve',
  'calibrate',
  'train',
  'control',
  'export',
  'evaluate',
  'report',
  'retrain',
];

/**
 * What an Nx command says of the stages that ran and of those whose results came from its cache, in the order of `ALL_STAGES`;
 * of all projects, or of one.
 */
export function stagesOf(output: string, project?: string): { ran: string[]; cached: string[] } {
  const tasks = [...stripVTControlCharacters(output).matchAll(/^> nx run (\S+?):quantize-(\w+).*?(\[.*cache\])?$/gm)];
  const stages = (isCached: boolean) =>
    tasks
      .filter(([, of, , cache]) => (project === undefined || of === project) && (cache !== undefined) === isCached)
      .map(([, , stage = '']) => stage)
      .sort((a, b) => ALL_STAGES.indexOf(a) - ALL_STAGES.indexOf(b));
  return { ran: stages(false), cached: stages(true) };
}
