/**
 * Layers that share their weights (`param { name: "w" }`) hold one blob, which can be fake-quantized in one way only:
 * all of them have to be quantized alike, or none.
 */
import { sharedParametersOf } from '@caffe-quant/caffe-io';
import type { NetGraph } from '@caffe-quant/caffe-io';
import { channelAxisOf } from '@caffe-quant/kernels/layer-types';
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
        hint: wayOut([owner, use], planOf),
      });
    }
  }
  return diagnostics;
}

/** What cannot be quantized cannot be skipped either. */
function wayOut(uses: readonly Use[], planOf: ReadonlyMap<string, LayerPlan>): string {
  const all = uses.map(({ layer }) => ({ name: `\`${layer.name}\``, plan: planOf.get(layer.name) }));
  const fixed = all.find(({ plan }) => plan?.quantizable === false);
  const names = all.filter((each) => each !== fixed).map(({ name }) => name);
  if (!fixed?.plan) return `give ${names.join(' and ')} the same weight settings, or add both to skip_layers`;
  const reason = fixed.plan.reason === undefined ? '' : ` (${fixed.plan.reason})`;
  return `${fixed.name} cannot be quantized${reason}: add ${names.join(' and ')} to skip_layers`;
}

function weightWay(plan: LayerPlan | undefined): string {
  if (!plan?.quantized || !plan.weight) return 'not quantized';
  if (!plan.weight.channelWise) return 'quantized with one scale for the tensor';
  const axis = channelAxisOf(plan.type);
  return `quantized with one scale per output channel (axis ${axis})`;
}
