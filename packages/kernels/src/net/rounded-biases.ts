import { type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import { channelAffine } from '../graph/channel-affine.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { scale as scaleType } from '../layers/arithmetic/scale.ts';
import type { Lowered } from '../layers/layer.ts';
import { batchNorm as batchNormType, globalAffine, onGlobalStatistics } from '../layers/normalization/batch-norm.ts';
import type { ArqValues } from '../quantizers/arq.ts';
import { type ChannelMap, foldedBiasError, roundedBias } from '../quantizers/int32-bias.ts';
import { type BatchNormFold, batchNormFold, layersOfFold, readersOf } from './batch-norm-fold.ts';

/** A quantized layer as the forward pass has it. */
export interface QuantizedForward {
  layer: GraphLayer;
  /** scale_d of its input, a scalar. */
  scaleIn: Value;
  weights: ArqValues;
  channelAxis: number;
  bias: Value | undefined;
}

/** A quantized layer whose fold the forward pass is in. */
interface OpenFold extends QuantizedForward {
  fold: BatchNormFold;
  /** Values of the parameters of the fold's layers so far. */
  params: Map<GraphLayer, readonly Value[]>;
}

/**
 * Rounds the biases of quantized layers in a forward pass. Where BatchNorm will be folded into a layer, it is the folded bias that
 * is rounded, so its error is added where the fold ends. Statistics of a batch are not folded: there, in training with a
 * BatchNorm that follows its batches, the bias stays float.
 */
export class RoundedBiases {
  readonly #g: GraphBuilder;
  readonly #graph: NetGraph;
  readonly #open = new Map<GraphLayer, OpenFold>();

  constructor(g: GraphBuilder, graph: NetGraph) {
    this.#g = g;
    this.#graph = graph;
  }

  /** The bias that a quantized layer adds. */
  biasOf(quantized: QuantizedForward): Value | undefined {
    const { layer, scaleIn, weights, bias } = quantized;
    const fold = this.#foldOf(layer);
    if (!fold) return bias && roundedBias(this.#g, bias, scaleIn, weights);
    const settings = settingsOf(batchNormType, fold.batchNorm.param);
    if (onGlobalStatistics(settings, fold.batchNorm.param.phase ?? this.#graph.phase)) {
      const open: OpenFold = { ...quantized, fold, params: new Map() };
      for (const each of layersOfFold(fold)) this.#open.set(each, open);
    }
    return bias;
  }

  /** A layer as lowered, with the error of the bias in its top where it ends a fold. */
  after(layer: GraphLayer, params: readonly Value[], lowered: Lowered): Lowered {
    const open = this.#open.get(layer);
    if (!open) return lowered;
    open.params.set(layer, params);
    if (layer !== layersOfFold(open.fold).at(-1)) return lowered;
    const { bias, scaleIn, weights, channelAxis } = open;
    const error = foldedBiasError(this.#g, this.#mapOf(open), bias, scaleIn, weights, channelAxis);
    return { ...lowered, tops: [channelAffine(this.#g, lowered.tops[0]!, undefined, error)] };
  }

  #foldOf(layer: GraphLayer): BatchNormFold | undefined {
    const batchNorm = readersOf(this.#graph, layer).find(({ type }) => type === 'BatchNorm');
    const fold = batchNorm && batchNormFold(this.#graph, layer, batchNorm);
    return typeof fold === 'string' ? undefined : fold;
  }

  #mapOf({ fold: { batchNorm, scale, bias }, params }: OpenFold): ChannelMap {
    const g = this.#g;
    const normalized = globalAffine(g, settingsOf(batchNormType, batchNorm.param), params.get(batchNorm)!);
    const [gamma, beta] = scale ? params.get(scale)! : [];
    const factor = gamma ? ops.mul(g, normalized.scale, gamma) : normalized.scale;
    const hasBeta = scale && settingsOf(scaleType, scale.param).bias;
    const added = [...(hasBeta ? [beta!] : []), ...(bias ? [params.get(bias)![0]!] : [])];
    return { factor, offset: ops.sum(g, [ops.mul(g, factor, normalized.shift), ...added]) };
  }
}
