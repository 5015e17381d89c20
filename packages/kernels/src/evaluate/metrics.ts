import { AUTOMATIC_TOP, isLossLayer, type BlobVersion, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { elementCount } from '../graph/graph-builder.ts';
import { isDataLayer, layerTypeOf } from '../layers/registry.ts';
import type { RunOutput } from '../net/net-runner.ts';
import { averagePrecision, type ApVersion } from './average-precision.ts';

/** A number by which a TEST net is measured. */
export interface NetMetric {
  /** The top's id, for the automatic top of a loss its layer's name; of detections with ` mAP` behind it. */
  name: string;
  /** Id of the blob that it is made of. */
  blob: string;
  /** Which of two values is the better one; absent where the layer's type does not tell. */
  better?: 'higher' | 'lower';
  /** True for shares, 0 to 1, as accuracy. */
  isShare: boolean;
  /** A mean over the records, or the mean average precision of detections over all of them. */
  kind: 'mean' | 'average-precision';
}

/**
 * The metrics of a net: its tops that nothing reads, which Caffe prints of a TEST net, as far as they are scalars; and
 * the mean average precision of what DetectionEvaluate counts.
 */
export function netMetrics(graph: NetGraph): NetMetric[] {
  const read = new Set(graph.layers.flatMap((layer) => layer.bottoms.map(({ id }) => id)));
  const nameOf = metricNames(graph);
  return graph.layers
    .filter((layer) => !isDataLayer(layer))
    .flatMap((layer) =>
      layer.tops.flatMap((top, index) =>
        read.has(top.id) ? [] : [metricOf(layer, index, top.id, nameOf(layer, top))],
      ),
    );
}

/** No two blobs have the same name: an automatic top keeps its id where its layer's name is one already. */
function metricNames({ layers }: NetGraph): (layer: GraphLayer, top: BlobVersion) => string {
  const nameOf = (layer: GraphLayer, { id, name }: BlobVersion) => (name === AUTOMATIC_TOP ? layer.name : id);
  const all = layers.flatMap((layer) => layer.tops.map((top) => nameOf(layer, top)));
  return (layer, top) => {
    const name = nameOf(layer, top);
    return all.indexOf(name) === all.lastIndexOf(name) ? name : top.id;
  };
}

function metricOf({ type, param }: GraphLayer, index: number, id: string, name: string): NetMetric {
  const measures = layerTypeOf(type)?.measures;
  if (measures === 'detections') {
    return { name: `${name} mAP`, blob: id, better: 'higher', isShare: true, kind: 'average-precision' };
  }
  const mean = { name, blob: id, kind: 'mean' } as const;
  if (measures === 'share') return { ...mean, better: 'higher', isShare: true };
  const isLoss = (isLossLayer(type) && index === 0) || (param.loss_weight[index] ?? 0) > 0;
  return isLoss ? { ...mean, better: 'lower', isShare: false } : { ...mean, isShare: false };
}

/** True where `value` is better than `other`, or `other` is none. A value that is not finite is never better. */
export function isBetter({ better }: Pick<NetMetric, 'better'>, value: number, other: number | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (other === undefined || !Number.isFinite(other)) return true;
  return better === 'lower' ? value < other : value > other;
}

/** The metric by which models of a net are chosen: the first share, else the first whose direction is known. */
export function decidingMetric(metrics: readonly NetMetric[]): NetMetric | undefined {
  return metrics.find(({ isShare }) => isShare) ?? metrics.find(({ better }) => better !== undefined);
}

/** Adds up the metrics of a net batch by batch. */
export class MetricSums {
  readonly #metrics: readonly NetMetric[];
  readonly #version: ApVersion;
  readonly #sums = new Map<string, number>();
  readonly #rows = new Map<string, Float32Array[]>();
  #weight = 0;

  constructor(metrics: readonly NetMetric[], version: ApVersion = 'Integral') {
    this.#metrics = metrics;
    this.#version = version;
  }

  /** @param weight of this batch's means: its records, or 1 to count each batch alike. */
  add(blobs: ReadonlyMap<string, RunOutput>, weight: number): void {
    this.#weight += weight;
    for (const { name, blob, kind } of this.#metrics) {
      const { data, shape } = blobs.get(blob)!;
      if (kind === 'average-precision') this.#rows.set(name, [...(this.#rows.get(name) ?? []), data]);
      else if (elementCount(shape) === 1) this.#sums.set(name, (this.#sums.get(name) ?? 0) + data[0]! * weight);
    }
  }

  /** By name, in the net's order; tops that are not scalars have none. */
  values(): Record<string, number> {
    return Object.fromEntries(
      this.#metrics.flatMap(({ name, kind }): [string, number][] => {
        if (kind === 'average-precision') {
          return [[name, averagePrecision(this.#rows.get(name) ?? [], this.#version).mean]];
        }
        const sum = this.#sums.get(name);
        return sum === undefined ? [] : [[name, sum / this.#weight]];
      }),
    );
  }
}
