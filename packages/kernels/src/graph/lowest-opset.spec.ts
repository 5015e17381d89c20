import { encodeModel } from './encode-model.ts';
import { GraphBuilder, type Value } from './graph-builder.ts';
import * as ops from './ops.ts';
import { readModel } from './read-model.ts';
import { floatTensor, openSession } from './session.ts';

/** Forms of operators, with the version of ONNX in which they first are what the graph says. */
const FORMS: [form: string, opset: number, build: (g: GraphBuilder, x: Value) => Value][] = [
  ['a sum of two', 7, (g, x) => ops.add(g, x, x)],
  ['a maximum', 8, (g, x) => ops.max(g, x, g.scalar(0))],
  ['a sum over axes', 7, (g, x) => ops.reduceSum(g, x, [1, 2])],
  ['a mean', 7, (g, x) => ops.reduceMean(g, x, [2], true)],
  ['a softmax along the last axis', 7, (g, x) => ops.softmax(g, x, 2)],
  ['a softmax along another axis', 13, (g, x) => ops.softmax(g, x, 1)],
  ['a sum over axes beside what needs version 13', 13, (g, x) => ops.reduceSum(g, ops.softmax(g, x, 1), [1])],
  ['a mean beside what needs version 13', 13, (g, x) => ops.reduceMean(g, ops.softmax(g, x, 1), [1])],
  [
    'a product without a third operand',
    11,
    (g, x) => g.op('Gemm', [ops.flatten(g, x, 1), g.constant('float', [6, 2], Array(12).fill(1))], {}, [2, 2]),
  ],
  ['a slice', 10, (g, x) => ops.slice(g, x, [{ axis: 1, start: 0, length: 1 }])],
  ['a comparison of floats', 11, (g, x) => ops.indicator(g, ops.equal(g, x, x))],
  ['a choice', 9, (g, x) => ops.where(g, ops.greater(g, x, g.scalar(0)), x, g.scalar(0))],
  ['quantization with one scale', 10, (g, x) => quantized(g, x, [0.5])],
  ['weights with a scale for each channel', 13, (g, x) => quantized(g, x, [0.5, 0.25, 0.125])],
];

function quantized(g: GraphBuilder, x: Value, scales: number[]): Value {
  const dims = scales.length === 1 ? [] : [scales.length];
  const axis = scales.length === 1 ? {} : { axis: 1 };
  const scale = g.constant('float', dims, scales);
  const zero = g.constant(
    'int8',
    dims,
    scales.map(() => 0),
  );
  const integers = g.op('QuantizeLinear', [x, scale, zero], axis, x.shape, 'int8');
  return g.op('DequantizeLinear', [integers, scale, zero], axis, x.shape, 'float');
}

test.each(FORMS)('%s needs version %i, and gives there what it gives in the newest', async (_form, opset, build) => {
  const g = new GraphBuilder({ plain: true });
  const x = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
  g.output('y', build(g, g.input('x', [2, 3, 2])));
  const models = [false, true].map((lowestOpset) => encodeModel(g, { name: 'form', lowestOpset }));
  expect(models.map((model) => readModel(model).opset)).toEqual([18, opset]);
  const [newest, lowest] = await Promise.all(
    models.map(async (model) => {
      const session = await openSession(model, { threads: 1 });
      const { y } = await session.run({ x: floatTensor(x, [2, 3, 2]) });
      await session.release();
      return y!.data;
    }),
  );
  expect(lowest).toEqual(newest);
});

test('an operator whose versions nobody has written down is refused', () => {
  const g = new GraphBuilder();
  g.output('y', g.op('Einsum', [g.input('x', [2])], {}, [2]));
  expect(() => encodeModel(g, { name: 'unknown', lowestOpset: true })).toThrow('no version is known of  Einsum');
});
