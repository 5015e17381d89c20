import { buildNetGraph } from '@caffe-quant/caffe-io';
import { NetRunner } from '../net/net-runner.ts';
import { readGoldens, relativeError, type TensorRef } from '../testing/goldens.ts';
import { parseLayer, parseNet } from '../testing/parse-layer.ts';
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

test('a net with detections runs: its priors and decoding in one, the boxes behind the graph', async () => {
  const { graph } = buildNetGraph(
    parseNet(`
      layer { name: "in" type: "Input" top: "image" top: "loc" top: "conf" }
      layer { name: "pool" type: "Pooling" bottom: "image" top: "map" pooling_param { pool: AVE global_pooling: true } }
      layer { name: "prior" type: "PriorBox" bottom: "map" bottom: "image" top: "prior" prior_box_param { min_size: 4 } }
      layer { name: "out" type: "DetectionOutput" bottom: "loc" bottom: "conf" bottom: "prior" top: "out"
              detection_output_param { num_classes: 2 code_type: CENTER_SIZE confidence_threshold: 0.5 } }`),
    { file: 'net.prototxt', phase: 'TEST' },
  );
  const inputShapes = new Map([
    ['image', [1, 1, 8, 8]],
    ['loc', [1, 4]],
    ['conf', [1, 2]],
  ]);
  const runner = await NetRunner.create({ graph, weights: new Map(), inputShapes, outputs: ['out'] });
  const found = async (score: number) => {
    const batch = new Map([
      ['image', new Float32Array(64)],
      ['loc', new Float32Array(4)],
      ['conf', Float32Array.of(1 - score, score)],
    ]);
    return [...(await runner.run(batch)).get('out')!.data];
  };
  expect(await found(0.75)).toEqual([0, 1, 0.75, 0.25, 0.25, 0.75, 0.75]);
  expect(await found(0.25)).toEqual([0, -1, -1, -1, -1, -1, -1]);
  await runner.close();
});

test('predictions that do not fit the priors are refused', () => {
  const blob = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
  const layer = parseLayer('layer { type: "DetectionOutput" detection_output_param { num_classes: 2 } }');
  const compute = () => detectionOutput.compute(layer, [blob(1, 12), blob(1, 4), blob(1, 2, 8)], () => '');
  expect(compute).toThrow(LayerError);
  expect(compute).toThrow(/do not fit 2 priors/);
});
