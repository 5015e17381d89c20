import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, formatRetrainJson } from '@caffe-quant/resolver';
import { batchNormWarnings, frozenAfter } from '../../project/batch-norm.ts';
import { readWeights } from '../../project/read-weights.ts';
import { resolveProject } from '../../project/resolve-project.ts';
import { calibrateInput } from '../calibrate/input.ts';
import { controlInput } from '../control/input.ts';
import { exportInput } from '../export/input.ts';
import { trainInput } from '../train/input.ts';
import type { Stage } from '../../stage.ts';

/**
 * Resolves quant.cfg against the net and writes what each later stage needs to know, one file per stage, so that an edit
 * re-runs only what it touches. `plan.json` has the source of every value; `retrain_config.json` is AMCT's form of it.
 */
export const resolveStage: Stage = {
  name: 'resolve',
  async run({ project: load, options, out, warn }) {
    const project = await load();
    const { plan, diagnostics } = resolveProject(project, options, await readWeights(project));
    warn(diagnostics);
    const iterations = Math.min(project.solver?.solver.max_iter ?? 0, frozenAfter(options) ?? Infinity);
    if (project.train.phase === 'TRAIN' && iterations > 0) warn(batchNormWarnings(project.train, iterations));
    const write = (name: string, text: string) => writeFile(join(out, name), text);
    await write('calibrate.json', canonicalJson(calibrateInput(project, options, plan)));
    await write('train.json', canonicalJson(trainInput(project, options, plan)));
    await write('control.json', canonicalJson(controlInput(project, options)));
    await write('export.json', canonicalJson(exportInput(project, options, plan)));
    await write('plan.json', canonicalJson(plan));
    await write('retrain_config.json', formatRetrainJson(plan));
  },
};
