import fc from 'fast-check';
import { EXACT_LIMIT, exactBlocks, largestSum } from './exact-blocks.ts';

describe('exactBlocks', () => {
  const shapes = fc.record({
    outputs: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 40 }),
    taps: fc.integer({ min: 1, max: 1500 }),
    largest: fc.integer({ min: 128, max: 255 }),
    weight: fc.integer({ min: -128, max: 127 }),
  });

  test('cover every weight once, and no block can leave the exact range', () => {
    fc.assert(
      fc.property(shapes, ({ outputs, channels, taps, largest, weight }) => {
        const weights = Int8Array.from({ length: outputs * channels * taps }, (_, i) =>
          i % 5 === 0 ? -128 : i % 3 ? weight : 127,
        );
        const blocks = exactBlocks(weights, [outputs, channels, taps], largest);
        const seen = new Uint8Array(channels * taps);
        for (const block of blocks) {
          for (let o = 0; o < outputs; o++) {
            let sum = 0;
            for (let c = block.firstChannel; c < block.firstChannel + block.channels; c++) {
              for (let t = block.firstTap; t < block.firstTap + block.taps; t++) {
                if (o === 0) seen[c * taps + t]!++;
                sum += Math.abs(weights[(o * channels + c) * taps + t]!);
              }
            }
            expect(sum * largest).toBeLessThanOrEqual(EXACT_LIMIT);
          }
        }
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [514, 1],
    [515, 2],
    [1028, 2],
    [1029, 3],
  ])('%d weights of -128 against 255 take %d blocks', (channels, count) => {
    expect(exactBlocks(new Int8Array(channels).fill(-128), [1, channels, 1], 255)).toHaveLength(count);
  });

  test('small weights take fewer: what counts is their sum', () => {
    expect(exactBlocks(new Int8Array(4608).fill(10), [1, 4608, 1], 255)).toHaveLength(1);
  });

  test('largestSum is the worst output channel', () => {
    expect(largestSum(Int8Array.of(1, -2, 100, 27), undefined, 2, 255)).toBe(127 * 255);
    expect(largestSum(Int8Array.of(1, -2, 0, 0), Int32Array.of(-5, 700), 2, 255)).toBe(3 * 255 + 5);
    expect(largestSum(Int8Array.of(1, -2, 0, 0), Int32Array.of(-5, 2 ** 30), 2, 255)).toBe(2 ** 30);
  });
});
