/**
 * Layers that share their weights (`param { name: "w" }`) hold one blob, which can be fake-quantized in one way only:
 * all of them have to be quantized alike, or none.
 */
import { convolutionType, sharedParametersOf } from '@caffe-quant/caffe-io';
import type { NetGraph } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { LayerPlan } from './plan.ts';

type Use = ReturnType<typeof sharedParametersOf>[number]['uses'][number];

export function checkSharedWeights(graph: NetGraph, plans: readonly LayerPlan[]): Diagnostic[] {
  const planOf = new Map(plans.map((plan) => [plan.name, plan]));
  // Only the first parameter, the weights, is ever fake-quantized.
  const wayOf = ({ layer, index }: Use): string => (index === 0 ? weightWay(planOf.get(layer.name)) : 'not quantized');
  const diagnostics: Diagnostic[] = [];
  for (const { name, uses } of sharedParametersOf(graph)) {
    const [owner, ...others] = uses as [Use, ...Use[]];
    for (const use of others) {
      if (wayOf(use) === wayOf(owner)) continue;
      const [first, other] = [owner.layer, use.layer];
      const where = first.line === undefined ? '' : ` (line ${first.line})`;
      diagnostics.push({
        code: 'shared-weights-differ',
        severity: 'error',
        message:
          `its weights \`${name}\` are shared with \`${first.name}\`${where}, but it is ${wayOf(use)} ` +
          `and \`${first.name}\` is ${wayOf(owner)}; shared weights can be quantized in one way only`,
        file: graph.file,
        ...(other.line !== undefined && { line: other.line }),
        layer: other.name,
        hint: `give \`${first.name}\` and \`${other.name}\` the same weight settings, or add both to skip_layers`,
      });
    }
  }
  return diagnostics;
}

function weightWay(plan: LayerPlan | undefined): string {
  if (!plan?.quantized || !plan.weight) return 'not quantized';
  if (!plan.weight.channelWise) return 'quantized with one scale for the tensor';
  const axis = convolutionType(plan.type)?.channelAxis ?? 0;
  return `quantized with one scale per output channel (axis ${axis})`;
}
