import { formatMessage } from 'caffe-prototxt-parser';
import { dialectSchema } from '../dialects/dialect-schema.ts';
import { readNetText } from '../read-net-text.ts';

function upgraded(text: string): string[] {
  const { net, dialect, diagnostics } = readNetText(text, 'net.prototxt');
  expect(diagnostics).toEqual([]);
  const schema = dialectSchema(dialect, 'LayerParameter');
  return net.layer.map((layer) => formatMessage(layer, schema).replace(/\s+/g, ' ').trim());
}

const CONV = 'name: "c" type: "Convolution" bottom: "x" top: "y"';

test.each([
  [
    'a ReLU of a Convolution',
    `layer { ${CONV} convolution_param { num_output: 2 kernel_size: 1 relu: true negative_slope: 0.5 } }`,
    [
      `${CONV} convolution_param { num_output: 2 kernel_size: 1 }`,
      'name: "c_relu" type: "ReLU" bottom: "y" top: "y" relu_param { negative_slope: 0.5 }',
    ],
  ],
  [
    'the slope of a ReLU that there is not',
    `layer { ${CONV} convolution_param { num_output: 2 kernel_size: 1 relu: false negative_slope: 0.5 } }`,
    [`${CONV} convolution_param { num_output: 2 kernel_size: 1 }`],
  ],
  [
    'a sum, and a ReLU of it, in the phase of the layer',
    `layer { name: "c" type: "Convolution" bottom: "x" bottom: "z" top: "y" include { phase: TEST }
       convolution_param { num_output: 2 kernel_size: 1 relu: true fusion_type: SUM_FUSION } }`,
    [
      'name: "c" type: "Convolution" bottom: "x" top: "y" include { phase: TEST } convolution_param { num_output: 2 kernel_size: 1 }',
      'name: "c_sum" type: "Eltwise" bottom: "y" bottom: "z" top: "y" include { phase: TEST }',
      'name: "c_relu" type: "ReLU" bottom: "y" top: "y" include { phase: TEST }',
    ],
  ],
  [
    'an InnerProduct, beside a layer that has the name already',
    `layer { name: "f" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 2 relu: true } }
     layer { name: "f_relu" type: "ReLU" bottom: "y" top: "y" }`,
    [
      'name: "f" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 2 }',
      'name: "f_relu_1" type: "ReLU" bottom: "y" top: "y"',
      'name: "f_relu" type: "ReLU" bottom: "y" top: "y"',
    ],
  ],
  [
    'a BatchNorm',
    'layer { name: "b" type: "BatchNorm" bottom: "x" top: "x" batch_norm_param { relu: true } }',
    [
      'name: "b" type: "BatchNorm" bottom: "x" top: "x" batch_norm_param { }',
      'name: "b_relu" type: "ReLU" bottom: "x" top: "x"',
    ],
  ],
])('%s', (_, text, layers) => {
  expect(upgraded(text).map((layer) => layer.replace('{ }', '{}'))).toEqual(
    layers.map((layer) => layer.replace('{ }', '{}')),
  );
});

test('relu: false is not a second layer', () => {
  expect(upgraded(`layer { ${CONV} convolution_param { num_output: 2 kernel_size: 1 relu: false } }`)).toHaveLength(1);
});

test('what is separated stands where the layer stood', () => {
  const { net, locate } = readNetText(
    `\nlayer { ${CONV} convolution_param { num_output: 2 kernel_size: 1 relu: true } }`,
    'net.prototxt',
  );
  expect(net.layer.map((layer) => locate(layer)?.line)).toEqual([2, 2]);
});
