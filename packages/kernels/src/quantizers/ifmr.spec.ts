import { generate, type IfmrCase } from '@caffe-quant/goldens';
import { readGoldens } from '../testing/goldens.ts';
import { IfmrError, searchRange } from './ifmr.ts';

const goldens = readGoldens<IfmrCase>('ifmr');

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
