import fc from 'fast-check';
import { parseRetrainConfig } from '@caffe-quant/config';
import { canonicalJson, canonicalPlan, formatRetrainJson, resolvePlan } from './index.ts';
import { DATA, LENET, layer } from './testing/nets.ts';
import { netOf } from './testing/net-of.ts';
import { resolve } from './testing/resolve.ts';

const CFG = `retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 0.6 clip_min: -0.6 } } }
retrain_weight_quant_config { arq_retrain { channel_wise: false } }
override_layer_configs { layer_name: "conv2" retrain_data_quant_config { ulq_quantize { } } retrain_weight_quant_config { arq_retrain { channel_wise: true } } }
skip_layers: "ip2"
`;
const canonical = (cfg: string, net = LENET) => canonicalJson(canonicalPlan(resolve(net, cfg).plan));

describe('what does not change a byte', () => {
  it.each([
    ['a comment', `# why\n${CFG} # because`],
    ['blank lines', CFG.replaceAll('\n', '\n\n\n')],
    ['another order', CFG.split('\n').reverse().join('\n')],
    ['colons and separators', CFG.replaceAll(' {', ': {')],
    ['another spelling of a number', CFG.replaceAll('0.6', '6e-1')],
    ['the other skip list', CFG.replace('skip_layers', 'quant_skip_layers')],
    ['the default, written down', `${CFG}batch_num: 1`],
    ['a skip of a layer that is not quantized', `${CFG}skip_layers: "relu1"`],
    [
      'the same settings for one layer by name',
      `${CFG}override_layer_configs { layer_name: "conv1" ${CFG.split('\n').slice(0, 2).join(' ')} }`,
    ],
  ])('%s', (_, cfg) => expect(canonical(cfg)).toBe(canonical(CFG)));

  it('the other compat, where both give the same', () => {
    expect(canonicalJson(canonicalPlan(resolve(LENET, CFG, 'amct').plan))).toBe(canonical(CFG));
  });

  it('a shifted line in the prototxt', () => {
    expect(canonical(CFG, `\n\n# LeNet\n${LENET}`)).toBe(canonical(CFG));
  });
});

describe('what changes it', () => {
  it.each([
    ['a clip value', CFG.replace('0.6 ', '0.7 ')],
    ['fixed_min', CFG.replace('ulq_quantize { }', 'ulq_quantize { fixed_min: true }')],
    ['channel_wise', CFG.replace('true', 'false')],
    ['a skip', CFG.replace('skip_layers: "ip2"', '')],
    ['batch_num', `${CFG}batch_num: 2`],
  ])('%s', (_, cfg) => expect(canonical(cfg)).not.toBe(canonical(CFG)));
});

describe('canonicalJson', () => {
  it('sorts keys at every level and ends with a newline', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined, e: 0.6000000238418579 })).toBe(
      '{\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    }\n  ],\n  "e": 0.6000000238418579\n}\n',
    );
  });

  it('gives equal bytes for equal values, whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  it.each([NaN, Infinity])('refuses %s', (value) => expect(() => canonicalJson({ value })).toThrow(RangeError));
});

describe("AMCT's JSON config", () => {
  it('is laid out as AMCT does it', () => {
    const net =
      DATA +
      layer('conv/é', 'Convolution', 'data', 'a', 'convolution_param { num_output: 1 kernel_size: 1 }') +
      layer('pool', 'Pooling', 'a', 'b', 'pooling_param { pool: AVE kernel_size: 2 }') +
      layer('ip', 'InnerProduct', 'b', 'c', 'inner_product_param { num_output: 1 }');
    const cfg = `batch_num: 2
retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: -0.6 } fixed_min: false } }
retrain_weight_quant_config { arq_retrain { channel_wise: true } }
skip_layers: "conv/é"
override_layer_types { layer_type: "InnerProduct" retrain_data_quant_config { ulq_quantize { } } retrain_weight_quant_config { arq_retrain { channel_wise: false } } }`;
    expect(formatRetrainJson(resolve(net, cfg).plan)).toBe(`{
    "version":1,
    "batch_num":2,
    "conv/\\u00e9":{
        "retrain_enable":false,
        "retrain_data_config":{
            "algo":"ulq_quantize",
            "clip_max":6.0,
            "clip_min":-0.6000000238418579,
            "fixed_min":false
        },
        "retrain_weight_config":{
            "algo":"arq_retrain",
            "channel_wise":true
        }
    },
    "pool":{
        "retrain_enable":true,
        "retrain_data_config":{
            "algo":"ulq_quantize",
            "clip_max":6.0,
            "clip_min":-0.6000000238418579,
            "fixed_min":false
        },
        "retrain_weight_config":{
            "algo":"arq_retrain",
            "channel_wise":false
        }
    },
    "ip":{
        "retrain_enable":true,
        "retrain_data_config":{
            "algo":"ulq_quantize"
        },
        "retrain_weight_config":{
            "algo":"arq_retrain",
            "channel_wise":false
        }
    }
}`);
  });

  it.each([
    ['1e-5', '9.999999747378752e-06'],
    ['1e-4', '9.999999747378752e-05'],
    ['1e-3', '0.0010000000474974513'],
    ['0.5', '0.5'],
    ['100', '100.0'],
    ['123456792', '123456792.0'],
    ['1e16', '1.0000000272564224e+16'],
    ['1048576', '1048576.0'],
    ['1e20', '1.0000000200408773e+20'],
    ['16384e30', '1.6384000246537687e+34'],
  ])('writes the float32 of %s as Python does: %s', (value, python) => {
    const cfg = CFG.replaceAll('clip_max: 0.6', `clip_max: ${value}`);
    expect(formatRetrainJson(resolve(LENET, cfg).plan)).toContain(`"clip_max":${python},`);
  });

  it('is read back to the same settings', () => {
    const { plan } = resolve(LENET, CFG);
    const { config, diagnostics } = parseRetrainConfig(formatRetrainJson(plan), 'retrain.json');
    expect(diagnostics).toEqual([]);
    const again = resolvePlan({ train: netOf(LENET), test: netOf(LENET, 'TEST'), config, compat: 'documented' });
    expect(canonicalPlan(again.plan)).toEqual(canonicalPlan(plan));
    expect(formatRetrainJson(again.plan)).toBe(formatRetrainJson(plan));
  });
});
