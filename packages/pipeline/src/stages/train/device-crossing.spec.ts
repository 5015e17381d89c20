import type { Crossing } from '@caffe-quant/kernels';
import { crossingLine, lesserCrossing, sizeText } from './device-crossing.ts';

const kept: Crossing = {
  toDevice: { data: 200_960, ranges: 87, rates: 4 },
  fromDevice: { scalars: 56 },
  kept: 3_448_688,
};
const copied: Crossing = {
  toDevice: { ...kept.toDevice, carried: 3_448_688 },
  fromDevice: { ...kept.fromDevice, carried: 3_448_688 },
  kept: 0,
};

test.each([
  [
    'what stays there',
    kept,
    'each iteration sends 201.1 KB (data and labels 201.0 KB, grids of the clip ranges 87 B, rates of the update 4 B) and reads back ' +
      '56 B (loss, ranges and their gradients 56 B); 3.4 MB of weights, histories and clip ranges stay on the device',
  ],
  [
    'that a provider keeps nothing',
    copied,
    expect.stringMatching(/; the provider cuda cannot keep weights, histories and clip ranges on the device$/),
  ],
])('after two iterations it is said what each moves, and %s', (_, crossing, expected) => {
  const device = crossing.kept > 0 ? 'webgpu' : 'cuda';
  expect(crossingLine(7, 5, crossing, device)).toEqual(expected);
  expect([crossingLine(6, 5, crossing, device), crossingLine(8, 5, crossing, device)]).toEqual([undefined, undefined]);
  expect(crossingLine(2, 0, undefined, undefined)).toBeUndefined();
});

test('an iteration that takes the state to the device is no measure of the others', () => {
  expect(lesserCrossing(undefined, copied)).toBe(copied);
  expect(lesserCrossing(copied, kept)).toBe(kept);
  expect(lesserCrossing(kept, copied)).toBe(kept);
  expect(lesserCrossing(undefined, undefined)).toBeUndefined();
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [3_448_688, '3.4 MB'],
  [5e12, '5000.0 GB'],
])('%d bytes', (bytes, text) => expect(sizeText(bytes)).toBe(text));
