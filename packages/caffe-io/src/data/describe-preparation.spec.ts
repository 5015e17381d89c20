import { readNetText } from '../read-net-text.ts';
import { settingsOf } from '../layer-type.ts';
import { DATA_LAYERS } from './data-source.ts';
import { describePreparation } from './describe-preparation.ts';

const of = (layer: string) => {
  const [param] = readNetText(`layer { name: "d" top: "data" top: "label" ${layer} }`, 'n').net.layer;
  const type = DATA_LAYERS.get(param!.type!)!;
  return describePreparation(type.images!(settingsOf(type, param!)));
};

test.each<[string, string[]]>([
  ['type: "ImageData" image_data_param { new_height: 8 new_width: 8 }', []],
  ['type: "ImageData" image_data_param { short_side: 8 }', ['its shorter side resized to 8 (INTER_LINEAR)']],
  [
    'type: "ImageData" image_data_param { min_height: 8 min_width: 9 }',
    ['enlarged in its proportions to at least 8x9 where it is smaller (INTER_LINEAR)'],
  ],
  [
    'type: "Data" transform_param { resize_param { height: 8 width: 9 resize_mode: FIT_SMALL_SIZE interp_mode: LINEAR interp_mode: AREA } }',
    ['resized in its proportions to cover 8x9 (INTER_LINEAR or INTER_AREA)'],
  ],
  [
    'type: "Data" transform_param { resize_param { height: 8 width: 9 resize_mode: FIT_LARGE_SIZE_AND_PAD pad_value: 7 } }',
    ['resized in its proportions to fit into 8x9 (INTER_LINEAR) with borders of [7] around it'],
  ],
  [
    'type: "Data" transform_param { resize_param { height: 8 width: 9 resize_mode: FIT_LARGE_SIZE_AND_PAD pad_mode: MIRRORED } }',
    ['resized in its proportions to fit into 8x9 (INTER_LINEAR) with borders MIRRORED around it'],
  ],
  [
    'type: "Data" transform_param { crop_size: 224 random_resize_param { min_size: 256 max_size: 256 resize_param { interp_mode: CUBIC } } }',
    ['its shorter side resized to 256 (INTER_CUBIC)'],
  ],
  [
    'type: "Data" transform_param { crop_size: 224 random_resize_param { min_size: 256 } }',
    ['its shorter side resized to a length drawn between 256 and that of the longer side (INTER_LINEAR)'],
  ],
  [
    'type: "Data" transform_param { crop_size: 224 random_aspect_ratio_param { } }',
    ['a part drawn at random, resized to the crop (INTER_LINEAR)'],
  ],
  ['type: "Data" transform_param { crop_size: 224 vertical_stretch_lower: 0.5 }', ['resized at random']],
])('%s', (layer, steps) => {
  expect(of(layer)).toEqual({ isRgb: false, steps });
});

test('bgr2rgb, and crop_h and crop_w', () => {
  expect(of('type: "ImageData" transform_param { bgr2rgb: true crop_size: 3 }')).toEqual({ isRgb: true, steps: [] });
  expect(of('type: "Data" transform_param { crop_h: 3 crop_w: 4 }')).toEqual({ isRgb: false, steps: [], crop: [3, 4] });
});
