import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerParameter } from '@caffe-quant/caffe-io';
import type { LayerCase } from '@caffe-quant/goldens';
import type { Shape } from '../graph/graph-builder.ts';
import type { Phase } from '../layers/layer.ts';
import { CPU_FALLBACKS, LAYER_KERNELS } from '../layers/registry.ts';
import { readGoldens } from './goldens.ts';
import { NUMERIC_CASES } from './numeric-cases/all-cases.ts';
import { parseLayer } from './parse-layer.ts';

const GOLDENS = join(__dirname, '../../fixtures/goldens/layers');

/** Quant and DeQuant have goldens of another kind, and tests of their own. */
export const TRIED_TYPES = [...LAYER_KERNELS.keys(), ...CPU_FALLBACKS.keys()].filter(
  (type) => !['Quant', 'DeQuant'].includes(type),
);

/** A layer as a golden or a numeric case has it. */
export interface TriedLayer {
  layer: LayerParameter;
  phase: Phase;
  bottoms: readonly { shape: Shape; data: () => Float32Array }[];
  topShapes: readonly Shape[];
  /** Content of the file that DetectionEvaluate names. */
  sizes?: string | undefined;
}

type NumericCase = (typeof NUMERIC_CASES)[number] & { parsed: LayerParameter };

let byType: Map<string, NumericCase[]> | undefined;

/** By layer type; parsed once. */
function numericCases(): ReadonlyMap<string, readonly NumericCase[]> {
  if (byType) return byType;
  byType = new Map();
  for (const each of NUMERIC_CASES) {
    const parsed = parseLayer(each.layer);
    byType.set(parsed.type!, [...(byType.get(parsed.type!) ?? []), { ...each, parsed }]);
  }
  return byType;
}

/** All that is known to be computed of a type. */
export function triedLayers(type: string): TriedLayer[] {
  const ofNumeric = (numericCases().get(type) ?? []).map(
    ({ parsed, prepare, phase = 'TRAIN' as const, bottoms = [], topShapes }) => ({
      layer: prepare ? prepare(parsed) : parsed,
      phase,
      bottoms: bottoms.map(({ shape, data }) => ({ shape, data: () => data })),
      topShapes,
    }),
  );
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
