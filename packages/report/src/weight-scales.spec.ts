import { summarizeScales, weightedChannels } from './weight-scales.ts';

it.each<[string, number[], number[] | undefined, ReturnType<typeof summarizeScales>]>([
  ['none', [], undefined, undefined],
  ['one', [0.01], undefined, { min: 0.01, max: 0.01, count: 1, zeros: 0 }],
  ['a few', [0.01, 0.03, 0.02], undefined, { min: 0.01, max: 0.03, count: 3, zeros: 0 }],
  ['channels of zeros', [0.01, 1, 0.02, 1e-7], [1, 3], { min: 0.01, max: 0.02, count: 4, zeros: 2 }],
  ['nothing but zeros', [1, 1], [0, 1], { min: 1, max: 1, count: 2, zeros: 0 }],
  ['large weights', [1, 0.9, 1.1], undefined, { min: 0.9, max: 1.1, count: 3, zeros: 0 }],
  ['rows of zeros under one scale', [0.01], [2], { min: 0.01, max: 0.01, count: 1, zeros: 0 }],
])('of %s', (_, scaleW, deadChannels, expected) =>
  expect(summarizeScales({ scaleW, ...(deadChannels && { deadChannels }) })).toEqual(expected),
);

it('channels keep their numbers when those of zeros are left out', () => {
  expect(weightedChannels([0.01, 1, 0.02], [1])).toEqual([
    { channel: 0, scale: 0.01 },
    { channel: 2, scale: 0.02 },
  ]);
});
