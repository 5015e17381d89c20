import { consumersOf, settingsOf, sharedParametersOf, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { dropout } from '../layers/activation/dropout.ts';
import { prelu } from '../layers/activation/prelu.ts';
import { relu } from '../layers/activation/relu.ts';
import { scale } from '../layers/arithmetic/scale.ts';
import { innerProduct } from '../layers/inner-product/inner-product.ts';
import { batchNorm, onGlobalStatistics } from '../layers/normalization/batch-norm.ts';
import { pooling } from '../layers/pooling/pooling.ts';
import { convolutionOfType, isDataLayer } from '../layers/registry.ts';
import { flatten } from '../layers/shape/flatten.ts';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';

/** Two quantized layers between which each channel can be scaled without a change of what the net computes. */
export interface ChannelPair {
  /** Makes the channels. */
  readonly first: string;
  /** The BatchNorm behind it. */
  readonly batchNorm?: string;
  /** The Scale behind that, or behind `first`, which takes the factors in the place of `first`. */
  readonly scale?: string;
  /** Reads them. */
  readonly second: string;
}

/** A quantized layer, and the BatchNorm behind it that takes any factor of its channels back. */
export interface NormalizedLayer {
  readonly layer: string;
  readonly batchNorm: string;
}

export interface LeftOut {
  readonly layer: string;
  /** Why, in words. */
  readonly reason: string;
}

export interface FoundPairs {
  readonly pairs: readonly ChannelPair[];
  readonly normalized: readonly NormalizedLayer[];
  /** Layers whose inputs are not equalized, but those that read the data. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Finds where channels can be scaled exactly. Between two layers f(s x) = s f(x) has to hold for s > 0, channel by
 * channel: of ReLU, PReLU, a maximum or a mean of positions, Dropout and the layout of InnerProduct's input. Everything in
 * between is read by one layer. Where a BatchNorm and a Scale stand behind the first layer it is Scale that takes the
 * factor, which is exact whichever statistics BatchNorm is on.
 *
 * Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, section 4.1.
 */
export function findChannelPairs(graph: NetGraph, plan: CanonicalPlan): FoundPairs {
  const search = new PairSearch(graph, plan);
  const pairs: ChannelPair[] = [];
  const leftOut: LeftOut[] = [];
  for (const { name } of plan.layers) {
    const layer = graph.layers.find((each) => each.name === name);
    if (!layer || !hasEqualWeights(layer)) continue;
    const found = search.before(layer);
    if (typeof found !== 'string') pairs.push(found);
    else if (found !== FROM_DATA) leftOut.push({ layer: name, reason: found });
  }
  return { pairs, normalized: search.normalized(), leftOut };
}

const FROM_DATA = 'its input is data';

/** Whether a layer's weights are those that are equalized. */
const hasEqualWeights = ({ type }: GraphLayer): boolean =>
  type === innerProduct.type || convolutionOfType(type) !== undefined;

class PairSearch {
  readonly #graph: NetGraph;
  readonly #plan: CanonicalPlan;
  /** Names of layers that share a parameter. */
  readonly #sharing: ReadonlySet<string>;

  constructor(graph: NetGraph, plan: CanonicalPlan) {
    this.#graph = graph;
    this.#plan = plan;
    this.#sharing = new Set(sharedParametersOf(graph).flatMap(({ uses }) => uses.map(({ layer }) => layer.name)));
  }

  /** The pair whose second layer this is, or why there is none. */
  before(second: GraphLayer): ChannelPair | string {
    const own = this.#unfit(second);
    if (own !== undefined) return own;
    let blob = second.bottoms[0]!;
    let reader = second;
    for (;;) {
      const producer = this.#graph.layers[blob.producer ?? -1];
      if (!producer || isDataLayer(producer)) return FROM_DATA;
      const range = this.#givenRange(reader);
      if (range !== undefined) return range;
      const readers = consumersOf(this.#graph, blob).filter((each) => each !== reader);
      if (readers.length > 0) {
        return `'${blob.name}' before it is read by ${readers.map(shown).join(' and ')} as well`;
      }
      if (hasEqualWeights(producer)) return this.#pair(producer, second);
      if (producer.type === scale.type) return this.#pairOfScale(producer, second);
      const stops = whyItStops(producer, second);
      if (stops !== undefined) return stops;
      [reader, blob] = [producer, producer.bottoms[0]!];
    }
  }

  #pair(first: GraphLayer, second: GraphLayer, between: Pick<ChannelPair, 'batchNorm' | 'scale'> = {}) {
    if (!this.#isQuantized(first)) return `${shown(first)} before it stays float`;
    return this.#unfit(first) ?? { first: first.name, ...between, second: second.name };
  }

  #pairOfScale(layer: GraphLayer, second: GraphLayer): ChannelPair | string {
    if (this.#sharing.has(layer.name)) return `${shown(layer)} before it shares its parameters`;
    const { axes } = settingsOf(scale, layer.param);
    if (layer.bottoms.length !== 1 || axes.axis !== 1 || axes.numAxes !== 1) {
      return `${shown(layer)} before it has not one factor a channel`;
    }
    const behind = this.#onlyProducer(layer);
    if (typeof behind === 'string') return behind;
    if (hasEqualWeights(behind)) return this.#pair(behind, second, { scale: layer.name });
    if (behind.type !== batchNorm.type) return `${shown(layer)} before it is not behind a layer with weights`;
    const first = this.#onlyProducer(behind);
    if (typeof first === 'string') return first;
    if (!hasEqualWeights(first)) return `${shown(behind)} before it is not behind a layer with weights`;
    return this.#pair(first, second, { batchNorm: behind.name, scale: layer.name });
  }

  /** The layer that makes a layer's only bottom, where no other layer reads that. */
  #onlyProducer(layer: GraphLayer): GraphLayer | string {
    const blob = layer.bottoms[0]!;
    const producer = this.#graph.layers[blob.producer ?? -1];
    if (!producer) return FROM_DATA;
    const readers = consumersOf(this.#graph, blob).filter((each) => each !== layer);
    return readers.length === 0
      ? producer
      : `'${blob.name}' before it is read by ${readers.map(shown).join(' and ')} as well`;
  }

  /** Quantized layers with one scale for all weights and a BatchNorm on its own statistics behind them. */
  normalized(): NormalizedLayer[] {
    return this.#plan.layers.flatMap(({ name, channelWise }): NormalizedLayer[] => {
      const layer = this.#graph.layers.find((each) => each.name === name);
      if (!layer || channelWise !== false || !convolutionOfType(layer.type) || this.#unfit(layer) !== undefined)
        return [];
      const [reader, ...others] = consumersOf(this.#graph, layer.tops[0]!);
      if (reader?.type !== batchNorm.type || others.length > 0 || this.#sharing.has(reader.name)) return [];
      const phase = reader.param.phase ?? this.#graph.phase;
      return onGlobalStatistics(settingsOf(batchNorm, reader.param), phase)
        ? [{ layer: name, batchNorm: reader.name }]
        : [];
    });
  }

  /** What keeps the weights of a layer from being scaled. */
  #unfit(layer: GraphLayer): string | undefined {
    if (this.#sharing.has(layer.name)) return `${shown(layer)} shares its weights with another layer`;
    if (layer.bottoms.length !== 1 || layer.tops.length !== 1) return `${shown(layer)} has several inputs`;
    if (layer.type === innerProduct.type) {
      const { axis, hasUnitRows } = settingsOf(innerProduct, layer.param);
      if (hasUnitRows) return `${shown(layer)} normalizes its weights`;
      return axis === 1 ? undefined : `${shown(layer)} begins at axis ${axis}, not at that of the channels`;
    }
    const { axis } = settingsOf(convolutionOfType(layer.type)!, layer.param);
    return axis === 1 ? undefined : `${shown(layer)} has its channels on axis ${axis}`;
  }

  /** A range of the config suits the input as it is, not as it would become. */
  #givenRange({ name }: GraphLayer): string | undefined {
    const quantizer = this.#plan.layers.find((layer) => layer.name === name)?.quantizer;
    const isGiven = this.#plan.quantizers.some((each) => each.name === quantizer && each.clip !== undefined);
    return isGiven ? `quant.cfg gives the range of the input of "${name}"` : undefined;
  }

  #isQuantized = ({ name }: GraphLayer): boolean => this.#plan.layers.some((layer) => layer.name === name);
}

/** Why factors do not pass a layer on their way to `second`; undefined where they do. */
function whyItStops(layer: GraphLayer, second: GraphLayer): string | undefined {
  const { type, param, bottoms, tops } = layer;
  const stops = (why: string) => `${shown(layer)} before it ${why}`;
  if (bottoms.length !== 1 || tops.length !== 1) return stops('joins or splits channels');
  switch (type) {
    case relu.type:
      return settingsOf(relu, param).endsAtSix ? stops('ends at 6') : undefined;
    case pooling.type:
      return settingsOf(pooling, param).method === 'STOCHASTIC' ? stops('draws its positions') : undefined;
    case flatten.type:
      return second.type === innerProduct.type && isWhole(layer) ? undefined : stops('lays channels out anew');
    case prelu.type:
    case dropout.type:
      return undefined;
    case batchNorm.type:
      return stops('has no Scale behind it that could take a factor');
    default:
      return stops('does not let a factor through');
  }
}

/** Whether a Flatten keeps the first axis alone, as InnerProduct does itself. */
function isWhole({ param }: GraphLayer): boolean {
  const { firstAxis, lastAxis } = settingsOf(flatten, param);
  return firstAxis === 1 && lastAxis === -1;
}

const shown = ({ type, name }: GraphLayer): string => `${type} "${name}"`;
