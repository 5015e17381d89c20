import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { elementCount, GraphBuilder, type Value } from '../graph/graph-builder.ts';
import { readGoldens, relativeError, type TensorRef } from '../testing/goldens.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { runGraph } from '../testing/run-graph.ts';
import type { TensorData } from '../graph/session.ts';
import type { Phase } from './layer.ts';
import { LAYER_KERNELS } from './registry.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';

interface GoldenBlob {
  shape: number[];
  data: TensorRef;
  diff?: TensorRef;
  /** What the forward passes make of a blob that is state. */
  after?: TensorRef;
}

interface LayerCase {
  name: string;
  phase: Phase;
  layer: string;
  bottoms: GoldenBlob[];
  params: GoldenBlob[];
  tops: GoldenBlob[];
  /** The forward passes before the last, over the same bottoms. */
  earlier_forwards?: { tops: TensorRef[]; params_after: TensorRef[] }[];
}

/** Caffe's two builds differ by 2.2e-7 of a tensor's largest value, another BLAS by 4e-7. */
const TOLERANCE = 2e-6;

const FOLDER = join(__dirname, '../../fixtures/goldens/layers');
/** The others are held against float64 references: numeric-gradients.spec.ts fails for a type that has neither. */
const CAFFE_LAYERS = [...LAYER_KERNELS.keys()].filter((type) => existsSync(join(FOLDER, `${type}.json`)));

describe.each(CAFFE_LAYERS)('%s equals Caffe', (type) => {
  const goldens = readGoldens<LayerCase>(`layers/${type}`);
  const kernel = LAYER_KERNELS.get(type)!;

  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    const layer = parseLayer(golden.layer);
    const feeds: Record<string, TensorData> = {};
    let states: Record<string, TensorData> = {};
    const blobInput = (g: GraphBuilder, inputName: string, shape: number[], ref: TensorRef): Value => {
      feeds[inputName] = goldens.f32(ref);
      return g.input(inputName, shape);
    };
    const build = (g: GraphBuilder): Record<string, Value> => {
      const bottoms = golden.bottoms.map((blob, i) => blobInput(g, `b${i}`, blob.shape, blob.data));
      const params = golden.params.map((blob, i) => blobInput(g, `p${i}`, blob.shape, blob.data));
      const specs = paramsOfLayer(
        kernel,
        layer,
        bottoms.map(({ shape }) => shape),
      );
      expect((specs ?? []).map(({ shape }) => shape)).toEqual(golden.params.map(({ shape }) => shape));
      const results: Record<string, Value> = {};
      const lowered = lowerLayer(kernel, layer, {
        g,
        phase: golden.phase,
        bottoms,
        params,
        topShapes: golden.tops.map(({ shape }) => shape),
        state: (name, shape) => {
          feeds[`state/${name}`] = states[name] ?? new Float32Array(elementCount(shape));
          return g.input(`state/${name}`, shape);
        },
      });
      for (const [name, value] of Object.entries(lowered.nextState ?? {})) results[`next/${name}`] = value;
      lowered.updatedParams?.forEach((value, i) => {
        if (value) results[`after${i}`] = value;
      });
      golden.tops.forEach((blob, i) => {
        expect(lowered.tops[i]!.shape).toEqual(blob.shape);
        results[`top${i}`] = lowered.tops[i]!;
      });
      if (lowered.backward) {
        const gradients = lowered.backward(
          golden.tops.map((top, i) => top.diff && blobInput(g, `dt${i}`, top.shape, top.diff)),
          {
            bottoms: golden.bottoms.map((blob) => Boolean(blob.diff)),
            params: golden.params.map((blob) => Boolean(blob.diff)),
          },
        );
        golden.bottoms.forEach((blob, i) => {
          if (blob.diff) results[`db${i}`] = gradients.bottoms[i]!;
        });
        golden.params.forEach((blob, i) => {
          if (blob.diff) results[`dp${i}`] = gradients.params![i]!;
        });
      }
      return results;
    };
    const compare = (out: Record<string, Float32Array>, output: string, ref: TensorRef | undefined) => {
      if (ref) expect([output, relativeError(out[output]!, goldens.f32(ref)) < TOLERANCE]).toEqual([output, true]);
    };
    if (golden.tops.length === 0) return expect(Object.keys(build(new GraphBuilder()))).toEqual([]);
    // Building again sets the blobs to where they start from.
    const passes = golden.earlier_forwards ?? [];
    let blobs: TensorData[] | undefined;
    const forward = async (threads?: number) => {
      return runGraph(
        (g) => {
          const results = build(g);
          blobs?.forEach((blob, i) => (feeds[`p${i}`] = blob));
          return results;
        },
        feeds,
        threads,
      );
    };
    for (const pass of passes) {
      const out = await forward();
      pass.tops.forEach((ref, i) => compare(out, `top${i}`, ref));
      pass.params_after.forEach((ref, i) => compare(out, `after${i}`, `after${i}` in out ? ref : undefined));
      blobs = golden.params.map((_, i) => out[`after${i}`] ?? feeds[`p${i}`]!);
      states = Object.fromEntries(Object.entries(out).map(([name, value]) => [name.replace('next/', ''), value]));
    }
    const out = await forward();
    expect(await forward(4)).toEqual(out);
    golden.tops.forEach((blob, i) => compare(out, `top${i}`, blob.data));
    golden.bottoms.forEach((blob, i) => compare(out, `db${i}`, blob.diff));
    golden.params.forEach((blob, i) => compare(out, `dp${i}`, blob.diff));
    golden.params.forEach((blob, i) => compare(out, `after${i}`, blob.after));
  });
});
