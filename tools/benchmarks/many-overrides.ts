/**
 * Resolving a net of 1,000 layers with 500 overrides by name, against resolving it with none.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/many-overrides.ts
 */
import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { parseRetrainConfig } from '@caffe-quant/config';
import { resolvePlan } from '@caffe-quant/resolver';
import { median } from './median.ts';

const LAYERS = 1000;
const OVERRIDES = 500;
const RUNS = 31;

const layer = (i: number) =>
  `layer { name: "conv${i}" type: "Convolution" bottom: "${i === 0 ? 'data' : `conv${i - 1}`}" top: "conv${i}"
           convolution_param { num_output: 8 kernel_size: 3 pad: 1 } }\n`;
const net = `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 8 dim: 8 dim: 8 } } }\n${Array.from(
  { length: LAYERS },
  (_, i) => layer(i),
).join('')}`;
const GLOBALS = `retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: -6 } } }
retrain_weight_quant_config { arq_retrain { channel_wise: true } }\n`;
/** Each leaves out a half that AMCT does not inherit, so that each is worth a warning. */
const overrides = Array.from(
  { length: OVERRIDES },
  (_, i) =>
    `override_layer_configs { layer_name: "conv${2 * i}" retrain_weight_quant_config { arq_retrain { channel_wise: false } } }\n`,
).join('');

const { graph: train } = buildNetGraph(readNetText(net, 'net.prototxt').net, { file: 'net.prototxt', phase: 'TRAIN' });

function milliseconds(cfg: string): number {
  const { config } = parseRetrainConfig(cfg, 'quant.cfg');
  const start = performance.now();
  resolvePlan({ train, test: train, config, compat: 'documented' });
  return performance.now() - start;
}

const pairs = Array.from({ length: RUNS }, () => [milliseconds(GLOBALS), milliseconds(GLOBALS + overrides)] as const);
const [none, many] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
console.log(
  `no overrides ${none.toFixed(2)} ms, ${OVERRIDES} overrides ${many.toFixed(2)} ms: ratio ${(many / none).toFixed(2)}`,
);
