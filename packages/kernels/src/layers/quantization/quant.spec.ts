import { createMessage, type DeQuantParameter, type QuantParameter, LayerError } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../../graph/graph-builder.ts';
import { readGoldens, type TensorRef } from '../../testing/goldens.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { dequant } from './dequant.ts';
import { quant } from './quant.ts';
import { lowerLayer, paramsOfLayer } from '../one-layer.ts';

interface QuantCase {
  name: string;
  kind: 'Quant' | 'DeQuant' | 'SearchN' | 'IFMR';
  scale_param: number;
  offset: number;
  channel_wise: boolean;
  deqscale: TensorRef;
  shift_bit: TensorRef;
  x: TensorRef;
  y: TensorRef;
}

const goldens = readGoldens<QuantCase>('quant');
const casesOf = (kind: string) =>
  goldens.cases.filter((golden) => golden.kind === kind).map((golden) => [golden.name, golden] as const);
const values = (data: Iterable<number>) => Array.from(data, (value) => value + 0); // -0 equals 0

const quantLayer = (fields: Partial<QuantParameter>) =>
  createMessage('LayerParameter', { type: 'Quant', quant_param: createMessage('QuantParameter', fields) });
const dequantLayer = (fields: Partial<DeQuantParameter>) =>
  createMessage('LayerParameter', { type: 'DeQuant', dequant_param: createMessage('DeQuantParameter', fields) });

describe("Quant equals AMCT's layer", () => {
  test.each(casesOf('Quant'))('%s', async (_name, golden) => {
    const layer = quantLayer({ scale: golden.scale_param, offset: Uint8Array.of(golden.offset & 255) });
    const out = await runGraph(
      (g) => ({
        y: lowerLayer(quant, layer, { g, phase: 'TEST', bottoms: [g.input('x', golden.x.shape)], params: [] }).tops[0]!,
      }),
      { x: goldens.f32(golden.x) },
    );
    expect(values(out['y']!)).toEqual(values(goldens.f32(golden.y)));
  });

  test.each([
    ['no scale', { offset: Uint8Array.of(0) }, /needs scale and offset/],
    ['no offset', { scale: 1 }, /needs scale and offset/],
    ['scale 0', { scale: 0, offset: Uint8Array.of(0) }, /not a positive number/],
    ['two bytes', { scale: 1, offset: Uint8Array.of(0, 0) }, /one byte/],
  ])('%s is an error', (_name, fields, message) => {
    const g = new GraphBuilder();
    const x = g.input('x', [1]);
    const lower = () => lowerLayer(quant, quantLayer(fields), { g, phase: 'TEST', bottoms: [x], params: [] });
    expect(lower).toThrow(LayerError);
    expect(lower).toThrow(message);
  });
});

describe("DeQuant equals AMCT's layer", () => {
  test("one of an LSTM's parts, whose factors are not in blobs, is refused", () => {
    const lower = () => paramsOfLayer(dequant, dequantLayer({ layer_type: 'LSTM_X', deqscale: [1] }), [[2, 1, 4]]);
    expect(lower).toThrow(LayerError);
    expect(lower).toThrow(/layer_type LSTM_X stands inside an LSTM/);
  });

  test.each(casesOf('DeQuant'))('%s', async (_name, golden) => {
    const layer = dequantLayer({ channel_wise: golden.channel_wise });
    const shapes = paramsOfLayer(dequant, layer, [golden.x.shape]).map(({ shape }) => shape);
    expect(shapes).toEqual([golden.deqscale.shape, golden.deqscale.shape, golden.deqscale.shape]);
    const out = await runGraph(
      (g) => {
        const bottoms = [g.input('x', golden.x.shape)];
        const params = ['deqscale', 'shift_bit', 'offset_w'].map((name, i) => g.input(name, shapes[i]!));
        return { y: lowerLayer(dequant, layer, { g, phase: 'TEST', bottoms, params }).tops[0]! };
      },
      {
        x: goldens.f32(golden.x),
        deqscale: goldens.f32(golden.deqscale),
        shift_bit: Float32Array.from(goldens.i32(golden.shift_bit)),
        offset_w: new Float32Array(shapes[2]![0]!),
      },
    );
    expect(values(out['y']!)).toEqual(values(goldens.f32(golden.y)));
  });
});
