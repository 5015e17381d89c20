import { explainLayer, explainPlan } from './index.ts';
import { DATA, LENET, layer } from './testing/nets.ts';
import { resolve } from './testing/resolve.ts';

const CFG = `# LeNet
retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config { arq_retrain { channel_wise: true } }
skip_layers: "conv1"
override_layer_types { layer_type: "InnerProduct" retrain_weight_quant_config { arq_retrain { channel_wise: false } } }
override_layer_configs { layer_name: "conv2" retrain_data_quant_config { ulq_quantize { } } retrain_weight_quant_config { arq_retrain { channel_wise: true } } }
`;

describe('the plan as a table', () => {
  it('has a row per layer: what, and from where', () => {
    expect(explainPlan(resolve(LENET, CFG).plan))
      .toBe(`LeNet: 4 of 10 layers quantized (compat documented); IFMR measures on 1 batch (default)

layer     type             quantized  clip     fixed_min  channel_wise  from
data      Data             no         -        -          -             Data layers are not quantized
conv1     Convolution      no         -        -          -             skip_layers names it (layer, quant.cfg:4)
pool1     Pooling          no         -        -          -             MAX pooling is not quantized; AVE pooling is
conv2     Convolution      yes        IFMR     false      true          clip default; fixed_min default; channel_wise layer, quant.cfg:6
pool2     Pooling          yes        [-6, 6]  false      -             clip global, quant.cfg:2; fixed_min default
ip1 *     InnerProduct     yes        [-6, 6]  false      false         clip global, quant.cfg:2; fixed_min default; channel_wise type, quant.cfg:5
relu1     ReLU             no         -        -          -             ReLU layers are not quantized
ip2 *     InnerProduct     yes        [0, 6]   true       false         clip global, quant.cfg:2; fixed_min default; channel_wise type, quant.cfg:5
accuracy  Accuracy         no         -        -          -             Accuracy layers are not quantized
loss      SoftmaxWithLoss  no         -        -          -             SoftmaxWithLoss layers are not quantized

* the documented rules and AMCT itself differ:
  ip1: clip range [-6, 6] here, IFMR with AMCT itself
  ip2: clip range [0, 6] here, IFMR, from 0 with AMCT itself
`);
  });

  it('names the layers that share a data quantizer', () => {
    const conv = (name: string) =>
      layer(name, 'Convolution', 'data', name, 'convolution_param { num_output: 1 kernel_size: 1 }');
    expect(explainPlan(resolve(DATA + conv('a') + conv('b'), CFG.split('\n').slice(0, 3).join('\n')).plan)).toContain(
      '\none data quantizer on blob data for a, b\n',
    );
  });
});

describe('the story of one layer', () => {
  const { plan } = resolve(LENET, CFG);
  it.each([
    [
      'ip2',
      `ip2 (InnerProduct, net.prototxt:9)
  quantized: override_layer_types names its type InnerProduct (type, quant.cfg:5)
  input: blob ip1@1, data quantizer ip2
  clip: [0, 6] (global, quant.cfg:2; fixed_min overrides clip_min -6)
  fixed_min: true (default, quant.cfg:2; automatic: its input comes straight from the ReLU relu1)
  channel_wise: false (type, quant.cfg:5)
  the two readings differ: clip range [0, 6] here, IFMR, from 0 with AMCT itself
`,
    ],
    [
      'conv2',
      `conv2 (Convolution, net.prototxt:5)
  quantized: override_layer_configs names it (layer, quant.cfg:6)
  input: blob pool1, data quantizer conv2
  clip: IFMR (default, quant.cfg:6; the retrain_data_quant_config of the override by name gives no clip range: IFMR measures the range)
  fixed_min: false (default, quant.cfg:6; automatic: its input does not come straight from a ReLU)
  channel_wise: true (layer, quant.cfg:6)
`,
    ],
    ['conv1', 'conv1 (Convolution, net.prototxt:3)\n  not quantized: skip_layers names it (layer, quant.cfg:4)\n'],
    ['relu1', 'relu1 (ReLU, net.prototxt:8)\n  cannot be quantized: ReLU layers are not quantized\n'],
    ['conv9', undefined],
  ])('%s', (name, story) => expect(explainLayer(plan, name)).toBe(story));
});
