import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, formatRetrainJson } from '@caffe-quant/resolver';
import { batchNormWarnings, withFrozenBatchNorm } from '../project/batch-norm.ts';
import { readWeights } from '../project/read-weights.ts';
import { resolveProject } from '../project/resolve-project.ts';
import { calibrateInput, exportInput, trainInput } from '../stage-inputs.ts';
import type { Stage } from '../stage.ts';

/**
 * Resolves quant.cfg against the net and writes what each later stage needs to know, one file per stage, so that an edit
 * re-runs only what it touches. `plan.json` has the source of every value; `retrain_config.json` is AMCT's form of it.
 */
export const resolveStage: Stage = {
  name: 'resolve',
  async run({ project: load, options, out, warn }) {
    const project = await load();
    const { plan, diagnostics } = resolveProject(project, options, await readWeights(project));
    const trained = options.batchNorm === 'freeze' ? { ...project, net: withFrozenBatchNorm(project.net) } : project;
    warn(diagnostics);
    if (options.batchNorm !== 'freeze') warn(batchNormWarnings(project.train, project.solver.solver.max_iter!));
    const write = (name: string, text: string) => writeFile(join(out, name), text);
    await write('calibrate.json', canonicalJson(calibrateInput(trained, plan)));
    await write('train.json', canonicalJson(trainInput(trained, plan)));
    await write('export.json', canonicalJson(exportInput(project, plan)));
    await write('plan.json', canonicalJson(plan));
    await write('retrain_config.json', formatRetrainJson(plan));
  },
};
