import { readGoldens, relativeError, type TensorRef } from '../testing/goldens.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { detectionEvaluate } from './detection-evaluate.ts';
import { detectionOutput } from './detection-output.ts';
import { LayerError, type HostKernel } from './layer.ts';

interface DetectionCase {
  name: string;
  layer: string;
  bottoms: { shape: number[]; data: TensorRef }[];
  tops: { shape: number[]; data: TensorRef }[];
  name_size_file?: string;
}

describe.each<[string, HostKernel]>([
  ['DetectionOutput', detectionOutput],
  ['DetectionEvaluate', detectionEvaluate],
])("%s equals SSD's", (type, kernel) => {
  const goldens = readGoldens<DetectionCase>(`layers/${type}`);
  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
    const bottoms = golden.bottoms.map(({ shape, data }) => ({ shape, data: goldens.f32(data) }));
    const [top] = kernel.compute(parseLayer(golden.layer), bottoms, () => golden.name_size_file!);
    expect(top!.shape).toEqual(golden.tops[0]!.shape);
    expect(relativeError(top!.data, goldens.f32(golden.tops[0]!.data))).toBeLessThan(1e-6);
  });
});

test('predictions that do not fit the priors are refused', () => {
  const blob = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
  const layer = parseLayer('layer { type: "DetectionOutput" detection_output_param { num_classes: 2 } }');
  const compute = () => detectionOutput.compute(layer, [blob(1, 12), blob(1, 4), blob(1, 2, 8)], () => '');
  expect(compute).toThrow(LayerError);
  expect(compute).toThrow(/do not fit 2 priors/);
});
