import { createHash } from 'node:crypto';
import { type LayerParameter, LayerError } from '@caffe-quant/caffe-io';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { computeLayer } from '../testing/compute-layer.ts';
import { fieldsReadBy, type ReadField, type ScalarField, withField } from '../testing/layer-fields.ts';
import { TRIED_TYPES, type TriedLayer, triedLayers } from '../testing/tried-layers.ts';
import { CPU_FALLBACKS, LAYER_KERNELS } from './registry.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';

/**
 * Every field that a layer type says it reads changes what is computed, or is refused, in at least one of its goldens or numeric cases: a
 * declaration alone would let a field through that nobody looks at.
 */

const FIT_SMALL = { resize_mode: 'FIT_SMALL_SIZE', height: 30, width: 40, height_scale: 20, width_scale: 20 };

/** Where a field decides nothing that a graph shows, with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'infogain_loss_param.source': 'the file is read before the layer is lowered: named-files',
  'detection_evaluate_param.name_size_file': 'the file is read before the layer is lowered: named-files',
};

/** Fields that count only beside others: from which path on, and what is set first (`undefined`: taken away). */
const BESIDE: readonly (readonly [path: string, way: readonly string[], value: unknown])[] = [
  ['detection_evaluate_param.resize_param.height', ['detection_evaluate_param', 'resize_param'], FIT_SMALL],
  ['detection_evaluate_param.resize_param.width', ['detection_evaluate_param', 'resize_param'], FIT_SMALL],
  ['forward_type', ['loss_param', 'label_smoothing'], 0.1],
  ['engine', ['loss_param', 'label_smoothing'], 0.1],
  ['multibox_loss_param.do_neg_mining', ['multibox_loss_param', 'mining_type'], undefined],
];

function valuesOf(field: ScalarField): readonly unknown[] {
  const values =
    field.kind === 'enum'
      ? [...field.enum.values.keys()]
      : field.type === 'bool'
        ? [true, false]
        : field.type === 'string'
          ? ['bilinear', 'none']
          : field.type === 'bytes'
            ? [Uint8Array.of(3)]
            : field.type === 'float' || field.type === 'double'
              ? [0.25, 0.5, 2, 3, -1]
              : [2, 1, 3, 0, -1, 6];
  return field.cardinality === 'repeated' ? values.map((value) => [value, value]) : values;
}

/** What a layer computes, as a text that is the same for the same mathematics. */
function signature(layer: LayerParameter, tried: TriedLayer): string {
  try {
    return signatureOf(layer, tried);
  } catch (error) {
    if (error instanceof LayerError) return `refused: ${error.message}`;
    throw error;
  }
}

function signatureOf(layer: LayerParameter, { phase, bottoms, topShapes, sizes }: TriedLayer): string {
  const fallback = CPU_FALLBACKS.get(layer.type!);
  if (fallback) {
    const blobs = bottoms.map(({ shape, data }) => ({ shape, data: data() }));
    return hash(JSON.stringify(computeLayer(fallback, layer, blobs, sizes)));
  }
  const kernel = LAYER_KERNELS.get(layer.type!)!;
  const specs = paramsOfLayer(
    kernel,
    layer,
    bottoms.map(({ shape }) => shape),
  );
  const g = new GraphBuilder();
  const lowered = lowerLayer(kernel, layer, {
    g,
    phase,
    bottoms: bottoms.map(({ shape }, i) => g.input(`b${i}`, shape)),
    params: specs.map(({ shape }, i) => g.input(`p${i}`, shape)),
    random: (shape, filler) => g.input(`random ${JSON.stringify(filler)}`, shape),
    state: (name, shape) => g.input(`was/${name}`, shape),
    topShapes,
  });
  lowered.tops.forEach((top, i) => g.output(`t${i}`, top));
  lowered.updatedParams?.forEach((value, i) => value && g.output(`u${i}`, value));
  const gradients = lowered.backward?.(
    lowered.tops.map(({ shape }, i) => g.input(`dt${i}`, shape)),
    { bottoms: bottoms.map(() => true), params: specs.map(() => true) },
  );
  gradients?.bottoms.forEach((value, i) => value && g.output(`db${i}`, value));
  gradients?.params?.forEach((value, i) => value && g.output(`dp${i}`, value));
  return `${JSON.stringify(specs)} ${hash(encodeModel(g, { name: 'layer' }))}`;
}

const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

function hasEffect({ path, way, field }: ReadField, tried: readonly TriedLayer[]): boolean {
  return tried.some((each) => {
    let { layer } = each;
    for (const [prefix, beside, value] of BESIDE) {
      if (path.startsWith(prefix)) layer = withField(layer, beside, value) as LayerParameter;
    }
    const before = signature(layer, each);
    return valuesOf(field).some((value) => signature(withField(layer, way, value) as LayerParameter, each) !== before);
  });
}

test.each(TRIED_TYPES)('%s', (type) => {
  const tried = triedLayers(type);
  const candidates = fieldsReadBy(type);
  const idle = [...candidates.values()].filter((each) => !(each.path in ELSEWHERE) && !hasEffect(each, tried));
  expect(idle.map(({ path }) => path)).toEqual([]);
});
