import { createMessage } from '../caffe-schema.ts';
import type { NetParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from '../upgrade/upgrade-log.ts';
import { type Dialect, dialectSchema } from './dialect-schema.ts';

/**
 * Writes out what a layer leaves to a default that its fork changed: BatchNorm's `moving_average_fraction` is 0.99 in
 * caffe-windows and 0.999 elsewhere. All that follows knows BVLC's defaults alone.
 */
export function withForkDefaults(net: NetParameter, dialect: Dialect, log: UpgradeLog): NetParameter {
  const fraction = movingAverageFraction(dialect);
  if (fraction === movingAverageFraction('bvlc')) return net;
  const layer = net.layer.map((each) => {
    const param = each.batch_norm_param;
    if (each.type !== 'BatchNorm' || param?.moving_average_fraction !== undefined) return each;
    const fields = { ...param, moving_average_fraction: fraction };
    const full = param ? log.from(fields, param) : createMessage('BatchNormParameter', fields);
    return log.from({ ...each, batch_norm_param: full }, each);
  });
  return log.from({ ...net, layer }, net);
}

function movingAverageFraction(dialect: Dialect): number {
  const field = dialectSchema(dialect, 'BatchNormParameter').fields.get('moving_average_fraction');
  return field?.default as number;
}
