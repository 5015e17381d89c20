import { readGoldens, type TensorRef } from '../testing/goldens.ts';
import { IfmrError, searchRange } from './ifmr.ts';

interface IfmrCase {
  name: string;
  status?: number;
  n: number;
  with_offset: boolean;
  max_percentile: number;
  min_percentile: number;
  best_index: number;
  scale: number;
  offset: number;
  x?: TensorRef;
  generator?: { kind: string; seed: number; n: number };
  layer_fixm?: { clip_max: number; clip_min: number };
}

const { imul, max } = Math;

const goldens = readGoldens<IfmrCase>('ifmr');

/** The generator of the goldens: an Irwin-Hall gaussian from a 32 bit hash. */
function generate({ kind, seed, n }: { kind: string; seed: number; n: number }): Float32Array {
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
    const g = sum / 65536 - 6;
    const shaped: Record<string, number> = {
      gauss: g,
      relu: max(g, 0),
      cube: g * g * g,
      relu_cube: max(g * g * g, 0),
      shifted: g * 0.5 + 1.25,
    };
    values[i] = shaped[kind]!;
  }
  return values;
}

const inputOf = (golden: IfmrCase): Float32Array => (golden.x ? goldens.f32(golden.x) : generate(golden.generator!));
const run = (golden: IfmrCase) =>
  searchRange(inputOf(golden), {
    withOffset: golden.with_offset,
    maxPercentile: golden.max_percentile,
    minPercentile: golden.min_percentile,
  });

describe('searchRange equals the AMCT library', () => {
  test.each(goldens.cases.filter((golden) => !golden.status).map((golden) => [golden.name, golden] as const))(
    '%s',
    (_name, golden) => {
      const found = run(golden);
      expect({ index: found.bestIndex, scale: found.scale, offset: found.offset }).toEqual({
        index: golden.best_index,
        scale: golden.scale,
        offset: golden.offset,
      });
      if (golden.layer_fixm) {
        expect(found.clipMax).toBe(golden.layer_fixm.clip_max);
        expect(found.clipMin).toBe(golden.layer_fixm.clip_min);
      }
    },
  );

  test.each(goldens.cases.filter((golden) => golden.status).map((golden) => [golden.name, golden] as const))(
    '%s is an error',
    (_name, golden) => {
      expect(() => run(golden)).toThrow(IfmrError);
    },
  );
});
