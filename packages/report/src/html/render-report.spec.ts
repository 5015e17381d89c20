import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { renderReport } from '../index.ts';
import type { ReportInput } from '../index.ts';
import { lenetCalibrateOnly, lenetReport } from '../testing/lenet-report.ts';

/** The words of a page, without tags, and pictures as their titles. */
function wordsOf(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<text [\s\S]*?<\/text>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');
}

const pathsIn = (html: string) => [...html.matchAll(/ d="([^"]*)"/g)].map(([, path = '']) => path);
const figuresIn = (html: string) => [...html.matchAll(/<figcaption><b>([^<]*)<\/b>/g)].map(([, caption]) => caption);

it('is the same bytes for the same input', () => {
  const html = renderReport(lenetReport());
  expect(renderReport(structuredClone(lenetReport()))).toBe(html);
  expect(html.endsWith('</html>\n')).toBe(true);
});

it('needs nothing from outside and lets nothing run', () => {
  const html = renderReport(lenetReport());
  expect(html).not.toMatch(/<(script|link|img|iframe|object|base)\b|\b(src|style|on\w+)=|url\(|@import|https?:/i);
  expect(
    [...html.matchAll(/href="([^"]*)"/g)].every(([, target = '']) => html.includes(`id="${target.slice(1)}"`)),
  ).toBe(true);
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '';
  expect(html).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
});

it('says what computed, what of it is not the same bytes elsewhere, and what each iteration moved; nothing of the processor', () => {
  const input = lenetReport();
  const device = {
    name: 'webgpu',
    toDevice: { data: 200_960, ranges: 87 },
    fromDevice: { scalars: 56 },
    kept: 3_448_688,
  };
  const words = wordsOf(
    renderReport({
      ...input,
      evaluation: { ...input.evaluation, computedBy: 'webgpu (NVIDIA L4, driver NVIDIA 535.104.05; by vulkaninfo)' },
      training: { ...input.training!, result: { ...input.training!.result, device } },
    }),
  );
  for (const expected of [
    'The nets were computed by webgpu (NVIDIA L4, driver NVIDIA 535.104.05; by vulkaninfo), and what it made',
    'Not the same bytes with another adapter, driver or version of onnxruntime',
    'Each training iteration sent 201,047 bytes to the device and read 56 back; 3,448,688 bytes of weights',
  ]) {
    expect(words).toContain(expected);
  }
  expect(wordsOf(renderReport(input))).not.toContain('Device');
});

it('tells the story: verdict, models, training, each layer with its sources, what stays float, files', () => {
  const words = wordsOf(renderReport(lenetReport()));
  for (const expected of [
    'Accuracy kept',
    '0.20 points below',
    'QAT fake-quant 90.00 % -0.15',
    'Training ran 1,000 iterations of 64 of 4,000 records (16 epochs).',
    'Tests during training iterations accuracy loss 500 0.898 0.28 1,000 0.9 0.28',
    'An update made a clip range illegal 2 times',
    'Quantized: override_layer_types names its type InnerProduct ( quant.cfg:5 ).',
    'clip range at start [-6, 6] clips 6.74 % global settings, quant.cfg:2',
    'clip range at end [-5.1234, 8.70312]',
    'scale_d 0.027958216',
    "alone 38.3 dB signal to noise of the net's outputs with only this layer quantized",
    'channel_wise true global settings, quant.cfg:3',
    'fixed_min overrides clip_min -6',
    'conv1 skip_layers names it quant.cfg:4',
    'pool1, pool2 MAX pooling is not quantized',
    'lenet_int8.onnx int8 ONNX model 440 kB',
    'lenet_float.caffemodel weights 1.7 MB',
  ]) {
    expect(words).toContain(expected);
  }
});

it('says so where nothing was trained, and shows no curves', () => {
  const html = renderReport(lenetCalibrateOnly());
  expect(wordsOf(html)).toContain('Nothing was trained');
  expect(wordsOf(html)).not.toMatch(/restores|at start|learned/);
  expect(new Set(figuresIn(html))).toEqual(new Set(['Inputs in calibration', 'Weight scales']));
});

it.each<[string, (input: ReportInput) => void, string]>([
  ['files', (input) => (input.files = []), 'Files written'],
  ['inputs', (input) => (input.inputs = []), 'Made from'],
  [
    'float layers',
    ({ evaluation }) => (evaluation.layers = evaluation.layers.filter((l) => l.quantized)),
    'stay float',
  ],
  ['recorded steps', ({ training }) => (training!.steps = []), 'Learning rate'],
  ['histograms', ({ calibration }) => (calibration.quantizers = []), 'Inputs in calibration'],
])('leaves out what has no %s', (_, change, missing) => {
  const input = lenetReport();
  expect(wordsOf(renderReport(input))).toContain(missing);
  change(input);
  expect(wordsOf(renderReport(input))).not.toContain(missing);
});

it('says so where no layer is quantized', () => {
  const input = lenetReport();
  for (const layer of input.evaluation.layers) layer.quantized = false;
  expect(wordsOf(renderReport(input))).toContain('No layer is quantized.');
});

it('shows the warnings', () => {
  const input = lenetReport();
  input.evaluation.warnings = ['QAT is below post-training'];
  expect(wordsOf(renderReport(input))).toContain('Warning QAT is below post-training');
});

it('names layers that share a data quantizer', () => {
  const input = lenetReport();
  input.plan.quantizers[1]!.layers.push('ip1b');
  expect(wordsOf(renderReport(input))).toContain('data quantizer shared with ip1b');
});

it('draws long trainings with few points', () => {
  const input = lenetReport();
  const [step] = input.training!.steps;
  const noisy = (i: number) => ((i * 7919) % 1009) / 1009;
  input.training!.steps = Array.from({ length: 20_000 }, (_, iteration) => ({
    ...step!,
    iteration,
    loss: noisy(iteration),
    clips: { conv2: [5 + noisy(iteration), -5 - noisy(iteration * 3)] },
  }));
  for (const path of pathsIn(renderReport(input))) expect(path.split('L').length).toBeLessThanOrEqual(800);
});

it('draws whatever numbers it gets', () => {
  const number = fc.float({ noNaN: true, noDefaultInfinity: true });
  const clip = fc.tuple(number, number).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
  const observed = fc.record({
    count: fc.nat(),
    min: number.map((value) => -Math.abs(value)),
    max: number.map(Math.abs),
    bins: fc.array(fc.nat(), { minLength: 1, maxLength: 64 }),
  });
  const scales = fc.array(fc.float({ min: Math.fround(1.2e-7), max: Math.fround(8e6), noNaN: true }));
  fc.assert(
    fc.property(clip, clip, observed, scales, number, (initialClip, end, seen, scaleW, loss) => {
      const input = lenetReport();
      Object.assign(input.evaluation.layers[3]!, { initialClip, clip: end, scaleW });
      Object.assign(input.calibration.quantizers[0]!, { observed: seen });
      input.training!.steps = [
        { iteration: 0, loss, learningRate: 0, clips: { conv2: [initialClip.max, initialClip.min] } },
        { iteration: 1, loss: 0, learningRate: 0.1, clips: { conv2: [end.max, end.min] } },
      ];
      for (const path of pathsIn(renderReport(input))) expect(path).not.toMatch(/NaN|Infinity|undefined|e[-+]/);
    }),
    { numRuns: 60 },
  );
});

describe('what the user wrote', () => {
  const ENUMERATIONS = new Set(['level', 'origin', 'compat', 'sha256']);

  /** All texts of the input, names of records among them, with `more` at their end. */
  function extend<T>(value: T, more: string, key = ''): T {
    if (typeof value === 'string') return (ENUMERATIONS.has(key) ? value : value + more) as T;
    if (Array.isArray(value)) return value.map((each: unknown) => extend(each, more, key)) as T;
    if (typeof value !== 'object' || value === null) return value;
    const names = ['metrics', 'finalClips', 'restores', 'clips'].includes(key);
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [names ? name + more : name, extend(each as unknown, more, name)]),
    ) as T;
  }

  /** Tags and names of attributes alone. */
  const skeletonOf = (html: string) =>
    (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""')).join('\n');

  it('never becomes a tag, an attribute or a link', () => {
    const small = lenetReport();
    small.training!.steps.length = 3;
    small.evaluation.warnings = ['warning'];
    const plain = skeletonOf(renderReport(extend(small, 'x')));
    const hostile = fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '`',
        '=',
        ' ',
        '\n',
        '\0',
        '\ud800',
        '/',
        'x',
        '</style>',
        '<script>',
        '-->',
        ']]>',
        '<!--',
        ' onload=',
      ),
      minLength: 1,
    });
    fc.assert(
      fc.property(hostile, (more) => expect(skeletonOf(renderReport(extend(small, more)))).toBe(plain)),
      { numRuns: 60 },
    );
  });
});

it('says which weights were taken where not the last ones were, and which values are better', () => {
  const report = lenetReport();
  const { training, evaluation } = report;
  const selected = { iteration: 500, metric: 'accuracy', value: 0.898 };
  const html = renderReport({
    ...report,
    training: { ...training!, result: { ...training!.result, selected } },
    evaluation: { ...evaluation, better: { accuracy: 'higher', loss: 'lower' } },
  });
  expect(wordsOf(html)).toContain(
    'The weights after 500 iterations were taken, the best of the tests: accuracy 0.898 on all test records.',
  );
  expect(html).toContain('accuracy <abbr title="higher is better">');
  expect(html).toContain('loss <abbr title="lower is better">');
});
