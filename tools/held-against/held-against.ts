/**
 * Holds every layer type against PyTorch, which computes what the sources of Caffe say, and against OpenCV's dnn module:
 * odd settings, drawn at random from a seed, forward and backward.
 *
 *   npm run held-against -- [--settings 60] [--seed 1] [--type Pooling] [--out docs/held-against.md] [--device webgpu]
 *
 * With `--device webgpu` that device is held against the processor instead, which needs nothing else.
 *
 * Needs a Python with torch and cv2 (`CAFFE_QUANT_PYTHON`, default /usr/bin/python3). Prints a table with a row a type, and
 * each setting that differs; ends with 1 if there is one.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DATA_LAYERS } from '@caffe-quant/caffe-io';
import { channelBlock, type Device } from '@caffe-quant/kernels';
import { layerTypes } from '@caffe-quant/kernels/layer-types';
import { blobDifference, differenceOf, LIMITS } from './compare.ts';
import { compute, type Outcome } from './compute.ts';
import { deviceVerdict } from './device-verdict.ts';
import { Draw } from './draw.ts';
import type { DrawSetting, Setting } from './setting.ts';
import { LOSSES } from './settings/losses.ts';
import { SHAPES } from './settings/shapes.ts';
import { SOURCES } from './settings/sources.ts';
import { VALUES } from './settings/values.ts';
import { WINDOWS } from './settings/windows.ts';
import { document, type Row, table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    settings: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    type: { type: 'string' },
    out: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
  },
});

const DRAWN: Readonly<Record<string, DrawSetting>> = { ...LOSSES, ...SHAPES, ...SOURCES, ...VALUES, ...WINDOWS };

/** Types that are not drawn, and why. */
const NOT_DRAWN: Readonly<Record<string, string>> = {
  ConvolutionDepthwise: 'a DepthwiseConvolution of another name',
  DepthwiseConv: 'a DepthwiseConvolution of another name',
  Filter: 'its tops depend on the data: a net with it is refused',
  Squeeze: 'a Reshape by another name; float64 cases hold it',
  ...Object.fromEntries([...DATA_LAYERS.keys()].map((type) => [type, 'the tests of caffe-io hold it'])),
  ...Object.fromEntries(
    ['DeQuant', 'Quant', 'MultiBoxLoss', 'DetectionOutput', 'DetectionEvaluate'].map((type) => [
      type,
      'goldens hold it',
    ]),
  ),
};

interface Answer {
  refused?: string;
  /** The reference itself is at fault. */
  failed?: string;
  tops?: { shape: number[]; data: (number | string)[] }[];
  bottoms?: ((number | string)[] | null)[];
  params?: (number | string)[][];
  opencv?: { shape: number[]; data: (number | string)[] };
}

interface Answers {
  torch: string;
  opencv: string;
  answers: Answer[];
}

