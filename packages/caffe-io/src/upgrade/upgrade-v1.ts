import { caffeSchema, createMessage } from '../caffe-schema.ts';
import type { LayerParameter, NetParameter, ParamSpec, V1LayerParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from './upgrade-log.ts';
import { V1_TYPES } from './v1-types.ts';

/** Members of a layer of 2014 that go elsewhere; all others have kept their name. */
const MOVED: ReadonlySet<string> = new Set(['type', 'param', 'blob_share_mode', 'blobs_lr', 'weight_decay', 'layer']);

/**
 * Nets of 2014, `layers { type: CONVOLUTION }`, to today's `layer { type: "Convolution" }`. Source: BVLC Caffe,
 * UpgradeV1Net in src/caffe/util/upgrade_proto.cpp.
 */
export function upgradeV1(net: NetParameter, log: UpgradeLog): NetParameter {
  if (net.layers.length === 0) return net;
  if (net.layer.length > 0) {
    log.problems.push({
      code: 'mixed-layers',
      severity: 'error',
      message: 'the net has both `layers` and `layer`; Caffe reads only `layers` then',
      hint: 'use `layer` throughout, with types in quotes',
      at: net,
      field: 'layer',
    });
  }
  const layer = net.layers.map((v1) => upgradeV1Layer(v1, log));
  return log.from({ ...net, layers: [], layer }, net, { layer: 'layers' });
}

function upgradeV1Layer(v1: V1LayerParameter, log: UpgradeLog): LayerParameter {
  const kept: Record<string, unknown> = {};
  for (const name of caffeSchema('V1LayerParameter').fields.keys()) {
    const value = v1[name as keyof V1LayerParameter];
    if (!MOVED.has(name) && value !== undefined) kept[name] = value;
  }
  const layer = createMessage('LayerParameter', { ...kept, param: upgradeParams(v1, log) });
  if (v1.type !== undefined) layer.type = V1_TYPES[v1.type];
  return log.from(layer, v1);
}

/** One ParamSpec per blob, from the lists that described blobs before. */
function upgradeParams(v1: V1LayerParameter, log: UpgradeLog): ParamSpec[] {
  const { param, blob_share_mode, blobs_lr, weight_decay } = v1;
  const count = Math.max(param.length, blob_share_mode.length, blobs_lr.length, weight_decay.length);
  return Array.from({ length: count }, (_, index) => {
    const spec: ParamSpec = {};
    if (param[index] !== undefined) spec.name = param[index];
    if (blob_share_mode[index] !== undefined) spec.share_mode = blob_share_mode[index];
    if (blobs_lr[index] !== undefined) spec.lr_mult = blobs_lr[index];
    if (weight_decay[index] !== undefined) spec.decay_mult = weight_decay[index];
    return log.from(spec, v1, {
      name: 'param',
      share_mode: 'blob_share_mode',
      lr_mult: 'blobs_lr',
      decay_mult: 'weight_decay',
    });
  });
}
