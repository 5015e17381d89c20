import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Dialect,
  DIALECTS,
  dialectSchema,
  type LayerParameter,
  type MessageUse,
  LayerError,
} from '@caffe-quant/caffe-io';
import type { FieldSchema, MessageSchema } from 'caffe-prototxt-parser';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import type { LayerCase } from '@caffe-quant/goldens';
import { readGoldens } from '../testing/goldens.ts';
import { NUMERIC_CASES } from '../testing/numeric-cases/all-cases.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import type { Phase } from './layer.ts';
import { CPU_FALLBACKS, LAYER_KERNELS, layerTypeOf } from './registry.ts';
import { lowerLayer, paramsOfLayer } from './one-layer.ts';
import { computeLayer } from '../testing/compute-layer.ts';

/**
 * Every field that a layer type says it reads changes what is computed, or is refused, in at least one of its goldens or numeric cases: a
 * declaration alone would let a field through that nobody looks at.
 */

const FIT_SMALL = { resize_mode: 'FIT_SMALL_SIZE', height: 30, width: 40, height_scale: 20, width_scale: 20 };

const GOLDENS = join(__dirname, '../../fixtures/goldens/layers');

/** Quant and DeQuant have goldens of another kind, and tests of their own. */
const TYPES = [...LAYER_KERNELS.keys(), ...CPU_FALLBACKS.keys()].filter((type) => !['Quant', 'DeQuant'].includes(type));

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

interface Candidate {
  path: string;
  /** Message fields on the way, and the field itself. */
  way: readonly string[];
  values: readonly unknown[];
}

/** The fields that `use` says are read, of whatever dialect, with values to try. */
function readFields(schema: MessageSchema, use: MessageUse, way: readonly string[] = []): Candidate[] {
  return [...schema.fields.values()].flatMap((field): Candidate[] => {
    const made = Object.hasOwn(use, field.name) ? use[field.name] : undefined;
    if (made === undefined || typeof made === 'string') return [];
    const here = [...way, field.name];
    if (field.kind === 'message') {
      const inner =
        made === true ? Object.fromEntries([...field.message.fields.keys()].map((name) => [name, true])) : made;
      return readFields(field.message, inner as MessageUse, here);
    }
    return [{ path: here.join('.'), way: here, values: valuesOf(field) }];
  });
}

function valuesOf(field: Exclude<FieldSchema, { kind: 'message' }>): readonly unknown[] {
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

function withField(message: object | undefined, [name, ...rest]: readonly string[], value: unknown): object {
  const record = { ...message } as Record<string, unknown>;
  const inner = record[name!];
  if (rest.length === 0) record[name!] = value;
  else if (Array.isArray(inner))
    record[name!] = inner.length > 0 ? inner.map((each) => withField(each, rest, value)) : [withField({}, rest, value)];
  else record[name!] = withField(withLists(inner as object | undefined, name!), rest, value);
  return record;
}

/** The repeated fields that messages of goldens without this one would lack. */
function withLists(message: object | undefined, name: string): object {
  if (message !== undefined) return message;
  const field = dialectSchema('bvlc', 'LayerParameter').fields.get(name);
  if (field?.kind !== 'message') return {};
  return Object.fromEntries(
    [...field.message.fields.values()]
      .filter(({ cardinality }) => cardinality === 'repeated')
      .map((each) => [each.name, []]),
  );
}

/** A layer as a golden or a numeric case has it. */
interface Tried {
  layer: LayerParameter;
  phase: Phase;
  bottoms: readonly { shape: Shape; data: () => Float32Array }[];
  topShapes: readonly Shape[];
  /** Content of the file that DetectionEvaluate names. */
  sizes?: string | undefined;
}

/** All that is known to be computed of a type. */
function triedOf(type: string): Tried[] {
  const numeric = NUMERIC_CASES.map((each) => ({ ...each, parsed: parseLayer(each.layer) })).filter(
    ({ parsed }) => parsed.type === type,
  );
  const ofNumeric = numeric.map(({ parsed, prepare, phase = 'TRAIN' as const, bottoms = [], topShapes }) => ({
    layer: prepare ? prepare(parsed) : parsed,
    phase,
    bottoms: bottoms.map(({ shape, data }) => ({ shape, data: () => data })),
    topShapes,
  }));
  if (!existsSync(join(GOLDENS, `${type}.json`))) return ofNumeric;
  const goldens = readGoldens<LayerCase>(`layers/${type}`);
  const ofGoldens = goldens.cases.map(({ layer, phase, bottoms, tops, name_size_file }) => ({
    layer: parseLayer(layer),
    phase,
    bottoms: bottoms.map(({ shape, data }) => ({ shape, data: () => goldens.f32(data) })),
    topShapes: tops.map(({ shape }) => shape),
    sizes: name_size_file,
  }));
  return [...ofGoldens, ...ofNumeric];
}

/** What a layer computes, as a text that is the same for the same mathematics. */
function signature(layer: LayerParameter, tried: Tried): string {
  try {
    return signatureOf(layer, tried);
  } catch (error) {
    if (error instanceof LayerError) return `refused: ${error.message}`;
    throw error;
  }
}

function signatureOf(layer: LayerParameter, { phase, bottoms, topShapes, sizes }: Tried): string {
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

function hasEffect({ path, way, values }: Candidate, tried: readonly Tried[]): boolean {
  return tried.some((each) => {
    let { layer } = each;
    for (const [prefix, beside, value] of BESIDE) {
      if (path.startsWith(prefix)) layer = withField(layer, beside, value) as LayerParameter;
    }
    const before = signature(layer, each);
    return values.some((value) => signature(withField(layer, way, value) as LayerParameter, each) !== before);
  });
}

test.each(TYPES)('%s', (type) => {
  const tried = triedOf(type);
  const candidates = new Map(
    DIALECTS.flatMap((dialect: Dialect) =>
      readFields(dialectSchema(dialect, 'LayerParameter'), layerTypeOf(type)!.fields).map((each) => [each.path, each]),
    ),
  );
  const idle = [...candidates.values()].filter((each) => !(each.path in ELSEWHERE) && !hasEffect(each, tried));
  expect(idle.map(({ path }) => path)).toEqual([]);
});
