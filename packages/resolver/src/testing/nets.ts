/** A layer's text; `rest` holds its parameters. */
export function layer(name: string, type: string, bottom: string, top: string, rest = ''): string {
  const bottoms =
    bottom === ''
      ? ''
      : bottom
          .split(' ')
          .map((blob) => ` bottom: "${blob}"`)
          .join('');
  const tops = top
    .split(' ')
    .map((blob) => ` top: "${blob}"`)
    .join('');
  return `layer { name: "${name}" type: "${type}"${bottoms}${tops} ${rest} }\n`;
}

export const DATA = layer('data', 'Data', '', 'data label');

/** Of each quantizable type the least that its parameters have to say. */
export const LEAST: Readonly<Record<string, string>> = {
  Convolution: 'convolution_param { num_output: 4 kernel_size: 1 }',
  Deconvolution: 'convolution_param { num_output: 4 kernel_size: 1 }',
  InnerProduct: 'inner_product_param { num_output: 4 }',
  Pooling: 'pooling_param { pool: AVE kernel_size: 2 }',
};

/** LeNet as Caffe has it, an average pooling instead of its second one, so that all kinds of layers are there. */
export const LENET = [
  'name: "LeNet"\n',
  DATA,
  layer('conv1', 'Convolution', 'data', 'conv1', 'convolution_param { num_output: 20 kernel_size: 5 }'),
  layer('pool1', 'Pooling', 'conv1', 'pool1', 'pooling_param { pool: MAX kernel_size: 2 stride: 2 }'),
  layer('conv2', 'Convolution', 'pool1', 'conv2', 'convolution_param { num_output: 50 kernel_size: 5 }'),
  layer('pool2', 'Pooling', 'conv2', 'pool2', 'pooling_param { pool: AVE kernel_size: 2 stride: 2 }'),
  layer('ip1', 'InnerProduct', 'pool2', 'ip1', 'inner_product_param { num_output: 500 }'),
  layer('relu1', 'ReLU', 'ip1', 'ip1'),
  layer('ip2', 'InnerProduct', 'ip1', 'ip2', 'inner_product_param { num_output: 10 }'),
  layer('accuracy', 'Accuracy', 'ip2 label', 'accuracy', 'include { phase: TEST }'),
  layer('loss', 'SoftmaxWithLoss', 'ip2 label', 'loss'),
].join('');
