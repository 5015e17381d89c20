import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { preprocessingOf } from './preprocessing.ts';

const of = (layer: string, input = 'data') => {
  const text = `layer { name: "d" top: "data" top: "label" ${layer} }
layer { name: "r" type: "ReLU" bottom: "data" top: "r" }`;
  const { graph } = buildNetGraph(readNetText(text, 'n').net, { file: 'n', phase: 'TRAIN' });
  return preprocessingOf(new Map([[input, [1, 3, 4, 5]]]), [graph])[0];
};

test.each<[string, string, string, object, string]>([
  [
    'records',
    'type: "Data" transform_param { scale: 0.5 mean_value: 1 mean_value: 2 mean_value: 3 }',
    'data',
    { scale: 0.5, mean_value: [1, 2, 3] },
    'data: float32 [batch, 3, 4, 5], (pixel - [1, 2, 3]) * 0.5 with pixels of 0..255, channels in the order blue, green, red',
  ],
  [
    'images',
    'type: "ImageData" transform_param { crop_size: 4 mean_file: "m" }',
    'data',
    { crop_size: 4, mean_file: 'm' },
    'data: float32 [batch, 3, 4, 5], (pixel - the mean image m) with pixels of 0..255, channels in the order blue, green, red',
  ],
  [
    'records that are resized, cropped to a rectangle and turned red, green, blue',
    'type: "Data" transform_param { resize_param { height: 8 width: 9 interp_mode: CUBIC } crop_h: 4 crop_w: 5 cvt_bgr2rgb: true }',
    'data',
    { steps: ['resized to 8x9 (INTER_CUBIC)'], crop: [4, 5], channel_order: 'RGB' },
    'data: float32 [batch, 3, 4, 5], pixel with pixels of 0..255 of the image, resized to 8x9 (INTER_CUBIC), cropped to 4x5, channels in the order red, green, blue',
  ],
  ['HDF5', 'type: "HDF5Data"', 'data', {}, "data: float32 [batch, 3, 4, 5], as the HDF5 data set 'data' has it"],
  [
    'HDF5, another top',
    'type: "HDF5Data"',
    'label',
    {},
    "label: float32 [batch, 3, 4, 5], as the HDF5 data set 'label' has it",
  ],
])('%s', (_, layer, input, fields, text) => {
  expect(of(layer, input)).toEqual({ input, shape: [3, 4, 5], scale: 1, ...fields, text: expect.any(String) });
  expect(of(layer, input)!.text).toBe(text);
});
