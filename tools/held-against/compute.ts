import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import {
  blobInput,
  type Device,
  elementCount,
  encodeModel,
  floatTensor,
  GraphBuilder,
  lowerNet,
  NetSession,
  type Shape,
  type Value,
} from '@caffe-quant/kernels';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import type { Draw } from './draw.ts';
import type { Setting } from './setting.ts';

/** A blob's elements, row-major. */
export interface Computed {
  shape: readonly number[];
  data: ArrayLike<number>;
}

/** What this project makes of one setting. */
export interface Outcome {
  prototxt: string;
  /** The layer's parameters as they were read. */
  layer: object;
  /** What a diagnostic of the layer said. */
  refused?: string;
  /** What else was thrown, or a diagnostic that is an internal error or names no layer: a fault. */
  failed?: string;
  tops: Computed[];
  params: Computed[];
  /** Gradients that were given to the tops; undefined where the layer has no backward pass. */
  given?: number[][];
  /** Of each bottom and parameter, where the layer has one. */
  gradients: { bottoms: (ArrayLike<number> | undefined)[]; params: (ArrayLike<number> | undefined)[] };
}

/** The setting as a net of one layer "it", whose first top is named alike (OpenCV asks now for one, now for the other), with bottoms "b0", "b1", .. */
export function prototxtOf({ type, text, bottoms, tops = 1 }: Setting): string {
  const inputs = bottoms.map(
    ({ shape }, i) =>
      `layer { name: "b${i}" type: "Input" top: "b${i}" input_param { shape { ${shape.map((dim) => `dim: ${dim}`).join(' ')} } } }`,
  );
  const names = [
    ...bottoms.map((_, i) => `bottom: "b${i}"`),
    ...Array.from({ length: tops }, (_, i) => `top: "${i === 0 ? 'it' : `it${i}`}"`),
  ];
  return [...inputs, `layer { name: "it" type: "${type}" ${names.join(' ')} ${text} }`].join('\n') + '\n';
}

/** Runs the setting, forward and backward. */
export async function compute(
  setting: Setting,
  draw: Draw,
  channelBlock: number,
  device: Device = 'cpu',
): Promise<Outcome> {
  const { phase = 'TEST', bottoms } = setting;
  const prototxt = prototxtOf(setting);
  const { net: read, diagnostics } = readNetText(prototxt, 'net.prototxt');
  const layer = read.layer.at(-1)!;
  const outcome: Outcome = { prototxt, layer, tops: [], params: [], gradients: { bottoms: [], params: [] } };
  try {
    if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
    const { graph } = buildNetGraph(read, { file: 'net.prototxt', phase });
    const g = new GraphBuilder({ channelBlock });
    const feeds: Record<string, Computed> = {};
    const inputShapes = new Map<string, Shape>(bottoms.map(({ shape }, i) => [`b${i}`, shape]));
    bottoms.forEach((bottom, i) => (feeds[blobInput(`b${i}`)] = bottom));
    const net = lowerNet(g, graph, { inputShapes });
    const lowered = net.layers.find((entry) => entry.layer.name === 'it')!.lowered;
    // What the layer does not name is not made.
    const tops = lowered.tops.slice(0, setting.tops ?? 1);
    const random = (shape: Shape, low = -1) => ({ shape, data: draw.numbers(elementCount(shape), low, low + 1.5) });
    for (const { key, shape } of net.params)
      outcome.params.push((feeds[`param/${key}`] = random(shape, setting.type === 'BatchNorm' ? 0.5 : -1)));
    for (const { name, shape } of net.carried) feeds[name] = { shape, data: new Float32Array(elementCount(shape)) };
    const wanted: [name: string, value: Value | undefined][] = tops.map((top, i) => [`top${i}`, top]);
    if (lowered.backward) {
      const dys = tops.map((top) => random(top.shape));
      outcome.given = dys.map(({ data }) => data);
      const values = dys.map(({ shape, data }, i) => {
        feeds[`dy${i}`] = { shape, data };
        return g.input(`dy${i}`, shape);
      });
      const needs = { bottoms: bottoms.map(({ learns }) => learns), params: net.params.map(() => true) };
      const gradients = lowered.backward(values, needs);
      bottoms.forEach(({ learns }, i) => wanted.push([`bottom${i}`, learns ? gradients.bottoms[i] : undefined]));
      net.params.forEach((_, i) => wanted.push([`gradient${i}`, gradients.params?.[i]]));
    }
    for (const [name, value] of wanted) if (value) g.output(name, value);
    const results = g.outputs.length > 0 ? await run(g, graph, feeds, device) : {};
    outcome.tops = tops.map(({ shape }, i) => ({ shape, data: results[`top${i}`]! }));
    outcome.gradients = {
      bottoms: bottoms.map((_, i) => results[`bottom${i}`]),
      params: net.params.map((_, i) => results[`gradient${i}`]),
    };
  } catch (error) {
    const first =
      error instanceof DiagnosticsError ? error.diagnostics.find(({ severity }) => severity === 'error') : undefined;
    const isNamed = first !== undefined && first.layer === 'it' && !['internal-error', 'engine'].includes(first.code);
    outcome[isNamed ? 'refused' : 'failed'] = first?.message ?? String(error);
  }
  return outcome;
}

async function run(
  g: GraphBuilder,
  graph: Parameters<typeof NetSession.open>[1],
  feeds: Readonly<Record<string, Computed>>,
  device: Device,
) {
  const session = await NetSession.open(encodeModel(g, { name: 'it' }), graph, { threads: 1, device });
  try {
    const inputs = g.inputs.map(({ name, shape }) => [name, floatTensor(Float32Array.from(feeds[name]!.data), shape)]);
    const results = await session.run(Object.fromEntries(inputs));
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
  } finally {
    await session.release();
  }
}
