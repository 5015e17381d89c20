import { leaveFloat, withBatchNum } from './edit-retrain-config.ts';
import { parseRetrainConfig } from './parse-retrain-config.ts';

const CFG = `# ranges
retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
skip_layers: "conv1" # the first
override_layer_configs : { layer_name: "conv2" retrain_weight_quant_config: { arq_retrain: { channel_wise: true } } }
`;

test('the layers are skipped, their overrides go, and all else keeps its bytes', () => {
  const text = leaveFloat(CFG, 'quant.cfg', ['conv2', 'ip1']);
  expect(text).toBe(CFG.replace(/override.*\n/, '') + 'skip_layers: "conv2"\nskip_layers: "ip1"\n');
  expect(parseRetrainConfig(text, 'quant.cfg').diagnostics).toEqual([]);
});

test('a layer that is skipped already is not skipped twice', () => {
  expect(leaveFloat(CFG, 'quant.cfg', ['conv1'])).toBe(CFG);
});

test('without layers nothing changes', () => expect(leaveFloat(CFG, 'quant.cfg', [])).toBe(CFG));

test('a name with quotes is written so that it reads back', () => {
  const { config } = parseRetrainConfig(leaveFloat('', 'quant.cfg', ['a "b" \\ ü']), 'quant.cfg');
  expect(config.skipLayers.map(({ value }) => value)).toEqual(['a "b" \\ ü']);
});

test('in JSON the layers are switched off, and numbers stay as they were written', () => {
  const json = `{
    "version":1,
    "conv1":{
        "retrain_enable":true,
        "retrain_data_config":{
            "algo":"ulq_quantize",
            "clip_max":6.0,
            "clip_min":-6.0
        }
    }
}`;
  const text = leaveFloat(json, 'retrain.json', ['conv1']);
  expect(text).toBe(json.replace('"retrain_enable":true', '"retrain_enable":false'));
  expect(parseRetrainConfig(text, 'retrain.json').diagnostics).toEqual([]);
});

test('what is no config is refused with its place', () => {
  expect(() => leaveFloat('skip_layer: "x"', 'quant.cfg', ['a'])).toThrow('quant.cfg:1:1: error');
});

test.each([
  [CFG, `${CFG}batch_num: 8\n`],
  [`batch_num: 2\n${CFG}`, `batch_num: 8\n${CFG}`],
  ['{"version":1,"batch_num":2}', '{"version":1,"batch_num":8}'],
])('the number of batches is set, wherever it stood', (text, expected) => {
  expect(withBatchNum(text, 'quant.cfg', 8)).toBe(expected);
});
