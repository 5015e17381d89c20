import type { NetGraph } from '@caffe-quant/caffe-io';
import { computedOutputs } from '../net/computed-outputs.ts';
import { decidingMetric, isBetter, netMetrics, type NetMetric } from './metrics.ts';
import { noiseMetric } from './output-noise.ts';

/** By what models of a net are told apart, the better from the worse. */
export class Judge {
  /** Of the figure that decides. */
  readonly name: string;
  /** Whether the outputs have to be held against those of the float net. */
  readonly needsReference: boolean;
  readonly #better: Pick<NetMetric, 'better'>;
  /** The metrics that the figure is the mean of. */
  readonly #metrics: readonly string[];

  private constructor(name: string, metrics: readonly string[], better: 'higher' | 'lower', needsReference: boolean) {
    this.name = name;
    this.#metrics = metrics;
    this.#better = { better };
    this.needsReference = needsReference;
  }

  /**
   * The net's first accuracy, else its first loss. Of a net with neither the mean over the outputs of their signal-to-noise
   * ratios, in dB.
   *
   * @param graph the TEST net
   * @returns undefined where the net has no outputs either
   */
  static of(graph: NetGraph): Judge | undefined {
    const metric = decidingMetric(netMetrics(graph));
    if (metric) return new Judge(metric.name, [metric.name], metric.better!, false);
    const ratios = computedOutputs(graph).map(({ id }) => noiseMetric(id));
    const [first, ...others] = ratios;
    if (first === undefined) return undefined;
    return new Judge(others.length === 0 ? first : 'mean SQNR dB', ratios, 'higher', true);
  }

  /** @returns the figure, not finite or undefined where the metrics do not give it */
  figure(metrics: Readonly<Record<string, number>>): number | undefined {
    const values = this.#metrics.map((name) => metrics[name]);
    if (values.some((value) => value === undefined)) return undefined;
    return (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
  }

  /** True where `figure` is better than `other`, or `other` is none. What is not finite is never better. */
  prefers(figure: number, other: number | undefined): boolean {
    return isBetter(this.#better, figure, other);
  }
}
