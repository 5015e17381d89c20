import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explainLayer, explainPlan, type QuantPlan } from '@caffe-quant/resolver';
import { DiagnosticsError, nearest } from 'caffe-prototxt-parser';
import { readWeights } from '../../project/read-weights.ts';
import { resolveProject } from '../../project/resolve-project.ts';
import type { Stage } from '../../stage.ts';
import { explainMemory } from './explain-memory.ts';

/**
 * Prints what quant.cfg makes of every layer and why, or with the option `layer` the whole story of one; with `json` the
 * plan, or that layer's entry of it, for tools.
 */
export const explainStage: Stage = {
  name: 'explain',
  async run({ project: load, options, out, memoryLimit, print, warn }) {
    const project = await load();
    const weights = existsSync(project.weights.path) ? await readWeights(project) : undefined;
    const { plan, diagnostics } = resolveProject(project, options, weights);
    warn(diagnostics);
    const { layer, json = false } = options;
    const text = json
      ? jsonOf(plan, layer)
      : layer === undefined
        ? `${explainPlan(plan)}\n${await explainMemory(project, options, plan, memoryLimit)}`
        : explainLayer(plan, layer);
    if (text === undefined) {
      const near = nearest(
        layer ?? '',
        plan.layers.map(({ name }) => name),
      );
      throw new DiagnosticsError([
        {
          code: 'unknown-layer',
          severity: 'error',
          message: `the net has no layer '${layer}'`,
          file: project.netFiles.TEST.shown,
          ...(near !== undefined && { hint: `did you mean '${near}'?` }),
        },
      ]);
    }
    print(text);
    await writeFile(join(out, json ? 'explain.json' : 'explain.txt'), text);
  },
};

function jsonOf(plan: QuantPlan, layer: string | undefined): string | undefined {
  const shown = layer === undefined ? plan : plan.layers.find(({ name }) => name === layer);
  return shown && `${JSON.stringify(shown, undefined, 2)}\n`;
}
