import { smallGraph, smallShapes } from '../testing/small-net.ts';
import { multiplyAdds } from './multiply-adds.ts';

test('products of a convolution and an InnerProduct, for a batch', () => {
  // 3 channels of 4 x 4 elements of 9 products, and 4 scores of 48.
  const image = 3 * 16 * 9 + 4 * 48;
  expect(multiplyAdds(smallGraph('TRAIN'), smallShapes(1))).toBe(image);
  expect(multiplyAdds(smallGraph('TRAIN'), smallShapes(8))).toBe(8 * image);
});
