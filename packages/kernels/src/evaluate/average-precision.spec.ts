import { readGoldens, type TensorRef } from '../testing/goldens.ts';
import { averagePrecision, type ApVersion } from './average-precision.ts';

interface ApCase {
  name: string;
  tops: { data: TensorRef }[];
  ap: Record<ApVersion, Record<string, number>>;
}

const goldens = readGoldens<ApCase>('layers/DetectionEvaluate');
const cases = goldens.cases.flatMap((golden) =>
  (['Integral', 'MaxIntegral', '11point'] as const).map((version) => [golden.name, version, golden] as const),
);

describe("average precision equals SSD's", () => {
  test.each(cases)('%s, %s', (_name, version, golden) => {
    const { classes, mean } = averagePrecision([goldens.f32(golden.tops[0]!.data)], version);
    const { mAP, ...expected } = golden.ap[version];
    expect(mean).toBeCloseTo(mAP!, 5);
    for (const [label, value] of classes) expect(value).toBeCloseTo(expected[label] ?? 0, 5);
    expect(Object.keys(expected).every((label) => classes.has(Number(label)))).toBe(true);
  });
});

test('batches add up, and nothing found is 0', () => {
  const counts = [-1, 1, 1, -1, -1];
  const first = Float32Array.from([...counts, 0, 1, 0.9, 1, 0]);
  const second = Float32Array.from([...counts, 1, 1, 0.8, 0, 1]);
  expect(averagePrecision([first]).mean).toBe(1);
  expect(averagePrecision([first, second]).mean).toBe(0.5);
  expect(averagePrecision([Float32Array.from(counts)]).mean).toBe(0);
  expect(averagePrecision([]).mean).toBe(0);
});
