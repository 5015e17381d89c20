/**
 * The plan as AMCT's JSON config (retrain_config.json), laid out as its `create_quant_retrain_config` does it: Python's
 * `json.dump(config, indent=4, separators=(',', ':'))`, every layer that can be quantized in net order, skipped ones with
 * the settings that they would have.
 */
import type { ClipRange } from '@caffe-quant/kernels/layer-types';
import type { LayerPlan, QuantPlan } from './plan.ts';

/** The file's text; like AMCT's, it ends without a newline. */
export function formatRetrainJson(plan: QuantPlan): string {
  const members: [string, PythonValue][] = [['version', int(1)]];
  if (plan.batchNumSource.level !== 'default') members.push(['batch_num', int(plan.batchNum)]);
  for (const layer of plan.layers) if (layer.quantizable) members.push([layer.name, object(layerMembers(layer))]);
  return print(object(members), 0);
}

function layerMembers({ quantized, data, weight, skippedSettings }: LayerPlan): [string, PythonValue][] {
  const clip = data ? data.clip : skippedSettings?.clip;
  const explicit = data?.sources.fixedMin.level !== 'default';
  const fixedMin = data ? (explicit ? data.fixedMin : undefined) : skippedSettings?.fixedMin;
  return [
    ['retrain_enable', quantized],
    ['retrain_data_config', object(dataMembers(clip, fixedMin))],
    [
      'retrain_weight_config',
      object([
        ['algo', 'arq_retrain'],
        ['channel_wise', weight?.channelWise ?? skippedSettings?.channelWise ?? false],
      ]),
    ],
  ];
}

function dataMembers(clip: ClipRange | undefined, fixedMin: boolean | undefined): [string, PythonValue][] {
  const members: [string, PythonValue][] = [['algo', 'ulq_quantize']];
  if (clip) members.push(['clip_max', float(clip.max)], ['clip_min', float(clip.min)]);
  // Written only where the config gives it: AMCT decides the rest when it builds the training net.
  if (fixedMin !== undefined) members.push(['fixed_min', fixedMin]);
  return members;
}

type PythonValue = string | boolean | { int: number } | { float: number } | { members: [string, PythonValue][] };

function int(value: number): PythonValue {
  return { int: value };
}

function float(value: number): PythonValue {
  return { float: value };
}

function object(members: [string, PythonValue][]): PythonValue {
  return { members };
}

function print(value: PythonValue, depth: number): string {
  if (typeof value === 'string') return pythonString(value);
  if (typeof value === 'boolean') return String(value);
  if ('int' in value) return String(value.int);
  if ('float' in value) return pythonFloat(value.float);
  const indent = '    '.repeat(depth + 1);
  const lines = value.members.map(([key, member]) => `${indent}${pythonString(key)}:${print(member, depth + 1)}`);
  return `{\n${lines.join(',\n')}\n${'    '.repeat(depth)}}`;
}

/** Python writes ASCII only. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Python's repr of a float: `6.0`, `0.6000000238418579`, `1e-05`, `1e+16`. */
function pythonFloat(value: number): string {
  const [mantissa = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const digits = mantissa.replace(/[-.]/g, '');
  const negative = value < 0 ? '-' : '';
  if (exponent < 0) return `${negative}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${negative}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
