import { type LayerParameter, LayerError } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { computeLayer } from '../testing/compute-layer.ts';
import { fieldsReadBy, type ScalarField, withField } from '../testing/layer-fields.ts';
import { TRIED_TYPES, type TriedLayer, triedLayers } from '../testing/tried-layers.ts';
import { CPU_FALLBACKS, LAYER_KERNELS } from './registry.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';

/**
 * A size that no machine can hold, or that is no size, ends in a LayerError, and soon: nothing is allocated for it. Each number that a
 * layer type reads is set to such values, in one of its goldens or numeric cases.
 */

const MEMORY_LIMIT = 4e9;
/** Of the processor's time: others may be at work too. */
const MOST_SECONDS = 1;

const HUGE: Readonly<Record<string, readonly number[]>> = {
  int32: [2 ** 31 - 1, 1e9, 1e6, 0, -1, -(2 ** 31)],
  uint32: [2 ** 32 - 1, 1e9, 1e6, 0],
  int64: [2 ** 63, 2 ** 53, 1e12, 1e6, 0, -1, -(2 ** 63)],
  float: [3.4e38, 1e9, 0, -1, -3.4e38],
};

function hugeValues(field: ScalarField): readonly unknown[] {
  const values = (field.kind === 'scalar' && HUGE[field.type]) || [];
  return field.cardinality === 'repeated' ? values.flatMap((value) => [[value], [value, value]]) : values;
}

/** Forward and backward pass, as a graph that nobody runs. */
function build(layer: LayerParameter, { phase, bottoms, topShapes, sizes }: TriedLayer): void {
  const fallback = CPU_FALLBACKS.get(layer.type!);
  if (fallback) {
    computeLayer(
      fallback,
      layer,
      bottoms.map(({ shape, data }) => ({ shape, data: data() })),
      sizes,
    );
    return;
  }
  const kernel = LAYER_KERNELS.get(layer.type!)!;
  const shapes = bottoms.map(({ shape }) => shape);
  const g = new GraphBuilder({ channelBlock: 16, memoryLimit: MEMORY_LIMIT });
  const specs = paramsOfLayer(kernel, layer, shapes);
  const lowered = lowerLayer(kernel, layer, {
    g,
    phase,
    bottoms: shapes.map((shape, i) => g.input(`b${i}`, shape)),
    params: specs.map(({ shape }, i) => g.input(`p${i}`, shape)),
    random: (shape, filler) => g.input(`random ${JSON.stringify(filler)}`, shape),
    state: (name, shape) => g.input(`was/${name}`, shape),
    topShapes,
  });
  lowered.backward?.(
    lowered.tops.map(({ shape }, i) => g.input(`dt${i}`, shape)),
    { bottoms: bottoms.map(() => true), params: specs.map(() => true) },
  );
}

/** What is wrong with how a layer with such a value ends; undefined where nothing is. */
function problemOf(layer: LayerParameter, tried: TriedLayer): string | undefined {
  const start = process.cpuUsage();
  let problem: string | undefined;
  try {
    build(layer, tried);
  } catch (error) {
    if (!(error instanceof LayerError)) problem = String(error);
  }
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  return problem ?? (seconds > MOST_SECONDS ? `took ${seconds} s` : undefined);
}

test.each(TRIED_TYPES)('%s', (type) => {
  const problems: string[] = [];
  const [first, ...others] = triedLayers(type);
  const last = others.at(-1);
  for (const { path, way, field } of fieldsReadBy(type).values()) {
    for (const value of hugeValues(field)) {
      for (const tried of [first!, ...(last ? [last] : [])]) {
        const problem = problemOf(withField(tried.layer, way, value) as LayerParameter, tried);
        if (problem) problems.push(`${path}: ${String(value)}: ${problem}`);
      }
    }
  }
  expect(problems).toEqual([]);
});
