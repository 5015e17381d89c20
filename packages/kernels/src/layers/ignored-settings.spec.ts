import { GraphBuilder } from '../graph/graph-builder.ts';
import { parseLayer } from '../testing/parse-layer.ts';
import { LAYER_KERNELS } from './registry.ts';
import { lowerLayer } from './one-layer.ts';

const lower = (text: string, ...shapes: number[][]): string[] => {
  const g = new GraphBuilder();
  const warnings: string[] = [];
  const layer = parseLayer(`layer { name: "l" ${text} }`);
  lowerLayer(LAYER_KERNELS.get(layer.type!)!, layer, {
    ...{ g, phase: 'TRAIN', params: [], warn: (message) => warnings.push(message) },
    bottoms: shapes.map((shape, i) => g.input(`b${i}`, shape)),
  });
  return warnings;
};

const BOXES = 'bottom: "l" bottom: "c" bottom: "p" bottom: "t" top: "y"';
const MULTIBOX: readonly number[][] = [
  [1, 8],
  [1, 4],
  [1, 2, 8],
  [1, 1, 1, 8],
];

describe('what Caffe accepts and does not read has a warning', () => {
  test.each([
    [
      'type: "Eltwise" eltwise_param { operation: MAX coeff: 1 coeff: -1 }',
      [[2], [2]],
      ['coeff has no effect with operation MAX'],
    ],
    ['type: "Eltwise" eltwise_param { operation: MAX }', [[2], [2]], []],
    [
      `type: "MultiBoxLoss" ${BOXES} multibox_loss_param { num_classes: 2 mining_type: NONE nms_param { top_k: 5 } }`,
      MULTIBOX,
      ['nms_param has no effect without mining'],
    ],
    ['type: "Dropout" dropout_param { dropout_ratio: 0 }', [[2]], []],
  ])('%s', (text, shapes, expected) => {
    expect(lower(text, ...shapes)).toEqual(expected);
  });
});

test.each([
  ['type: "Eltwise" eltwise_param { operation: PROD coeff: 1 coeff: -1 }', 'coeff has no meaning with operation PROD'],
  ['type: "Eltwise" eltwise_param { operation: MAX coeff: 1 }', 'expected a coeff for each of the 2 bottoms, got 1'],
])('what Caffe refuses is refused: %s', (text, message) => {
  expect(() => lower(text, [2], [2])).toThrow(message);
});
