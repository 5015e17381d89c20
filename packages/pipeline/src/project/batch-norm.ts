import type { LayerParameter, NetGraph } from '@caffe-quant/caffe-io';
import { createMessage, DATA_LAYERS, settingsOf } from '@caffe-quant/caffe-io';
import { batchNorm } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { OPTION_LIST } from '../option-list.ts';
import type { StageOptions } from '../stage-options.ts';

/** Batches with fewer images make statistics that are mostly noise. */
const SMALL_BATCH = 16;

/** Training iterations before BatchNorm stays on the statistics reached; absent: it follows the prototxt throughout. */
export function frozenAfter({ batchNorm = OPTION_LIST.batchNorm.default }: StageOptions): number | undefined {
  if (batchNorm === 'prototxt') return undefined;
  if (batchNorm === 'freeze') return 0;
  return Number(batchNorm.slice('freezeAfter:'.length));
}

/** The net with every BatchNorm on its global statistics in TRAIN too, so that training leaves them as they are. */
export function withFrozenBatchNorm(graph: NetGraph): NetGraph {
  const layers = graph.layers.map((layer) =>
    layer.type === 'BatchNorm' ? { ...layer, param: frozen(layer.param) } : layer,
  );
  return { ...graph, layers };
}

function frozen(layer: LayerParameter): LayerParameter {
  const param = layer.batch_norm_param ?? createMessage('BatchNormParameter');
  return { ...layer, batch_norm_param: { ...param, use_global_stats: true } };
}

/**
 * Warnings about BatchNorm layers that training leads by the statistics of each batch: too few iterations to fill their
 * moving averages anew, or batches too small to take statistics of.
 *
 * @param train the TRAIN net as it is trained
 * @param iterations in which it follows the batches
 */
export function batchNormWarnings(train: NetGraph, iterations: number): Diagnostic[] {
  const layers = train.layers.filter(
    ({ type, param }) => type === 'BatchNorm' && settingsOf(batchNorm, param).usesGlobalStatistics !== true,
  );
  const [first] = layers;
  if (!first) return [];
  const at = {
    severity: 'warning' as const,
    file: train.file,
    layer: first.name,
    ...(first.line !== undefined && { line: first.line }),
    hint: 'keep the statistics of the float net: option batchNorm: freeze, or use_global_stats: true',
  };
  const which = layers.length === 1 ? 'this BatchNorm' : `${layers.length} BatchNorm layers from here on`;
  const warnings: Diagnostic[] = [];
  const fraction = Math.max(...layers.map(({ param }) => settingsOf(batchNorm, param).movingAverageFraction));
  const needed = Math.ceil(3 / (1 - Math.fround(fraction)));
  if (iterations < needed) {
    const message = `${which} averages over about ${needed} iterations (moving_average_fraction ${fraction}), but there are ${iterations}: the statistics end up between the old and the new ones`;
    warnings.push({ ...at, code: 'batch-norm-iterations', message });
  }
  const batches = train.layers.map(({ type, param }) => {
    const data = DATA_LAYERS.get(type);
    return data?.batchSize(settingsOf(data, param)) ?? Infinity;
  });
  const batch = Math.min(...batches);
  if (batch < SMALL_BATCH) {
    const message = `${which} takes its statistics of batches of ${batch} images, fewer than ${SMALL_BATCH}`;
    warnings.push({ ...at, code: 'batch-norm-batch', message });
  }
  return warnings;
}
