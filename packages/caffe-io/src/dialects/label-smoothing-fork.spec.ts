import type { AnyLayerParameter } from '../generated/any-dialect.ts';
import { readNetText } from '../read-net-text.ts';

const LOSS = 'type: "SoftmaxWithLoss" bottom: "x" bottom: "y" top: "l" loss_param { label_smoothing: 0.1 }';

const marksOf = (text: string) => {
  const { net, dialect } = readNetText(text, 'net.prototxt');
  const { forward_type, engine } = net.layer.find(({ name }) => name === 'loss') as AnyLayerParameter;
  return [dialect, forward_type, engine];
};

test.each([
  ["a net of NVIDIA's", `default_forward_type: FLOAT16 layer { name: "loss" ${LOSS} }`, ['nvidia', 'FLOAT', undefined]],
  ["a net of intel's", `engine: "MKLDNN" layer { name: "loss" ${LOSS} }`, ['intel', undefined, 'CAFFE']],
  ["a net that may be either's", `layer { name: "loss" ${LOSS} }`, ['nvidia', undefined, undefined]],
  ['a layer that says it', `layer { name: "loss" ${LOSS} engine: "MKL2017" }`, ['intel', undefined, 'MKL2017']],
  [
    'a layer without it',
    'default_forward_type: FLOAT16 layer { name: "loss" type: "SoftmaxWithLoss" }',
    ['nvidia', undefined, undefined],
  ],
])('%s', (_name, text, expected) => {
  expect(marksOf(text)).toEqual(expected);
});
