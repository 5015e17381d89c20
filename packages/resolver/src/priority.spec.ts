import { LENET } from './testing/nets.ts';
import { resolve } from './testing/resolve.ts';

const data = (range: number) =>
  `retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: ${range} clip_min: -${range} } } }`;
const weight = (channelWise: boolean) => `retrain_weight_quant_config { arq_retrain { channel_wise: ${channelWise} } }`;
const GLOBAL = `${data(6)} ${weight(true)}`;
const byName = (halves: string) => `override_layer_configs { layer_name: "conv2" ${halves} }`;
const byType = (halves: string) => `override_layer_types { layer_type: "Convolution" ${halves} }`;
const skip = 'skip_layers: "conv2"';
const quantSkip = 'quant_skip_layers: "conv2"';
const skipType = 'skip_layer_types: "Convolution"';
const quantSkipType = 'quant_skip_types: "Convolution"';

/** What becomes of conv2: `-` is float, `!` an error. */
describe('which half applies', () => {
  it.each<[cfg: string, documented: string, amct: string]>([
    // the levels
    [GLOBAL, '[-6, 6] per channel', '[-6, 6] per channel'],
    [`${GLOBAL} ${byType(data(4) + weight(false))}`, '[-4, 4] per tensor', '[-4, 4] per tensor'],
    [`${GLOBAL} ${byName(data(3) + weight(false))}`, '[-3, 3] per tensor', '[-3, 3] per tensor'],
    [
      `${GLOBAL} ${byType(data(4) + weight(true))} ${byName(data(3) + weight(false))}`,
      '[-3, 3] per tensor',
      '[-3, 3] per tensor',
    ],
    // a half left out: the next level down, or the default
    [`${GLOBAL} ${byName(weight(false))}`, '[-6, 6] per tensor', 'IFMR per tensor'],
    [`${data(6)} ${weight(false)} ${byName(data(3))}`, '[-3, 3] per tensor', '[-3, 3] per channel'],
    [`${GLOBAL} ${byType(weight(false))}`, '[-6, 6] per tensor', 'IFMR per tensor'],
    [`${data(6)} ${weight(false)} ${byType(data(4))}`, '[-4, 4] per tensor', '[-4, 4] per channel'],
    [`${GLOBAL} ${byType(data(4))} ${byName(weight(false))}`, '[-4, 4] per tensor', 'IFMR per tensor'],
    [`${GLOBAL} ${byType(weight(false))} ${byName(data(3))}`, '[-3, 3] per tensor', '[-3, 3] per channel'],
    [`${GLOBAL} ${byName('')}`, '[-6, 6] per channel', 'IFMR per channel'],
    // no global half
    [data(6), '[-6, 6] per channel', '[-6, 6] per channel'],
    [weight(false), 'IFMR per tensor', 'IFMR per tensor'],
    ['', 'IFMR per channel', 'IFMR per channel'],
    // inside a half nothing is inherited
    [
      `${GLOBAL} ${byName('retrain_data_quant_config { ulq_quantize { fixed_min: true } }')}`,
      'IFMR from 0 per channel',
      'IFMR from 0 per channel',
    ],
    [
      `${GLOBAL} ${byName('retrain_weight_quant_config { arq_retrain { } }')}`,
      '[-6, 6] per channel',
      'IFMR per channel',
    ],
    [
      `${data(6)} ${weight(false)} ${byName('retrain_weight_quant_config { arq_retrain { } }')}`,
      '[-6, 6] per channel',
      'IFMR per channel',
    ],
  ])('%s', (cfg, documented, amct) => {
    expect(conv2(cfg, 'documented')).toBe(documented);
    expect(conv2(cfg, 'amct')).toBe(amct);
  });
});

describe('skips and overrides', () => {
  it.each<[cfg: string, documented: string, amct: string]>([
    [`${GLOBAL} ${skip}`, '-', '-'],
    [`${GLOBAL} ${quantSkip}`, '-', '-'],
    [`${GLOBAL} ${skipType}`, '-', '-'],
    [`${GLOBAL} ${quantSkipType}`, '-', '-'],
    [`${GLOBAL} ${skip} ${skipType}`, '-', '-'],
    [`${GLOBAL} ${skip} ${byType(data(4) + weight(true))}`, '-', '[-4, 4] per channel'],
    [`${GLOBAL} ${quantSkip} ${byType(data(4) + weight(true))}`, '-', '[-4, 4] per channel'],
    [`${GLOBAL} ${skipType} ${byName(data(3) + weight(true))}`, '[-3, 3] per channel', '[-3, 3] per channel'],
    [`${GLOBAL} ${quantSkipType} ${byName(data(3) + weight(true))}`, '[-3, 3] per channel', '[-3, 3] per channel'],
    [`${GLOBAL} ${skip} ${byName(data(3) + weight(true))}`, '!', '[-3, 3] per channel'],
    [`${GLOBAL} ${quantSkip} ${byName(data(3) + weight(true))}`, '!', '[-3, 3] per channel'],
    [`${GLOBAL} ${skipType} ${byType(data(4) + weight(true))}`, '!', '[-4, 4] per channel'],
    [`${GLOBAL} ${quantSkipType} ${byType(data(4) + weight(true))}`, '!', '[-4, 4] per channel'],
    [`${GLOBAL} ${skip} ${skipType} ${byType(data(4) + weight(true))}`, '!', '[-4, 4] per channel'],
    [`${GLOBAL} ${skip} ${byType(data(4))} ${byName(weight(false))}`, '!', 'IFMR per tensor'],
    // the type is contradictory, but the override by name stands above it
    [`${GLOBAL} ${skipType} ${byType(data(4))} ${byName(data(3) + weight(true))}`, '!', '[-3, 3] per channel'],
  ])('%s', (cfg, documented, amct) => {
    expect(conv2(cfg, 'documented')).toBe(documented);
    expect(conv2(cfg, 'amct')).toBe(amct);
  });
});

function conv2(cfg: string, compat: 'documented' | 'amct'): string {
  const { lines, diagnostics } = resolve(
    LENET,
    `${cfg} override_layer_types { layer_type: "InnerProduct" ${data(6)} ${weight(false)} } override_layer_types { layer_type: "Pooling" ${data(6)} ${weight(false)} }`,
    compat,
  );
  if (diagnostics.some(({ severity }) => severity === 'error')) return '!';
  const line = lines.find((text) => text.startsWith('conv2: ')) ?? '';
  return line.startsWith('conv2: -') ? '-' : line.slice('conv2: '.length);
}
