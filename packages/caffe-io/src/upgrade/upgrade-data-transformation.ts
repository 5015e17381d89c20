import { createMessage } from '../caffe-schema.ts';
import type { DataParameter, NetParameter, TransformationParameter, V1LayerParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from './upgrade-log.ts';

const PARAMS = {
  DATA: 'data_param',
  IMAGE_DATA: 'image_data_param',
  WINDOW_DATA: 'window_data_param',
} as const;

/** The members that all three parameters had before transform_param came. */
type Legacy = Pick<DataParameter, 'scale' | 'mean_file' | 'crop_size' | 'mirror'>;
const LEGACY_FIELDS = ['scale', 'mean_file', 'crop_size', 'mirror'] as const;

/**
 * Moves scale, mean_file, crop_size and mirror of data layers into transform_param. Source: BVLC Caffe,
 * UpgradeNetDataTransformation in src/caffe/util/upgrade_proto.cpp; as there, `layers` only.
 */
export function upgradeDataTransformation(net: NetParameter, log: UpgradeLog): NetParameter {
  const layers = net.layers.map((layer) => upgradeLayer(layer, log));
  if (layers.every((layer, index) => layer === net.layers[index])) return net;
  return log.from({ ...net, layers }, net);
}

function upgradeLayer(layer: V1LayerParameter, log: UpgradeLog): V1LayerParameter {
  const paramName = PARAMS[layer.type as keyof typeof PARAMS];
  const param: Legacy | undefined = paramName === undefined ? undefined : layer[paramName];
  if (param === undefined) return layer;
  const moved = Object.fromEntries(
    LEGACY_FIELDS.filter((field) => param[field] !== undefined).map((field) => [field, param[field]]),
  ) as Partial<TransformationParameter>;
  if (Object.keys(moved).length === 0) return layer;
  const rest = { ...param };
  for (const field of LEGACY_FIELDS) delete rest[field];
  const before = layer.transform_param;
  const transform_param = log.from(
    { ...(before ?? createMessage('TransformationParameter')), ...moved },
    before ?? param,
  );
  return log.from({ ...layer, [paramName]: log.from(rest, param), transform_param }, layer);
}
