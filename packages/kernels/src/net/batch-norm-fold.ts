import { consumersOf, type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import type { OperandAxes } from '../layers/arithmetic/broadcast-axes.ts';
import { bias as biasType } from '../layers/arithmetic/bias.ts';
import { scale as scaleType } from '../layers/arithmetic/scale.ts';
import { convolutionOfType } from '../layers/registry.ts';

/** What is folded into a quantized layer, in the order in which it stands behind it. */
export interface BatchNormFold {
  batchNorm: GraphLayer;
  scale?: GraphLayer;
  bias?: GraphLayer;
}

/** The layers of a fold, in net order. */
export const layersOfFold = ({ batchNorm, scale, bias }: BatchNormFold): GraphLayer[] =>
  [batchNorm, scale, bias].filter((layer) => layer !== undefined);

/** The layers that read a layer's tops. */
export const readersOf = (graph: NetGraph, { tops }: GraphLayer): GraphLayer[] => [
  ...new Set(tops.flatMap((top) => consumersOf(graph, top))),
];

/**
 * What goes into a layer with its BatchNorm where that is exact: the BatchNorm, and the Scale and the Bias behind it where they
 * have one number for each channel and nobody reads what is between.
 *
 * @returns the fold, or what keeps the BatchNorm from being folded
 */
export function batchNormFold(graph: NetGraph, layer: GraphLayer, batchNorm: GraphLayer): BatchNormFold | string {
  const reason = notFoldable(graph, layer, batchNorm);
  if (reason !== undefined) return reason;
  const scale = foldableScale(graph, batchNorm);
  const bias = foldableBias(graph, scale ?? batchNorm);
  return { batchNorm, ...(scale && { scale }), ...(bias && { bias }) };
}

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
