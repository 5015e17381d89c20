import { caffeSchema, createMessage } from '../caffe-schema.ts';
import type { NetParameter, V0LayerParameter, V1LayerParameter } from '../generated/caffe.ts';
import { emptyMessage, type MessageObject } from '../wire/decode-message.ts';
import { removePaddingLayers } from './remove-padding-layers.ts';
import type { UpgradeLog } from './upgrade-log.ts';
import { V0_FIELDS, V0_TYPES } from './v0-fields.ts';

/**
 * Nets of 2013, `layers { layer { type: "conv" } bottom … }`, to those of 2014. Source: BVLC Caffe, UpgradeV0Net in
 * src/caffe/util/upgrade_proto.cpp.
 */
export function upgradeV0(net: NetParameter, log: UpgradeLog): NetParameter {
  if (net.layers.every(({ layer }) => layer === undefined)) return net;
  const layers = removePaddingLayers(net, log).map((connection) =>
    connection.layer === undefined ? connection : upgradeV0Layer(connection, connection.layer, log),
  );
  return log.from({ ...net, layers }, net);
}

function upgradeV0Layer(connection: V1LayerParameter, v0: V0LayerParameter, log: UpgradeLog): V1LayerParameter {
  const { bottom, top } = connection;
  const { name, blobs, blobs_lr, weight_decay } = v0;
  const v0Type = v0.type ?? '';
  const type = V0_TYPES[v0Type];
  const fields = { bottom, top, name, type, blobs, blobs_lr, weight_decay };
  const layer = log.from(createMessage('V1LayerParameter', fields), connection);
  if (type === undefined && v0.type !== undefined) {
    const message = `"${v0Type}" is not a layer type of a net of 2013`;
    log.problems.push({ code: 'unknown-layer-type', severity: 'error', message, layer: name, at: v0, field: 'type' });
  }
  for (const [v0Field, { field, params }] of V0_FIELDS) {
    const value = v0[v0Field];
    if (value === undefined) continue;
    const paramName = typeof params === 'string' ? params : params[v0Type];
    if (paramName === undefined) reportIgnored(v0, v0Field, log);
    else setParam(layer, paramName, field, value, (made) => log.from(made, v0, V0_NAMES));
  }
  if (v0.hdf5_output_param !== undefined) {
    if (v0Type === 'hdf5_output') layer.hdf5_output_param = v0.hdf5_output_param;
    else reportIgnored(v0, 'hdf5_output_param', log);
  }
  return layer;
}

const V0_NAMES = Object.fromEntries(V0_FIELDS.map(([v0Field, { field }]) => [field, v0Field]));

function setParam(
  layer: V1LayerParameter,
  paramName: string,
  field: string,
  value: unknown,
  note: (made: MessageObject) => MessageObject,
): void {
  const param = caffeSchema('V1LayerParameter').fields.get(paramName);
  if (param?.kind !== 'message') throw new RangeError(`V1LayerParameter has no message ${paramName}`);
  const members = layer as unknown as MessageObject;
  const message = (members[paramName] ??= note(emptyMessage(param.message))) as MessageObject;
  message[field] = param.message.fields.get(field)?.cardinality === 'repeated' ? [value] : value;
}

function reportIgnored(v0: V0LayerParameter, field: string, log: UpgradeLog): void {
  const message = `a layer of type "${v0.type ?? ''}" has no \`${field}\`; Caffe ignores it`;
  log.problems.push({ code: 'ignored-field', severity: 'warning', message, layer: v0.name, at: v0, field });
}
