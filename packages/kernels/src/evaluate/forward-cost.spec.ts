import { buildNetGraph } from '@caffe-quant/caffe-io';
import { parseNet } from '../testing/parse-layer.ts';
import { forwardCost } from './forward-cost.ts';

const costOf = (layers: string, images = 2): number => {
  const net = parseNet(`layer { name: "in" type: "Input" top: "data" } ${layers}`);
  const { graph } = buildNetGraph(net, { file: 'net.prototxt', phase: 'TEST' });
  return forwardCost(graph, new Map([['data', [images, 4, 6, 6]]]));
};
const convolution = (type: string, settings: string): string =>
  `layer { name: "conv" type: "${type}" bottom: "data" top: "y" convolution_param { ${settings} } }`;

test.each([
  ['a convolution', convolution('Convolution', 'num_output: 8 kernel_size: 3'), 2 * 4 * 4 * 8 * 4 * 9],
  ['one with groups', convolution('Convolution', 'num_output: 8 kernel_size: 3 group: 2'), 2 * 4 * 4 * 8 * 2 * 9],
  ['a Deconvolution', convolution('Deconvolution', 'num_output: 8 kernel_size: 2 stride: 2'), 2 * 6 * 6 * 4 * 8 * 4],
  [
    'an inner product',
    'layer { name: "ip" type: "InnerProduct" bottom: "data" top: "y" inner_product_param { num_output: 10 } }',
    2 * 144 * 10,
  ],
  ['a layer without weights', 'layer { name: "relu" type: "ReLU" bottom: "data" top: "y" }', 0],
])('%s takes as many products as its loops have', (_name, layer, products) => {
  expect(costOf(layer)).toBe(products);
  expect(costOf(layer, 6)).toBe(3 * products);
});
