import { readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { describeShared, sharedModelPath, sharedModels } from '../testing/shared.ts';
import { readCaffemodel } from './read-caffemodel.ts';
import { processorTime } from '../../../caffe-prototxt-parser/src/testing/processor-time.ts';

/** Larger files have the same structure, and take longer. */
const MAX_BYTES = 2_000_000;
const RUNS = 40;
/** Of one reading; sound files of this size take a few milliseconds. */
const MAX_MILLISECONDS = 2000;

/**
 * Numbers that a model of these bytes may hold: 4 bytes each in the file, one each as a packed varint, twice for a
 * float32 beside a double.
 */
function mayHold(bytes: Uint8Array): number {
  return 2 * bytes.length;
}

function readHostile(bytes: Uint8Array): void {
  const start = processorTime();
  try {
    const { layers } = readCaffemodel(bytes, 'changed.caffemodel');
    const numbers = layers.flatMap(({ blobs }) => blobs.map(({ data }) => data.length)).reduce((a, b) => a + b, 0);
    expect(numbers).toBeLessThanOrEqual(mayHold(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(DiagnosticsError);
  }
  expect(processorTime() - start).toBeLessThan(MAX_MILLISECONDS);
}

describeShared('models', 'real caffemodels, changed', () => {
  const files = sharedModels(/\.caffemodel$|lenet_iter_10000$/).filter(
    (file) => statSync(sharedModelPath(file)).size <= MAX_BYTES,
  );

  test.each(files)('%s ends in a model or a diagnostic, in bounded time and memory', (file) => {
    const bytes = Uint8Array.from(readFileSync(sharedModelPath(file)));
    // Names, types and lengths stand near the start and before each blob; numbers are most of the rest.
    const offset = fc.oneof(fc.nat(Math.min(4000, bytes.length - 1)), fc.nat(bytes.length - 1));
    const change = fc.record({ offset, values: fc.uint8Array({ minLength: 1, maxLength: 6 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const mutated = bytes.slice();
        for (const { offset: at, values } of changes) {
          mutated.set(values.subarray(0, Math.min(values.length, mutated.length - at)), at);
        }
        readHostile(mutated);
      }),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(offset, (length) => readHostile(bytes.subarray(0, length))),
      { numRuns: RUNS },
    );
    // A piece taken out, or put in once more, moves every length after it.
    fc.assert(
      fc.property(offset, fc.integer({ min: 1, max: 5000 }), fc.boolean(), (at, length, twice) => {
        const rest = bytes.subarray(twice ? Math.max(0, at - length) : Math.min(at + length, bytes.length));
        readHostile(Buffer.concat([bytes.subarray(0, at), rest]));
      }),
      { numRuns: RUNS },
    );
  });
});
