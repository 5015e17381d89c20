import { elementCount, parameterShapes } from '@caffe-quant/kernels';
import { NETS, planOf, resNet } from './nets.ts';
import { shapesOf, trainGraph } from './step-request.ts';

/**
 * Learned numbers, without the statistics of BatchNorm. Published: AlexNet 60,965,224; ResNet-18, 34 and 50 11,689,512,
 * 21,797,672 and 25,557,032; MobileNet 4,231,976. That of the U is the sum over its layers by hand.
 */
test.each([
  ['LeNet', NETS['LeNet']!(), 431080, 4],
  ['ResNet-18', NETS['ResNet-18']!(), 11689512, 21],
  ['ResNet-34', resNet(34, 112), 21797672, 37],
  ['ResNet-50', resNet(50, 112), 25557032, 54],
  ['MobileNet', NETS['MobileNet']!(), 4231976, 28],
  ['U-Net', NETS['U-Net']!(), 1926660, 18],
  ['AlexNet', NETS['AlexNet']!(), 60965224, 8],
])('%s has as many weights as the published net', (label, net, learned, quantized) => {
  const graph = trainGraph(net.text);
  const statistics = new Set(graph.layers.filter(({ type }) => type === 'BatchNorm').map(({ name }) => name));
  const shapes = parameterShapes(graph, new Map(Object.entries(shapesOf({ label, net, batch: 2 }))));
  const learnedShapes = shapes.filter(({ layer }) => !statistics.has(layer)).flatMap(({ shapes }) => shapes);
  expect(learnedShapes.reduce((sum, shape) => sum + elementCount(shape), 0)).toBe(learned);
  expect(planOf(graph).layers.filter(({ channelWise }) => channelWise !== undefined)).toHaveLength(quantized);
});
