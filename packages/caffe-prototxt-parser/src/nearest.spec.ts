import { nearest } from './index.ts';

const FIELDS = [
  'clip_max',
  'clip_min',
  'fixed_min',
  'batch_num',
  'num_output',
  'type',
  'top',
  'bottom',
  'kernel_size',
  'kernel_h',
];

it.each<[string, string | undefined]>([
  ['clip_mx', 'clip_max'],
  ['clip_amx', 'clip_max'],
  ['ClipMin', 'clip_min'],
  ['clipmax', 'clip_max'],
  ['BATCH_NUM', 'batch_num'],
  ['num_outputs', 'num_output'],
  ['numoutput', 'num_output'],
  ['tpye', 'type'],
  ['botom', 'bottom'],
  ['kernelsize', 'kernel_size'],
  ['weight_filler', undefined],
  ['x', undefined],
  ['', undefined],
  ['y'.repeat(1000), undefined],
])('%s: %s', (word, expected) => {
  expect(nearest(word, FIELDS)).toBe(expected);
});

it('prefers the closer candidate, then the first', () => {
  expect(nearest('stride', ['stride_h', 'strides', 'stride_w'])).toBe('strides');
  expect(nearest('ab_x', ['ab_y', 'ab_z'])).toBe('ab_y');
});

it('never offers the word itself', () => {
  expect(nearest('type', ['type'])).toBeUndefined();
});
