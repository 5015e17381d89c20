import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { encodeModel } from './encode-model.ts';
import { float, GraphBuilder } from './graph-builder.ts';
import { decodeOnnx, encodeOnnx } from './onnx-message.ts';
import { firstNodes, nodeNames, readModel, withOutputs } from './read-model.ts';

const { root } = protobuf.parse(readFileSync(join(__dirname, '../../../../proto/onnx.proto'), 'utf8'), {
  keepCase: true,
});
const ModelProto = root.lookupType('onnx.ModelProto');

/** Every kind of attribute and dimension, numbers below zero, text beyond ASCII, a tensor that is taken over as a view. */
function everyKind(): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 300]);
  const large = g.constant(
    'float',
    [300],
    Float32Array.from({ length: 300 }, (_, i) => Math.sin(i)),
  );
  const sum = g.within('Faltung é', () => g.op('Add', [x, large], {}, [2, 300]));
  const attributes = { axis: -1, ratio: float(0.1), axes: [1, -2, 0], mode: 'über', zero: 0 };
  const y = g.within('layer', () => g.op('Odd', [sum, g.scalar(-1)], attributes, [2, 300]));
  g.output('y', y);
  return encodeModel(g, {
    name: 'net',
    docString: 'µ'.repeat(200),
    metadata: { key: 'z'.repeat(20000), empty: '' },
    shapes: new Map([['x', ['N', 300]]]),
  });
}

test('protobufjs reads the same model, and writes the same bytes', () => {
  const bytes = everyKind();
  const theirs = ModelProto.toObject(ModelProto.decode(bytes), { longs: Number, enums: String });
  expect(decodeOnnx(bytes)).toMatchObject(theirs);
  expect(Buffer.compare(ModelProto.encode(ModelProto.fromObject(theirs)).finish(), bytes)).toBe(0);
});

test('a model that is read is written to the same bytes, with what its schema does not know', () => {
  const known = everyKind();
  // ModelProto's field 1000, a varint.
  const bytes = Buffer.concat([known, Uint8Array.of(0xc0, 0x3e, 5)]);
  expect(Buffer.compare(encodeOnnx(decodeOnnx(bytes)), bytes)).toBe(0);
});

test('a tensor that is read is a view of the model', () => {
  const bytes = everyKind();
  expect(decodeOnnx(bytes).graph!.initializer[0]!.raw_data!.buffer).toBe(bytes.buffer);
});

test('outputs are added, and nodes are left out', () => {
  const bytes = everyKind();
  const [first] = nodeNames(bytes);
  expect(first).toMatch(/^Faltung é/);
  expect(readModel(withOutputs(bytes, ['sum'])).outputs).toEqual([
    ...readModel(bytes).outputs,
    { name: 'sum', shape: [] },
  ]);
  expect(readModel(bytes).inputs).toEqual([{ name: 'x', shape: ['N', 300] }]);
  const alone = firstNodes(bytes, 1);
  expect(nodeNames(alone)).toEqual([first]);
  expect(decodeOnnx(alone).graph!.initializer).toEqual(decodeOnnx(bytes).graph!.initializer);
});
