import type { NetParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from './upgrade-log.ts';

/**
 * Drops the three `param { lr_mult: 0 }` that BatchNorm layers once had to carry: their statistics are not learned, and
 * the layer now says so itself. Source: BVLC Caffe, UpgradeNetBatchNorm in src/caffe/util/upgrade_proto.cpp.
 */
export function upgradeBatchNorm(net: NetParameter, log: UpgradeLog): NetParameter {
  if (!net.layer.some(isOld)) return net;
  const layer = net.layer.map((each) => (isOld(each) ? log.from({ ...each, param: [] }, each) : each));
  return log.from({ ...net, layer }, net);
}

function isOld(layer: NetParameter['layer'][number]): boolean {
  return layer.type === 'BatchNorm' && layer.param.length === 3;
}
