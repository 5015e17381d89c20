import { imageSize, imageSizeProblems } from './image-size.ts';

const image = (height: number, width: number) => ({ channels: 1, height, width, pixels: new Uint8Array(0) });

/** Sizes worked out by hand from ReadImageToCVMat of LisaAnne's and of NVIDIA's io.cpp. */
it.each([
  ['as it is', {}, [30, 40], [30, 40]],
  ['new_height and new_width', { new_height: 5, new_width: 6 }, [30, 40], [5, 6]],
  ['short_side of a wide image', { short_side: 7 }, [30, 40], [7, 9]],
  ['short_side of a high image', { short_side: 7 }, [41, 30], [9, 7]],
  ['short_side before new_height', { short_side: 7, new_height: 5, new_width: 6 }, [30, 40], [7, 9]],
  ['min sizes of a large image', { min_height: 30, min_width: 30 }, [30, 40], [30, 40]],
  ['min sizes of a narrow image', { min_height: 227, min_width: 227 }, [240, 200], [272, 227]],
  ['min sizes of a flat image', { min_height: 227, min_width: 227 }, [200, 240], [227, 272]],
  ['min sizes where both sides lack as much', { min_height: 50, min_width: 60 }, [40, 50], [50, 63]],
  ['min sizes after new_height', { new_height: 5, new_width: 6, min_height: 50, min_width: 60 }, [40, 50], [5, 6]],
])('%s', (_, param, [height, width], expected) => {
  expect(imageSize(image(height!, width!), param)).toEqual(expected);
});

it.each([
  [{ new_height: 3 }, /new_height 3 and new_width 0; give both or none/],
  [{ min_width: 3 }, /min_height 0 and min_width 3; give both or none/],
  [{ short_side: 3, min_height: 3, min_width: 3 }, /short_side and min_height, and no fork has both/],
])('%j is not clear', (param, message) => {
  expect(imageSizeProblems(param)).toEqual([expect.stringMatching(message)]);
});
