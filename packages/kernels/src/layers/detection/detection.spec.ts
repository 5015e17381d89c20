import { buildNetGraph, LayerError } from '@caffe-quant/caffe-io';
import { loadNamedFiles } from '../../net/named-files.ts';
import { NetRunner } from '../../net/net-runner.ts';
import { readGoldens, relativeError, type TensorRef } from '../../testing/goldens.ts';
import { parseLayer, parseNet } from '../../testing/parse-layer.ts';
import { detectionEvaluate } from './detection-evaluate.ts';
import { detectionOutput } from './detection-output.ts';
import { type CpuFallback } from '../layer.ts';
import { computeLayer } from '../../testing/compute-layer.ts';

interface DetectionCase {
  name: string;
  layer: string;
  bottoms: { shape: number[]; data: TensorRef }[];
  tops: { shape: number[]; data: TensorRef }[];
  name_size_file?: string;
}

describe.each<[string, CpuFallback]>([
  ['DetectionOutput', detectionOutput],
  ['DetectionEvaluate', detectionEvaluate],
])("%s equals SSD's", (type, kernel) => {
  const goldens = readGoldens<DetectionCase>(`layers/${type}`);
  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
    const bottoms = golden.bottoms.map(({ shape, data }) => ({ shape, data: goldens.f32(data) }));
    const [top] = computeLayer(kernel, parseLayer(golden.layer), bottoms, golden.name_size_file);
    expect(top!.shape).toEqual(golden.tops[0]!.shape);
    expect(relativeError(top!.data, goldens.f32(golden.tops[0]!.data))).toBeLessThan(1e-6);
  });
});

describe('DetectionEvaluate beside images of other sizes than the input', () => {
  const IMAGES = [
    { height: 100, width: 250 },
    { height: 240, width: 120 },
  ];
  const sizes = IMAGES.map(({ height, width }, i) => `image${i} ${height} ${width}\n`).join('');
  /** A box of each kind on both images, and what is found: relative to the image. */
  const truths = IMAGES.flatMap((_, image) => [
    [image, 1, 0, 0.1, 0.2, 0.5, 0.6, 0],
    [image, 1, 1, 0.55, 0.1, 0.9, 0.4, 0],
    [image, 1, 2, 0, 0.7, 0.1, 1, 0],
  ]);
  const detections = IMAGES.flatMap((_, image) => [
    [image, 1, 0.9, 0.12, 0.22, 0.5, 0.6],
    [image, 1, 0.8, 0.1, 0.2, 0.4, 0.65],
    [image, 1, 0.7, 0.5, 0.1, 0.92, 0.45],
    [image, 1, 0.6, -0.3, 0.7, 0.1, 1.2],
  ]);
  type Move = (edge: number, image: { height: number; width: number }, isX: boolean) => number;
  const evaluate = (resize: string, move: Move) => {
    const layer = parseLayer(`layer { type: "DetectionEvaluate" detection_evaluate_param { num_classes: 2
      name_size_file: "sizes.txt" overlap_threshold: 0.6 ${resize} } }`);
    const blob = (rows: number[][], first: number) => {
      const moved = rows.map((row) =>
        row.map((value, i) => {
          const edge = i - first;
          return edge >= 0 && edge < 4 ? move(value, IMAGES[row[0]!]!, edge % 2 === 0) : value;
        }),
      );
      return { shape: [1, 1, rows.length, rows[0]!.length], data: Float32Array.from(moved.flat()) };
    };
    return [...computeLayer(detectionEvaluate, layer, [blob(detections, 3), blob(truths, 3)], sizes)[0]!.data];
  };
  const expected = evaluate('', (edge) => edge);

  test('what is found is found, and each box once, whatever of it is beyond the image', () => {
    const flags = expected.slice(5).filter((_, i) => i % 5 === 3);
    expect(flags).toEqual([1, 0, 1, 1, 1, 0, 1, 1]);
  });

  test('WARP changes nothing', () => {
    expect(evaluate('resize_param { resize_mode: WARP height: 300 width: 300 }', (edge) => edge)).toEqual(expected);
  });

  test('padding is taken off again', () => {
    const onPadded: Move = (edge, { height, width }, isX) => {
      const share = isX ? Math.min(1, width / height) : Math.min(1, height / width);
      return (1 - share) / 2 + edge * share;
    };
    const resize = 'resize_param { resize_mode: FIT_LARGE_SIZE_AND_PAD height: 300 width: 300 }';
    expect(evaluate(resize, onPadded)).toEqual(expected);
    expect(evaluate('', onPadded)).not.toEqual(expected);
  });

  test('a part of the image has the size of that part', () => {
    const resize =
      'resize_param { resize_mode: FIT_SMALL_SIZE height: 300 width: 300 height_scale: 400 width_scale: 400 }';
    const onPart: Move = (edge, { height, width }, isX) => (edge * (isX ? width : height)) / 400;
    expect(evaluate(resize, onPart)).toEqual(expected);
  });

  test('padding of unknown size is refused', () => {
    expect(() => evaluate('resize_param { resize_mode: FIT_LARGE_SIZE_AND_PAD }', (edge) => edge)).toThrow(
      /height and width/,
    );
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

test('the sizes of images are read with the net, where it names a file of them', () => {
  const { graph } = buildNetGraph(
    parseNet(`
      layer { name: "in" type: "Input" top: "found" top: "truth" }
      layer { name: "eval" type: "DetectionEvaluate" bottom: "found" bottom: "truth" top: "eval"
              detection_evaluate_param { num_classes: 2 name_size_file: "sizes.txt" } }`),
    { file: 'net.prototxt', phase: 'TEST' },
  );
  const loaded = loadNamedFiles(graph, { blob: () => new Float32Array(0), text: (path) => `of ${path} 50 100` });
  const blob = (...row: number[]) => ({ shape: [1, 1, 1, row.length], data: Float32Array.from(row) });
  const evaluate = ({ layers }: typeof graph) =>
    computeLayer(detectionEvaluate, layers[1]!.param, [blob(0, 1, 0.5, 0, 0, 0.5, 1), blob(0, 1, 0, 0, 0, 0.5, 1, 0)]);
  expect([...evaluate(loaded)[0]!.data]).toEqual([-1, 1, 1, -1, -1, 0, 1, 0.5, 1, 0]);
  expect(() => evaluate(graph)).toThrow('name_size_file was not read with the net');
  const misread = () => loadNamedFiles(graph, { blob: () => new Float32Array(0), text: () => 'a 50 100\nb 50\n' });
  expect(misread).toThrow(/layer `eval`: .*sizes.txt, line 2: expected a name, a height and a width, got 'b 50'/);
});

test('predictions that do not fit the priors are refused', () => {
  const blob = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
  const layer = parseLayer('layer { type: "DetectionOutput" detection_output_param { num_classes: 2 } }');
  const compute = () => computeLayer(detectionOutput, layer, [blob(1, 12), blob(1, 4), blob(1, 2, 8)]);
  expect(compute).toThrow(LayerError);
  expect(compute).toThrow(/do not fit 2 priors/);
});
