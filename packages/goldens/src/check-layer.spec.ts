import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAYER_KERNELS } from '@caffe-quant/kernels';
import { checkLayer, type LayerCase } from './check-layer.ts';
import { Comparison } from './comparison.ts';
import { openGoldenSet } from './golden-set.ts';

/** Caffe's two builds differ by 2.2e-7 of a tensor's largest value, another BLAS by 4e-7. */
const TOLERANCE = 2e-6;

const FOLDER = join(__dirname, '../../kernels/fixtures/goldens/layers');
/** The others are held against float64 references: numeric-gradients.spec.ts fails for a type that has neither. */
const CAFFE_LAYERS = [...LAYER_KERNELS.keys()].filter((type) => existsSync(join(FOLDER, `${type}.json`)));

describe.each(CAFFE_LAYERS)('%s equals Caffe', (type) => {
  const goldens = openGoldenSet<LayerCase>(join(FOLDER, `${type}.json`));

  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    const [one, four] = [new Comparison(), new Comparison()];
    await checkLayer(golden, goldens, one);
    await checkLayer(golden, goldens, four, 4);
    expect(one.measures.length).toBeGreaterThan(0);
    expect(one.measures.filter(({ error }) => !(error <= TOLERANCE))).toEqual([]);
    expect(four.measures).toEqual(one.measures);
  });
});
