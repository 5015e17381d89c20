import { parseRetrainConfig } from '@caffe-quant/config';
import { resolvePlan } from './index.ts';
import { DATA, layer } from './testing/nets.ts';
import { netOf } from './testing/net-of.ts';

const LAYERS = 1000;
/** Every override leaves out a half that AMCT does not inherit, so that each one is worth a warning. */
const GLOBALS =
  'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: -6 } } } retrain_weight_quant_config { arq_retrain { channel_wise: true } }\n';

describe('a net of 1,000 layers', () => {
  const net =
    DATA +
    Array.from({ length: LAYERS }, (_, i) =>
      layer(`conv${i}`, 'Convolution', i === 0 ? 'data' : `conv${i - 1}`, `conv${i}`),
    ).join('');
  const train = netOf(net);
  const overrides = Array.from(
    { length: 500 },
    (_, i) =>
      `override_layer_configs { layer_name: "conv${2 * i}" retrain_weight_quant_config { arq_retrain { channel_wise: false } } }\n`,
  ).join('');

  /** The best of several runs: other processes disturb the rest. */
  const milliseconds = (cfg: string): number => {
    const { config } = parseRetrainConfig(cfg, 'quant.cfg');
    const times = Array.from({ length: 15 }, () => {
      const start = performance.now();
      resolvePlan({ train, test: train, config, compat: 'documented' });
      return performance.now() - start;
    });
    return Math.min(...times);
  };

  it('is resolved with 500 overrides in at most twice the time that it takes with none', () => {
    const none = milliseconds(GLOBALS);
    const many = milliseconds(GLOBALS + overrides);
    expect(many).toBeLessThanOrEqual(2 * none);
  });
});
