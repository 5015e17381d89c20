import { type LayerParameter, readCaffemodel, readNetText } from '@caffe-quant/caffe-io';
import type { DeployFiles } from '../integer/integer-model.ts';
import { readRecord } from '../record/scale-offset-record.ts';

interface Blob {
  shape: number[];
  data: Float64Array | Float32Array;
}

const { abs, floor, fround, max, min, ceil } = Math;

/** To the nearest integer, halves to even. */
function rint(value: number): number {
  const below = floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && abs(below % 2) === 1) ? below + 1 : below;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/**
 * A deploy model computed by the book: integers in float64, one loop after the other, nothing shared with what it is the
 * measure of but the readers of the files. Knows Convolution, Deconvolution (without groups), InnerProduct, ReLU, Pooling,
 * Quant and DeQuant.
 */
export function referenceDeploy(files: DeployFiles, inputs: ReadonlyMap<string, Blob>): Map<string, Blob> {
  const { net } = readNetText(files.prototxt.text, files.prototxt.file);
  const weights = new Map(
    readCaffemodel(files.caffemodel.bytes, files.caffemodel.file).layers.map(({ name, blobs }) => [name, blobs]),
  );
  const records = readRecord(files.record.text, files.record.file).layers;
  const blobs = new Map(inputs);
  for (const layer of net.layer) {
    if (layer.type === 'Input') continue;
    const x = blobs.get(layer.bottom[0]!)!;
    const own = weights.get(layer.name!) ?? [];
    const integers = { w: own[0]?.int8 ?? own[0]?.data, b: own[1]?.int32 ?? own[1]?.data, shape: own[0]?.shape ?? [] };
    const compute = (): Blob => {
      switch (layer.type) {
        case 'Quant': {
          const { scale_d: scale, offset_d: offset } = records.get(layer.quant_param!.object_layer!.split('-')[0]!)!;
          return map(x, (value) => max(-128, min(127, rint(fround(value / scale!)) + offset!)) - offset!);
        }
        case 'DeQuant': {
          const factors = [...own[0]!.uint64!].map((bits) => {
            const view = new DataView(new ArrayBuffer(8));
            view.setBigUint64(0, bits);
            return view.getFloat32(4);
          });
          const inner = sizeOf(x.shape.slice(2));
          return map(x, (acc, i) => {
            const channel = factors.length === 1 ? 0 : floor(i / inner) % x.shape[1]!;
            return fround(fround(acc) * factors[channel]!);
          });
        }
        case 'ReLU':
          return map(x, (value) => max(value, 0));
        case 'Convolution':
          return convolve(layer, x, integers.shape, integers.w!, integers.b);
        case 'Deconvolution':
          return deconvolve(layer, x, integers.shape, integers.w!, integers.b);
        case 'InnerProduct':
          return multiply(x, integers.shape, integers.w!, integers.b);
        case 'Pooling':
          return pool(layer, x);
        default:
          throw new Error(`no reference for ${layer.type}`);
      }
    };
    blobs.set(layer.top[0]!, compute());
  }
  return blobs;
}

const map = ({ shape, data }: Blob, value: (x: number, i: number) => number): Blob => ({
  shape,
  data: Float64Array.from(data, value),
});

