import { consumersOf, type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import {
  batchNorm as batchNormType,
  bias as biasType,
  convolutionOfType,
  type OperandAxes,
  scale as scaleType,
} from '@caffe-quant/kernels/layer-types';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';

/** What is folded into a quantized layer, in the order in which it stands behind it. */
export interface BatchNormFold {
  batchNorm: GraphLayer;
  scale?: GraphLayer;
  bias?: GraphLayer;
}

/** The layers of a fold, in net order. */
export const layersOf = ({ batchNorm, scale, bias }: BatchNormFold): GraphLayer[] =>
  [batchNorm, scale, bias].filter((layer) => layer !== undefined);

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
      const reason = notFoldable(graph, layer, batchNorm);
      if (reason !== undefined) {
        notes.push(staysFloat(graph, layer, batchNorm, reason));
        continue;
      }
      const scale = foldableScale(graph, batchNorm);
      const bias = foldableBias(graph, scale ?? batchNorm);
      folds.set(layer.name, { batchNorm, ...(scale && { scale }), ...(bias && { bias }) });
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

const readersOf = (graph: NetGraph, { tops }: GraphLayer): GraphLayer[] => [
  ...new Set(tops.flatMap((top) => consumersOf(graph, top))),
];

/** What keeps a BatchNorm from being folded into the layer before it. */
function notFoldable(graph: NetGraph, layer: GraphLayer, batchNorm: GraphLayer): string | undefined {
  if (layer.type === 'InnerProduct')
    return 'InnerProduct has one scale_w, and BatchNorm would give each output its own';
  const convolution = convolutionOfType(layer.type);
  if (!convolution) return `${layer.type} has no weights to fold it into`;
  if (convolution.channelAxis === 1 && (settingsOf(convolution, layer.param).group ?? 1) !== 1) {
    return 'the weights of a Deconvolution with groups do not have an axis of all its outputs';
  }
  if (layer.tops.length !== 1) return `it has ${layer.tops.length} outputs`;
  return readByOthers(graph, layer, batchNorm);
}

/** A Scale behind BatchNorm with one factor per channel; another one stays as it is. */
function foldableScale(graph: NetGraph, batchNorm: GraphLayer): GraphLayer | undefined {
  const readers = readersOf(graph, batchNorm);
  const [scale] = readers;
  if (readers.length !== 1 || scale?.type !== 'Scale' || scale.bottoms.length !== 1) return undefined;
  return isChannelAxis(settingsOf(scaleType, scale.param).axes) ? scale : undefined;
}

/** A Bias behind the fold; one that cannot be folded stays as it is. */
function foldableBias(graph: NetGraph, last: GraphLayer): GraphLayer | undefined {
  const readers = readersOf(graph, last);
  const [bias] = readers;
  if (readers.length !== 1 || bias?.type !== 'Bias' || bias.bottoms.length !== 1) return undefined;
  return isChannelAxis(settingsOf(biasType, bias.param).axes) ? bias : undefined;
}

/** Axis 1 of [N, C, H, W] and no other; quantized convolutions have no other shape. */
const isChannelAxis = ({ axis, numAxes }: OperandAxes): boolean => (axis === 1 || axis === -3) && numAxes === 1;

function readByOthers(graph: NetGraph, producer: GraphLayer, reader: GraphLayer): string | undefined {
  const other = readersOf(graph, producer).find((each) => each !== reader);
  return other && `the output of "${producer.name}" is read by ${other.type} "${other.name}" as well`;
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
