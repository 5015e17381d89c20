import type { NetParameter, V1LayerParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from './upgrade-log.ts';

/**
 * The layers of a net of 2013 without its padding layers: their `pad` moves into the convolution or pooling layer that
 * reads them. Source: BVLC Caffe, UpgradeV0PaddingLayers in src/caffe/util/upgrade_proto.cpp.
 */
export function removePaddingLayers(net: NetParameter, log: UpgradeLog): V1LayerParameter[] {
  const lastProducer = new Map<string, V1LayerParameter>();
  const layers: V1LayerParameter[] = [];
  for (const connection of net.layers) {
    const padding = connection.bottom.map((bottom) => lastProducer.get(bottom)).find(isPadding);
    if (!isPadding(connection)) {
      layers.push(padding === undefined ? connection : absorb(connection, padding, log));
    }
    for (const top of connection.top) lastProducer.set(top, connection);
  }
  return layers;
}

function isPadding(connection: V1LayerParameter | undefined): boolean {
  return connection?.layer?.type === 'padding';
}

function absorb(connection: V1LayerParameter, padding: V1LayerParameter, log: UpgradeLog): V1LayerParameter {
  const { layer } = connection;
  const takesPadding = layer?.type === 'conv' || layer?.type === 'pool';
  const isOneToOne = [connection.bottom, padding.bottom, padding.top].every(({ length }) => length === 1);
  if (layer === undefined || !takesPadding || !isOneToOne) {
    log.problems.push({
      code: 'padding-layer',
      severity: 'error',
      message: `the padding layer "${padding.layer?.name ?? ''}" can only be read by a conv or pool layer, one blob each`,
      layer: layer?.name,
      at: connection,
    });
    return connection;
  }
  const padded = log.from({ ...layer, pad: padding.layer?.pad ?? 0 }, layer);
  return log.from({ ...connection, layer: padded, bottom: [...padding.bottom] }, connection);
}
