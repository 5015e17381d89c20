import { GraphBuilder, type Value } from '../graph/graph-builder.ts';
import { readGoldens, relativeError, type TensorRef } from '../testing/goldens.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { runGraph } from '../testing/run-graph.ts';
import type { TensorData } from '../graph/session.ts';
import { LayerError, type Phase } from './layer.ts';
import { LAYER_KERNELS } from './registry.ts';

interface GoldenBlob {
  shape: number[];
  data: TensorRef;
  diff?: TensorRef;
}

interface LayerCase {
  name: string;
  phase: Phase;
  layer: string;
  bottoms: GoldenBlob[];
  params: GoldenBlob[];
  tops: GoldenBlob[];
}

/** What this project does not compute, by golden; each must be refused by name. */
const REFUSED: Record<string, RegExp> = { 'Convolution conv3d_k2': /expected a bottom \[N, C, H, W\]/ };

/** Caffe's two builds differ by 2.2e-7 of a tensor's largest value, another BLAS by 4e-7. */
const TOLERANCE = 2e-6;

/** AMCT's own layers have goldens of another form, in quant.spec.ts. */
const CAFFE_LAYERS = [...LAYER_KERNELS.keys()].filter((type) => type !== 'Quant' && type !== 'DeQuant');

describe.each(CAFFE_LAYERS)('%s equals Caffe', (type) => {
  const goldens = readGoldens<LayerCase>(`layers/${type}`);
  const kernel = LAYER_KERNELS.get(type)!;

  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', async (name, golden) => {
    const layer = parseLayer(golden.layer);
    const feeds: Record<string, TensorData> = {};
    const blobInput = (g: GraphBuilder, inputName: string, shape: number[], ref: TensorRef): Value => {
      feeds[inputName] = goldens.f32(ref);
      return g.input(inputName, shape);
    };
    const build = (g: GraphBuilder): Record<string, Value> => {
      const bottoms = golden.bottoms.map((blob, i) => blobInput(g, `b${i}`, blob.shape, blob.data));
      const params = golden.params.map((blob, i) => blobInput(g, `p${i}`, blob.shape, blob.data));
      const specs = kernel.params?.(
        layer,
        bottoms.map(({ shape }) => shape),
      );
      expect((specs ?? []).map(({ shape }) => shape)).toEqual(golden.params.map(({ shape }) => shape));
      const lowered = kernel.lower({ g, layer, phase: golden.phase, bottoms, params });
      const results: Record<string, Value> = {};
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
    const refusal = REFUSED[`${type} ${name}`];
    if (refusal) {
      expect(() => build(new GraphBuilder())).toThrow(LayerError);
      expect(() => build(new GraphBuilder())).toThrow(refusal);
      return;
    }
    const out = await runGraph(build, feeds);
    const compare = (output: string, ref: TensorRef | undefined) => {
      if (ref) expect([output, relativeError(out[output]!, goldens.f32(ref)) < TOLERANCE]).toEqual([output, true]);
    };
    golden.tops.forEach((blob, i) => compare(`top${i}`, blob.data));
    golden.bottoms.forEach((blob, i) => compare(`db${i}`, blob.diff));
    golden.params.forEach((blob, i) => compare(`dp${i}`, blob.diff));
  });
});
