/**
 * Layers that share their weights (`param { name: "w" }`) hold one blob, which can be fake-quantized in one way only:
 * all of them have to be quantized alike, or none.
 */
import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { LayerPlan } from './plan.ts';

export function checkSharedWeights(graph: NetGraph, plans: readonly LayerPlan[]): Diagnostic[] {
  const planOf = new Map(plans.map((plan) => [plan.name, plan]));
  const diagnostics: Diagnostic[] = [];
  for (const [param, sharers] of sharersOf(graph)) {
    const [first, ...others] = sharers as [GraphLayer, ...GraphLayer[]];
    const firstWay = weightWay(planOf.get(first.name));
    for (const other of others) {
      const way = weightWay(planOf.get(other.name));
      if (way === firstWay) continue;
      diagnostics.push({
        code: 'shared-weights-differ',
        severity: 'error',
        message:
          `its weights \`${param}\` are shared with \`${first.name}\`${first.line === undefined ? '' : ` (line ${first.line})`}, ` +
          `but it is ${way} and \`${first.name}\` is ${firstWay}; shared weights can be quantized in one way only`,
        file: graph.file,
        ...(other.line !== undefined && { line: other.line }),
        layer: other.name,
        hint: `give \`${first.name}\` and \`${other.name}\` the same weight settings, or add both to skip_layers`,
      });
    }
  }
  return diagnostics;
}

/** Layers by the name of their first parameter, the weights; a shared bias is never fake-quantized. */
function sharersOf(graph: NetGraph): Map<string, GraphLayer[]> {
  const byParam = new Map<string, GraphLayer[]>();
  for (const layer of graph.layers) {
    const name = layer.param.param[0]?.name;
    if (!name) continue;
    const sharers = byParam.get(name);
    if (sharers) sharers.push(layer);
    else byParam.set(name, [layer]);
  }
  return byParam;
}

function weightWay(plan: LayerPlan | undefined): string {
  if (!plan?.quantized || !plan.weight) return 'not quantized';
  if (!plan.weight.channelWise) return 'quantized with one scale for the tensor';
  return plan.type === 'Deconvolution'
    ? 'quantized with one scale per output channel (axis 1)'
    : 'quantized with one scale per output channel (axis 0)';
}