/** Python's answers on all settings. */
function ask(tried: readonly { setting: Setting; outcome: Outcome }[]): Answers {
  const cases = tried.map(({ setting, outcome }) => ({
    type: setting.type,
    phase: setting.phase ?? 'TEST',
    tops: setting.tops ?? 1,
    prototxt: outcome.prototxt,
    layer: outcome.layer,
    bottoms: setting.bottoms,
    params: isComputed(outcome) ? outcome.params : null,
    gradients: outcome.given ?? null,
  }));
  const folder = mkdtempSync(join(tmpdir(), 'held-against-'));
  try {
    const [input, output] = [join(folder, 'cases.json'), join(folder, 'answers.json')];
    writeFileSync(
      input,
      JSON.stringify(cases, (_, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value)),
    );
    const python = process.env['CAFFE_QUANT_PYTHON'] ?? '/usr/bin/python3';
    execFileSync(python, [join(process.cwd(), 'tools/held-against/reference/main.py'), input, output], {
      stdio: 'inherit',
    });
    return JSON.parse(readFileSync(output, 'utf8')) as Answers;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isComputed = ({ refused, failed }: Outcome): boolean => refused === undefined && failed === undefined;

/** What is different between an outcome and its answer; undefined where both agree. */
function verdict(outcome: Outcome, answer: Answer): string | undefined {
  if (outcome.failed !== undefined) return `no diagnostic of the layer: ${outcome.failed}`;
  if (answer.failed !== undefined) return `the reference fails: ${answer.failed}`;
  if (answer.refused !== undefined)
    return outcome.refused === undefined ? `Caffe refuses it: ${answer.refused}` : undefined;
  if (outcome.refused !== undefined) return `refused: ${outcome.refused}`;
  const tops = answer.tops!;
  if (tops.length !== outcome.tops.length) return `${outcome.tops.length} tops, not ${tops.length}`;
  for (const [i, top] of outcome.tops.entries()) {
    const difference = blobDifference(top, tops[i]!);
    if (difference) return `top ${i}: ${difference}`;
  }
  for (const [what, ours, theirs] of [
    ['bottom', outcome.gradients.bottoms, answer.bottoms],
    ['blob', outcome.gradients.params, answer.params],
  ] as const) {
    for (const [i, gradient] of (theirs ?? []).entries()) {
      if (!gradient) continue;
      // Blobs that are statistics have no gradient.
      if (!ours[i] && what === 'blob') continue;
      const difference = ours[i] ? differenceOf(ours[i], gradient, LIMITS.gradient) : 'has no gradient';
      if (difference) return `gradient of ${what} ${i}: ${difference}`;
    }
  }
  return undefined;
}

const notDrawn = layerTypes()
  .map(({ type }) => type)
  .filter((type) => !(type in DRAWN) && !(type in NOT_DRAWN));
if (notDrawn.length > 0)
  throw new Error(`settings of ${notDrawn} are not drawn: add them to tools/held-against/settings`);

const drawOf = (type: string) =>
  new Draw(Number(options.seed) * 7919 + [...type].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
const types = Object.entries(DRAWN).filter(([type]) => options.type === undefined || options.type === type);
process.exitCode =
  (options.device === 'cpu' ? await holdAgainstReferences() : await holdDevice(options.device as Device)) === 0 ? 0 : 1;

/** @returns how many settings the device computes otherwise than the processor */
async function holdDevice(device: Device): Promise<number> {
  let different = 0;
  for (const [type, drawSetting] of types) {
    let [equal, bothRefuse] = [0, 0];
    // Both draw the same.
    const [draw, again] = [drawOf(type), drawOf(type)];
    for (let i = 0; i < Number(options.settings); i++) {
      const processor = await compute({ type, ...drawSetting(draw) }, draw, 1);
      const setting = { type, ...drawSetting(again) };
      const difference = deviceVerdict(await compute(setting, again, 1, device), processor);
      if (difference === undefined && processor.refused !== undefined) bothRefuse++;
      else if (difference === undefined) equal++;
      else console.log(`${setting.phase ?? 'TEST'}: ${difference}\n${processor.prototxt}`);
    }
    const refused = bothRefuse > 0 ? `, ${bothRefuse} refused by both` : '';
    console.log(`${type}: ${equal} of ${options.settings} as on the processor${refused}`);
    different += Number(options.settings) - equal - bothRefuse;
  }
  return different;
}

/** @returns how many settings differ from the references */
async function holdAgainstReferences(): Promise<number> {
  const block = await channelBlock();
  const tried: { setting: Setting; outcome: Outcome }[] = [];
  for (const [type, drawSetting] of types) {
    const draw = drawOf(type);
    for (let i = 0; i < Number(options.settings); i++) {
      const setting = { type, ...drawSetting(draw) };
      tried.push({ setting, outcome: await compute(setting, draw, block) });
    }
  }
  const { answers, ...versions } = ask(tried);
  const rows = new Map<string, Row>();
  let different = 0;
  for (const [i, { setting, outcome }] of tried.entries()) {
    const answer = answers[i]!;
    const row = rows.get(setting.type) ?? {
      equal: 0,
      bothRefuse: 0,
      oursRefuses: 0,
      different: 0,
      opencv: { equal: 0, different: 0 },
    };
    rows.set(setting.type, row);
    const difference = verdict(outcome, answer);
    if (difference === undefined) row[isComputed(outcome) ? 'equal' : 'bothRefuse']++;
    else {
      row[outcome.refused === undefined ? 'different' : 'oursRefuses']++;
      different++;
      console.log(`${setting.phase ?? 'TEST'}: ${difference}\n${outcome.prototxt}`);
    }
    // OpenCV computes as in TEST.
    const isPhaseless = setting.phase !== 'TRAIN' || !['BatchNorm', 'Dropout'].includes(setting.type);
    if (answer.opencv && outcome.tops[0] && isPhaseless) {
      row.opencv[blobDifference(outcome.tops[0], answer.opencv) === undefined ? 'equal' : 'different']++;
    }
  }
  console.log(table(rows));
  if (options.out !== undefined)
    writeFileSync(options.out, document(rows, { ...versions, settings: options.settings, seed: options.seed }));
  return different;
}
