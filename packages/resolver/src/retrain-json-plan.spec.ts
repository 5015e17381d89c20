import type { Compat } from './plan.ts';
import { LENET } from './testing/nets.ts';
import { resolve, summaryOf } from './testing/resolve.ts';

const CONV1 =
  '"conv1":{"retrain_enable":true,"retrain_data_config":{"clip_max":6.0,"clip_min":-6.0},"retrain_weight_config":{"channel_wise":true}}';
const settings = (more = '') =>
  `{"retrain_data_config":{"clip_max":6.0,"clip_min":-6.0${more}},"retrain_weight_config":{"channel_wise":false}}`;
const config = (...layers: string[]) => `{"version":1,\n${layers.join(',\n')}}`;
const quantized = (lines: string[]) => lines.filter((line) => !line.includes(': - '));

describe("a plan from AMCT's JSON config", () => {
  it('a layer that is not listed is disabled, and so is one with retrain_enable false', () => {
    const { lines, diagnostics } = resolve(LENET, config(CONV1, `"ip1":{"retrain_enable":false}`));
    expect(diagnostics).toEqual([]);
    expect(quantized(lines)).toEqual(['conv1: [-6, 6] per channel']);
    expect(lines).toContain('conv2: - quant.cfg does not list it');
    expect(lines).toContain('ip1: - its retrain_enable is false');
  });

  it('absent retrain_enable means true, absent halves mean defaults, with a warning', () => {
    const { lines, diagnostics } = resolve(LENET, config('"conv1":{}', '"ip1":{}'));
    expect(quantized(lines)).toEqual(['conv1: IFMR per channel', 'ip1: IFMR per tensor']);
    expect(diagnostics.map(summaryOf)).toEqual([
      'warning no-data-half 2',
      'warning no-weight-half 2',
      'warning no-data-half 3',
      'warning no-weight-half 3',
    ]);
  });

  it('both readings are one', () => {
    const cfg = config(CONV1, `"ip2":${settings()}`);
    expect(resolve(LENET, cfg, 'amct').lines).toEqual(resolve(LENET, cfg).lines);
    expect(resolve(LENET, cfg).diagnostics.map(summaryOf)).toEqual(['info clip-min-overridden 3']);
  });

  it.each<[what: string, cfg: string, compat: Compat, expected: string[]]>([
    ['an unknown layer', config(CONV1, '"conv9":{}'), 'documented', ['error unknown-layer 3']],
    [
      'a layer that cannot be quantized',
      config(CONV1, '"relu1":{}'),
      'documented',
      ['error override-of-unquantizable-layer 3'],
    ],
    [
      'channel_wise on InnerProduct',
      config('"ip1":{"retrain_data_config":{},"retrain_weight_config":{"channel_wise":true}}'),
      'documented',
      ['warning channel-wise-not-possible 2'],
    ],
    [
      'channel_wise on InnerProduct',
      config('"ip1":{"retrain_data_config":{},"retrain_weight_config":{"channel_wise":true}}'),
      'amct',
      ['error channel-wise-not-possible 2'],
    ],
    [
      'channel_wise on Pooling',
      config('"pool2":{"retrain_data_config":{},"retrain_weight_config":{"channel_wise":true}}'),
      'amct',
      ['error channel-wise-not-possible 2'],
    ],
    ['nothing enabled', config('"conv1":{"retrain_enable":false}'), 'documented', ['error nothing-quantized -']],
    ['an empty config', '{"version":1}', 'documented', ['error nothing-quantized -']],
    [
      'clip_min 0 without fixed_min',
      config(
        '"conv1":{"retrain_data_config":{"clip_max":6.0,"clip_min":0.0},"retrain_weight_config":{"channel_wise":true}}',
      ),
      'documented',
      ['error clip-min-not-negative 2'],
    ],
  ])('%s, %s', (_, cfg, compat, expected) => {
    expect(resolve(LENET, cfg, compat).diagnostics.map(summaryOf)).toEqual(expected);
  });

  it('its values have their line in the JSON', () => {
    const { plan } = resolve(LENET, config(CONV1, `"ip1":${settings(',"fixed_min":true')}`));
    const ip1 = plan.layers.find(({ name }) => name === 'ip1');
    expect(ip1?.data?.sources).toEqual({
      clip: { level: 'layer', file: 'quant.cfg', line: 3, note: 'fixed_min overrides clip_min -6' },
      fixedMin: { level: 'layer', file: 'quant.cfg', line: 3 },
    });
    expect(ip1?.source).toEqual({ level: 'layer', file: 'quant.cfg', line: 3 });
  });
});
