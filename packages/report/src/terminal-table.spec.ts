import fc from 'fast-check';
import { formatSummary } from './index.ts';
import type { EvaluationResult, LayerResult } from './index.ts';
import { lenetCalibrateOnly, lenetEvaluation, lenetPlan } from './testing/lenet-report.ts';

const linesOf = (evaluation: EvaluationResult) => formatSummary(evaluation).split('\n');
const changed = (change: Partial<EvaluationResult>): EvaluationResult => ({ ...lenetEvaluation(), ...change });

it('says what computed, where that is another device than the processor', () => {
  const text = formatSummary(changed({ computedBy: 'webgpu (NVIDIA L4; by vulkaninfo)' })).replace(/\n +/g, ' ');
  expect(text).toContain(
    'Computed by webgpu (NVIDIA L4; by vulkaninfo). Another adapter, driver or onnxruntime may give other bytes',
  );
  expect(formatSummary(lenetEvaluation())).not.toContain('Computed by');
});

it('is one table of models, one of layers, and why the others stay float', () => {
  expect(formatSummary(lenetEvaluation(), lenetPlan())).toBe(
    `model           accuracy  points    loss  to float
float            90.15 %          0.2712
post-training    89.45 %   -0.70  0.2977   +0.0265
QAT fake-quant   90.00 %   -0.15  0.2741   +0.0029
integer          89.95 %   -0.20  0.2741   +0.0029
The integer and the fake-quant model agree on 99.95 % of the predictions (1,999 of 2,000).

layer  type          quantized     clip at start  clip at end      scale_d  offset_d  scale_w
conv2  Convolution   data, weight  [-6, 6]        [-2.317, 4.812]  0.02796       -45  0.0009016..0.002544 x 50
ip1    InnerProduct  data, weight  [-6, 6]        [-5.123, 8.703]  0.05422       -34  0.001221
ip2    InnerProduct  data, weight  [0, 6]         [0, 9.883]       0.03875      -128  0.002135

stay float
  conv1: skip_layers names it (quant.cfg:4)
  data: Data layers are not quantized
  pool1, pool2: MAX pooling is not quantized; AVE pooling is
  relu1: ReLU layers are not quantized
  accuracy: Accuracy layers are not quantized
  loss: SoftmaxWithLoss layers are not quantized
`,
  );
});

it('has one clip column where nothing was trained', () => {
  const text = formatSummary(lenetCalibrateOnly().evaluation);
  expect(text).not.toContain('QAT');
  expect(text).not.toContain('at start');
  expect(text).toContain('The integer and the post-training model agree');
});

it('has the warnings right under the models, wrapped', () => {
  const lines = linesOf(changed({ warnings: [`QAT lost: ${'word '.repeat(30)}`, 'second'] }));
  const [first, second, , last] = lines.slice(lines.findIndex((line) => line.startsWith('integer')) + 1);
  expect(last).toMatch(/^The integer and/);
  expect(first).toMatch(/^warning: QAT lost: word/);
  expect(second).toMatch(/^ {2}word/);
});

it('tells how many records there were where no classes are predicted', () => {
  expect(linesOf(changed({ agreement: {} }))).toContain('2,000 test records');
});

it('says that a layer without weights is quantized in its data alone', () => {
  const { scaleW: _, channelWise: __, ...pool } = lenetEvaluation().layers.find(({ name }) => name === 'ip2')!;
  expect(linesOf(changed({ layers: [{ ...pool, name: 'pool5', type: 'Pooling' }] }))).toContainEqual(
    expect.stringMatching(/^pool5 +Pooling +data +\[0, 6\].* -$/),
  );
});

it('names the channels whose weights gave way to their bias', () => {
  const layers = lenetEvaluation().layers.map((layer): LayerResult => {
    if (layer.name === 'ip1') return { ...layer, coarseChannels: [3] };
    return layer.name === 'conv2' ? { ...layer, deadChannels: Array.from({ length: 14 }, (_, i) => 2 * i) } : layer;
  });
  const lines = linesOf(changed({ layers }));
  const at = lines.indexOf('output channels without weights, which give their bias alone');
  expect(lines.slice(at, at + 5)).toEqual([
    'output channels without weights, which give their bias alone',
    '  conv2: 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 3 more',
    'output channels with coarser weights, so that their bias fits int32',
    '  ip1: 3',
    '',
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^conv2 .*14 of zeros$/));
});

it('says so where no layer is quantized', () => {
  expect(linesOf(changed({ layers: [] }))).toContain('No layer is quantized.');
});

it('puts more than four metrics beneath each other', () => {
  const metrics = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`loss${i}/a_long_name_of_a_top`, i / 7]));
  const lines = linesOf(changed({ models: { float: { metrics } }, accuracyMetrics: [] }));
  expect(lines.filter((line) => line.startsWith('model '))).toHaveLength(2);
});

it('leaves a metric blank that a model does not have', () => {
  const models = { float: { metrics: { accuracy: 1 } }, integer: { metrics: {} } };
  expect(linesOf(changed({ models }))).toContainEqual(expect.stringMatching(/^integer +-$/));
});

it('never is wider than 110 columns and keeps a line a layer, whatever the names and numbers', () => {
  const number = fc.float({ noNaN: true, noDefaultInfinity: true });
  const clip = fc.record({ max: number, min: number });
  const layer: fc.Arbitrary<LayerResult> = fc.record({
    name: fc.string({ unit: 'binary', maxLength: 150 }),
    type: fc.string({ maxLength: 40 }),
    quantized: fc.boolean(),
    reason: fc.string({ maxLength: 300 }),
    clip,
    initialClip: clip,
    scaleD: number,
    offsetD: fc.integer({ min: -128, max: 127 }),
    scaleW: fc.array(number, { maxLength: 5 }),
  });
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 6 }), fc.array(fc.string({ maxLength: 200 })), (layers, warnings) => {
      const evaluation = changed({ layers, warnings });
      const lines = linesOf(evaluation);
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(110);
      const head = lines.findIndex((line) => line.startsWith('layer '));
      const quantized = layers.filter(({ quantized }) => quantized).length;
      if (head >= 0) expect(lines.indexOf('', head) - head - 1).toBe(quantized);
      expect(formatSummary(evaluation)).toBe(formatSummary(structuredClone(evaluation)));
    }),
  );
});
