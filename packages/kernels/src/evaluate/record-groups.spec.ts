import { RecordGroups } from './record-groups.ts';

const METRICS = [
  { name: 'accuracy', blob: 'a', isShare: true, kind: 'mean' },
  { name: 'found mAP', blob: 'd', isShare: true, kind: 'average-precision' },
] as const;
const blobs = (share: number) => new Map([['a', { shape: [], data: Float32Array.of(share) }]]);

test('each batch is a group, the last one of fewer records', () => {
  const groups = new RecordGroups(METRICS, 3);
  [0.5, 0.75, 1].forEach((share, index) => groups.add(index, blobs(share), index === 2 ? 4 : 8));
  expect(groups.values()).toEqual([
    { records: 8, metrics: { accuracy: 0.5 } },
    { records: 8, metrics: { accuracy: 0.75 } },
    { records: 4, metrics: { accuracy: 1 } },
  ]);
});

test('of many batches successive ones are a group, a hundred in all', () => {
  const groups = new RecordGroups(METRICS, 250);
  for (let index = 0; index < 250; index++) groups.add(index, blobs(index % 2), 1);
  const values = groups.values();
  expect(values).toHaveLength(100);
  expect(values.reduce((sum, { records }) => sum + records, 0)).toBe(250);
  expect(values[0]).toEqual({ records: 3, metrics: { accuracy: 1 / 3 } });
});
