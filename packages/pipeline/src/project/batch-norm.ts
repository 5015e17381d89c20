import type { LayerParameter, NetGraph, NetParameter } from '@caffe-quant/caffe-io';
import { createMessage } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** Batches with fewer images make statistics that are mostly noise. */
const SMALL_BATCH = 16;

/** Caffe's default of `moving_average_fraction`. */
const MOVING_AVERAGE_FRACTION = 0.999;

/** The net with every BatchNorm on its global statistics in TRAIN too, so that training leaves them as they are. */
export function withFrozenBatchNorm(net: NetParameter): NetParameter {
  return { ...net, layer: net.layer.map((layer) => (layer.type === 'BatchNorm' ? frozen(layer) : layer)) };
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
 */
export function batchNormWarnings(train: NetGraph, maxIter: number): Diagnostic[] {
  const layers = train.layers.filter(
    ({ type, param }) => type === 'BatchNorm' && param.batch_norm_param?.use_global_stats !== true,
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
  const fraction = Math.max(
    ...layers.map(({ param }) => param.batch_norm_param?.moving_average_fraction ?? MOVING_AVERAGE_FRACTION),
  );
  const needed = Math.ceil(3 / (1 - Math.fround(fraction)));
  if (maxIter < needed) {
    const message = `${which} averages over about ${needed} iterations (moving_average_fraction ${fraction}), but max_iter is ${maxIter}: the statistics end up between the old and the new ones`;
    warnings.push({ ...at, code: 'batch-norm-iterations', message });
  }
  const batch = Math.min(...train.layers.map(({ param }) => param.data_param?.batch_size ?? Infinity));
  if (batch < SMALL_BATCH) {
    const message = `${which} takes its statistics of batches of ${batch} images, fewer than ${SMALL_BATCH}`;
    warnings.push({ ...at, code: 'batch-norm-batch', message });
  }
  return warnings;
}
