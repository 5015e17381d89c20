import type { QuantPlan } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { modeOf } from '../../project/mode.ts';
import type { Project } from '../../project/project.ts';
import type { StageOptions } from '../../stage-options.ts';
import { calibrateInput } from '../calibrate/input.ts';
import { openNet, openTrained } from '../net-data.ts';
import { describeMemory, memoryNeeds } from '../run-memory.ts';

/** What the parts of a run will take of memory, a line each; or why that cannot be said, where the data are not at hand. */
export async function explainMemory(
  project: Project,
  options: StageOptions,
  plan: QuantPlan,
  memoryLimit: number,
): Promise<string> {
  const settings = calibrateInput(project, options, plan);
  try {
    const train = await openTrained(project, settings);
    try {
      const test = await openNet(project, settings, 'TEST');
      try {
        const run = { train, test, plan: settings.plan, mode: modeOf(options), solver: project.solver, memoryLimit };
        const lines = memoryNeeds(run).map(({ what, estimate }) => `${what}: about ${describeMemory(estimate)}\n`);
        return `peak memory, estimated:\n${lines.map((line) => `  ${line}`).join('')}`;
      } finally {
        await test.data.close();
      }
    } finally {
      await train.data.close();
    }
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return `peak memory: not estimated, ${error.diagnostics[0]?.message ?? 'the data cannot be opened'}\n`;
  }
}
