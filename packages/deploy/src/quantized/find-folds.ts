import { type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import {
  batchNorm as batchNormType,
  type BatchNormFold,
  batchNormFold,
  readersOf,
} from '@caffe-quant/kernels/layer-types';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';

export interface FoundFolds {
  /** By the quantized layer's name. */
  folds: ReadonlyMap<string, BatchNormFold>;
  /** Of BatchNorm layers behind quantized layers that stay float layers in the deployed models, for information. */
  notes: readonly Diagnostic[];
}

/**
 * The BatchNorm layers, each with the Scale and Bias behind it, that go into the quantized layers before them. One that
 * cannot be folded exactly (another layer reads the blob between, as in nets that normalize before they activate) stays a
 * float layer on its global statistics, as training had it, and so does a Scale that has not one factor per channel. Asked
 * before shapes and weights are known, so that the message is this one whatever else is wrong.
 *
 * @param graph the inference net.
 * @throws DiagnosticsError with every quantized layer that feeds a BatchNorm on the statistics of the batch, which a
 * deployed net does not have.
 */
export function findFolds(graph: NetGraph, plan: CanonicalPlan): FoundFolds {
  const quantized = new Set(plan.layers.map(({ name }) => name));
  const folds = new Map<string, BatchNormFold>();
  const problems: Diagnostic[] = [];
  const notes: Diagnostic[] = [];
  for (const layer of graph.layers) {
    if (!quantized.has(layer.name)) continue;
    for (const batchNorm of readersOf(graph, layer).filter(({ type }) => type === 'BatchNorm')) {
      if (settingsOf(batchNormType, batchNorm.param).usesGlobalStatistics === false) {
        problems.push(
          refusal(graph, layer, batchNorm, 'it takes its statistics from the batch (use_global_stats: false)'),
        );
        continue;
      }
      const fold = batchNormFold(graph, layer, batchNorm);
      if (typeof fold === 'string') notes.push(staysFloat(graph, layer, batchNorm, fold));
      else folds.set(layer.name, fold);
    }
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return { folds, notes };
}

/**
 * A deploy prototxt that was given has the BatchNorm layers that training had: without them the export would leave out what
 * they do.
 *
 * @param trained the trained net in its TEST phase.
 * @throws DiagnosticsError with every quantized layer that has lost one.
 */
export function checkFoldsKept(trained: NetGraph, deployed: NetGraph, plan: CanonicalPlan): void {
  const quantized = new Set(plan.layers.map(({ name }) => name));
  const kept = new Map(deployed.layers.map((layer) => [layer.name, layer]));
  const problems = trained.layers.flatMap((layer): Diagnostic[] => {
    const own = quantized.has(layer.name) && kept.get(layer.name);
    if (!own || readersOf(deployed, own).some(({ type }) => type === 'BatchNorm')) return [];
    const lost = readersOf(trained, layer).find(({ type }) => type === 'BatchNorm');
    if (!lost) return [];
    const reason = `it is not behind it in the deploy prototxt`;
    return [{ ...refusal(deployed, own, lost, reason), hint: 'give the deploy prototxt the layers that were trained' }];
  });
  if (problems.length > 0) throw new DiagnosticsError(problems);
}

function refusal(graph: NetGraph, layer: GraphLayer, batchNorm: GraphLayer, reason: string): Diagnostic {
  const message = `${layer.type} "${layer.name}" is quantized, but BatchNorm "${batchNorm.name}" behind it cannot be folded into it: ${reason}`;
  return {
    code: 'batch-norm',
    severity: 'error',
    message,
    ...placeOf(graph, layer),
    hint: `skip "${layer.name}" in quant.cfg`,
  };
}

function staysFloat(graph: NetGraph, layer: GraphLayer, batchNorm: GraphLayer, reason: string): Diagnostic {
  const message = `BatchNorm "${batchNorm.name}" behind the quantized ${layer.type} "${layer.name}" stays a float layer in the deployed models: ${reason}`;
  return { code: 'batch-norm-float', severity: 'info', message, ...placeOf(graph, batchNorm) };
}

const placeOf = ({ file }: NetGraph, { name, line }: GraphLayer) => ({
  file,
  ...(line === undefined ? {} : { line }),
  layer: name,
});
