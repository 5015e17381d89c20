import { createMessage } from '../caffe-schema.ts';
import type { BlobShape, NetParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from './upgrade-log.ts';

/** `input_dim` gives every input four numbers. */
const LEGACY_AXES = 4;

/**
 * Turns the net's `input`, `input_shape` and `input_dim` into an Input layer in front. Source: BVLC Caffe,
 * UpgradeNetInput in src/caffe/util/upgrade_proto.cpp. Inputs without shapes mean nothing there; here such an input is
 * dropped where a layer makes the blob or none reads it, else it is kept: who feeds it may know the shape. An input with a
 * shape is a layer of its own: beside another one with the same top it is an error, as in Caffe.
 */
export function upgradeInput(written: NetParameter, log: UpgradeLog): NetParameter {
  if (written.input.length === 0) return written;
  const net = withoutNamesAlone(written, log);
  if (net.input.length === 0) return net;
  const shape = inputShapes(net, log);
  const input_param = log.from(createMessage('InputParameter', { shape }), net, { shape: 'input' });
  const input = createMessage('LayerParameter', { name: 'input', type: 'Input', top: net.input, input_param });
  log.from(input, net, { name: 'input', type: 'input', top: 'input' });
  return log.from({ ...net, input: [], input_shape: [], input_dim: [], layer: [input, ...net.layer] }, net);
}

/** The net without those inputs that have no shape and are made by a layer, or read by none, in whatever phase. */
function withoutNamesAlone(net: NetParameter, log: UpgradeLog): NetParameter {
  if (net.input_shape.length > 0 || net.input_dim.length > 0) return net;
  const made = new Set(net.layer.flatMap(({ top, bottom }) => top.filter((name) => !bottom.includes(name))));
  const read = new Set(net.layer.flatMap(({ bottom }) => bottom));
  const input = net.input.filter((name) => read.has(name) && !made.has(name));
  return input.length === net.input.length ? net : log.from({ ...net, input }, net);
}

function inputShapes(net: NetParameter, log: UpgradeLog): BlobShape[] {
  const { input, input_shape, input_dim } = net;
  if (input_shape.length > 0) {
    if (input_shape.length !== input.length) report('input_shape', input.length, input_shape.length);
    return input_shape.slice(0, input.length);
  }
  if (input_dim.length === 0) return [];
  const wanted = LEGACY_AXES * input.length;
  if (input_dim.length !== wanted) report('input_dim', wanted, input_dim.length);
  return input.map((_, index) =>
    createMessage('BlobShape', { dim: input_dim.slice(LEGACY_AXES * index, LEGACY_AXES * (index + 1)) }),
  );

  function report(field: 'input_shape' | 'input_dim', expected: number, found: number): void {
    log.problems.push({
      code: 'input-shape',
      severity: 'error',
      message: `${input.length} \`input\` need ${expected} \`${field}\`, there are ${found}`,
      at: net,
      field,
    });
  }
}