function convolve(
  { convolution_param: settings }: LayerParameter,
  { shape: [n, , h, w], data }: Blob,
  kernel: readonly number[],
  weights: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
): Blob {
  const [outputs, perGroup, kh, kw] = kernel as [number, number, number, number];
  const { group = 1, stride: [s = 1] = [], pad: [p = 0] = [], dilation: [d = 1] = [] } = settings!;
  const channels = perGroup * group;
  const oh = floor((h! + 2 * p - d * (kh - 1) - 1) / s) + 1;
  const ow = floor((w! + 2 * p - d * (kw - 1) - 1) / s) + 1;
  const y = new Float64Array(n! * outputs * oh * ow);
  for (let i = 0; i < y.length; i++) {
    const [image, o, row, column] = [
      floor(i / (outputs * oh * ow)),
      floor(i / (oh * ow)) % outputs,
      floor(i / ow) % oh,
      i % ow,
    ];
    const first = floor(o / (outputs / group)) * perGroup;
    let sum = bias?.[o] ?? 0;
    for (let c = 0; c < perGroup; c++) {
      for (let a = 0; a < kh; a++) {
        for (let b = 0; b < kw; b++) {
          const [r, q] = [row * s - p + a * d, column * s - p + b * d];
          if (r < 0 || r >= h! || q < 0 || q >= w!) continue;
          sum +=
            weights[((o * perGroup + c) * kh + a) * kw + b]! *
            data[((image * channels + first + c) * h! + r) * w! + q]!;
        }
      }
    }
    y[i] = sum;
  }
  return { shape: [n!, outputs, oh, ow], data: y };
}

/** Each input spreads over its window. */
function deconvolve(
  { convolution_param: settings }: LayerParameter,
  { shape: [n, channels, h, w], data }: Blob,
  kernel: readonly number[],
  weights: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
): Blob {
  const [, outputs, kh, kw] = kernel as [number, number, number, number];
  const { stride: [s = 1] = [], pad: [p = 0] = [], dilation: [d = 1] = [] } = settings!;
  const oh = s * (h! - 1) + d * (kh - 1) + 1 - 2 * p;
  const ow = s * (w! - 1) + d * (kw - 1) + 1 - 2 * p;
  const y = Float64Array.from(
    { length: n! * outputs * oh * ow },
    (_, i) => bias?.[floor(i / (oh * ow)) % outputs] ?? 0,
  );
  data.forEach((value, i) => {
    const [image, c, row, column] = [
      floor(i / (channels! * h! * w!)),
      floor(i / (h! * w!)) % channels!,
      floor(i / w!) % h!,
      i % w!,
    ];
    for (let o = 0; o < outputs; o++) {
      for (let tap = 0; tap < kh * kw; tap++) {
        const [r, q] = [row * s - p + floor(tap / kw) * d, column * s - p + (tap % kw) * d];
        if (r < 0 || r >= oh || q < 0 || q >= ow) continue;
        const target = ((image * outputs + o) * oh + r) * ow + q;
        y[target] = y[target]! + weights[(c * outputs + o) * kh * kw + tap]! * value;
      }
    }
  });
  return { shape: [n!, outputs, oh, ow], data: y };
}

function multiply(
  { shape, data }: Blob,
  [outputs, inner]: readonly number[],
  weights: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
): Blob {
  const rows = shape[0]!;
  const y = Float64Array.from({ length: rows * outputs! }, (_, i) => {
    const [row, o] = [floor(i / outputs!), i % outputs!];
    let sum = bias?.[o] ?? 0;
    for (let k = 0; k < inner!; k++) sum += weights[o * inner! + k]! * data[row * inner! + k]!;
    return sum;
  });
  return { shape: [rows, outputs!], data: y };
}

function pool({ pooling_param: settings }: LayerParameter, { shape: [n, c, h, w], data }: Blob): Blob {
  const { kernel_size: k = 1, stride: s = 1, pool: method } = settings!;
  const [oh, ow] = [ceil((h! - k) / s) + 1, ceil((w! - k) / s) + 1];
  const y = Float64Array.from({ length: n! * c! * oh * ow }, (_, i) => {
    const [plane, row, column] = [floor(i / (oh * ow)), floor(i / ow) % oh, i % ow];
    let [sum, largest, count] = [0, -Infinity, 0];
    for (let r = row * s; r < min(row * s + k, h!); r++) {
      for (let q = column * s; q < min(column * s + k, w!); q++) {
        const value = data[(plane * h! + r) * w! + q]!;
        sum += value;
        largest = max(largest, value);
        count++;
      }
    }
    return method === 'AVE' ? fround(sum / count) : largest;
  });
  return { shape: [n!, c!, oh, ow], data: y };
}
