import {
  type Blob,
  describeNotFinite,
  findNotFinite,
  type GraphLayer,
  type NetGraph,
  settingsOf,
} from '@caffe-quant/caffe-io';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import { batchNorm, onGlobalStatistics } from '../layers/normalization/batch-norm.ts';

/** The blobs of layers by their names, with the shapes that they have in the net. */
export type FittedBlobs = ReadonlyMap<
  string,
  readonly { readonly shape: readonly number[]; readonly data: Blob['data'] }[]
>;

/**
 * Looks at every weight once: no NaN, no infinity, and of BatchNorm, where it uses its statistics, none that make it divide
 * by 0 or take the root of a negative number.
 *
 * @param weightsFile that the blobs are from
 * @throws DiagnosticsError with every layer that has a weight with which nothing can be computed
 */
export function checkWeights(graph: NetGraph, blobs: FittedBlobs, weightsFile: string): void {
  const problems = graph.layers.flatMap((layer) => {
    const own = blobs.get(layer.name) ?? [];
    const messages = own.flatMap(({ data, shape }, index) => {
      const broken = findNotFinite(data);
      return broken ? [`of blob ${index} ([${shape.join(', ')}]) ${describeNotFinite(broken, shape)}`] : [];
    });
    const statistics = messages.length === 0 && varianceProblem(layer, graph, own);
    return [...messages, ...(statistics ? [statistics] : [])].map((message) => ({
      ...at(layer, graph),
      ...{ code: 'weights-not-finite', severity: 'error' as const },
      message: `${message}, in ${weightsFile}`,
      hint: 'take the weights of an earlier snapshot: those of a training that has diverged are lost',
    }));
  });
  if (problems.length > 0) throw new DiagnosticsError(problems);
}

/** What Caffe takes as it is, but hardly anybody means: BatchNorm layers whose statistics count for nothing. */
export function weightWarnings(graph: NetGraph, weights: ReadonlyMap<string, readonly Float32Array[]>): Diagnostic[] {
  return graph.layers.flatMap((layer): Diagnostic[] => {
    const [mean, variance, factor] = weights.get(layer.name) ?? [];
    if (!usesStatistics(layer, graph) || factor?.[0] !== 0) return [];
    const isEmpty = [mean, variance].every((blob) => blob?.every((value) => value === 0));
    const message = isEmpty
      ? 'BatchNorm has never seen data: its statistics are all 0, and it divides by the root of eps alone'
      : 'the third blob of BatchNorm, which its statistics are divided by, is 0: as in Caffe, they count as 0';
    const hint = isEmpty
      ? 'train the net, or take weights with the statistics in them'
      : 'where another tool wrote the weights, the third blob has to be 1';
    return [{ ...at(layer, graph), code: 'batch-norm-statistics', severity: 'warning', message, hint }];
  });
}

const usesStatistics = ({ type, param }: GraphLayer, { phase }: NetGraph): boolean =>
  type === 'BatchNorm' && onGlobalStatistics(settingsOf(batchNorm, param), phase);

/** Where variance + eps leaves nothing to divide by. */
function varianceProblem(
  layer: GraphLayer,
  graph: NetGraph,
  [, variance, factor]: readonly Pick<Blob, 'data'>[],
): string | undefined {
  if (!usesStatistics(layer, graph) || !variance || !factor) return undefined;
  const { eps } = settingsOf(batchNorm, layer.param);
  const share = factor.data[0] === 0 ? 0 : 1 / factor.data[0]!;
  const channel = variance.data.findIndex((value) => !(value * share + eps > 0));
  if (channel === -1) return undefined;
  return `the variance of channel ${channel} is ${variance.data[channel]! * share}, and with eps ${eps} BatchNorm cannot divide by its root`;
}

const at = (layer: GraphLayer, { file }: NetGraph) => ({
  ...{ file, layer: layer.name },
  ...(layer.line !== undefined && { line: layer.line }),
});
