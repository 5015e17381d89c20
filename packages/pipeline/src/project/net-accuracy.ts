import type { NetGraph } from '@caffe-quant/caffe-io';
import { computedOutputs, netMetrics, noiseMetric } from '@caffe-quant/kernels';
import type { KnownMetrics } from './accuracy-goal.ts';

/**
 * The metrics that a TEST net will be measured by, before it is: a limit of accuracy that names none of them is told at
 * once, and not after hours. What turns out to be no scalar may be among them.
 */
export function metricsOfNet(graph: NetGraph): KnownMetrics {
  const metrics = netMetrics(graph);
  const isMeasured = metrics.some(({ better }) => better !== undefined);
  const ratios = isMeasured ? [] : computedOutputs(graph).map(({ id }) => noiseMetric(id));
  return {
    names: [...metrics.map(({ name }) => name), ...ratios],
    accuracyMetrics: metrics.filter(({ isShare }) => isShare).map(({ name }) => name),
    better: Object.fromEntries([
      ...metrics.flatMap(({ name, better }) => (better ? [[name, better] as const] : [])),
      ...ratios.map((name) => [name, 'higher'] as const),
    ]),
  };
}
