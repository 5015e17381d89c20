import { IfmrError, searchRange } from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import type { GoldenSet, TensorRef } from './golden-set.ts';

export interface IfmrCase {
  name: string;
  /** The library's error code, where it gave no result. */
  status?: number;
  with_offset: boolean;
  max_percentile: number;
  min_percentile: number;
  best_index: number;
  scale: number;
  offset: number;
  x?: TensorRef;
  generator?: Generator;
  layer_fixm?: { clip_max: number; clip_min: number };
}

/** Values too many to be stored. */
interface Generator {
  kind: string;
  seed: number;
  n: number;
}

/** IFMR's winner, scale and offset, and the range that a retrained layer starts from, bit by bit. */
export function checkIfmr(golden: IfmrCase, set: GoldenSet<IfmrCase>, comparison: Comparison): void {
  const values = golden.x ? set.f32(golden.x) : generate(golden.generator!);
  const options = {
    withOffset: golden.with_offset,
    maxPercentile: golden.max_percentile,
    minPercentile: golden.min_percentile,
  };
  if (golden.status) {
    comparison.holds(
      'refused as the library does',
      refuses(() => searchRange(values, options)),
    );
    return;
  }
  const found = searchRange(values, options);
  comparison.exact('best_index', [found.bestIndex], [golden.best_index]);
  comparison.exact('scale, offset', [found.scale, found.offset], [golden.scale, golden.offset]);
  const { layer_fixm: layer } = golden;
  if (layer) comparison.exact('clip', [found.clipMax, found.clipMin], [layer.clip_max, layer.clip_min]);
}

function refuses(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof IfmrError) return true;
    throw error;
  }
}

const { imul, max } = Math;

const SHAPES: Readonly<Record<string, (g: number) => number>> = {
  gauss: (g) => g,
  relu: (g) => max(g, 0),
  cube: (g) => g * g * g,
  relu_cube: (g) => max(g * g * g, 0),
  shifted: (g) => g * 0.5 + 1.25,
};

/** The goldens' own generator: an Irwin-Hall gaussian from a 32 bit hash. */
export function generate({ kind, seed, n }: Generator): Float32Array {
  const shape = SHAPES[kind]!;
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < 6; k++) {
      let h = (imul(6 * i + k, 0x9e3779b9) + seed) >>> 0;
      h ^= h >>> 16;
      h = imul(h, 0x85ebca6b) >>> 0;
      h ^= h >>> 13;
      h = imul(h, 0xc2b2ae35) >>> 0;
      h = (h ^ (h >>> 16)) >>> 0;
      sum += (h >>> 16) + (h & 0xffff);
    }
    values[i] = shape(sum / 65536 - 6);
  }
  return values;
}
