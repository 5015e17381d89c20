import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantPlanSchema } from './plan-schema.ts';
import { DATA, LEAST, LENET, layer } from './testing/nets.ts';
import { resolve } from './testing/resolve.ts';
import { schemaErrors } from './testing/schema-errors.ts';

const GLOBALS =
  'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: -6 } fixed_min: false } } retrain_weight_quant_config { arq_retrain { channel_wise: true } }';

describe('the JSON schema of a plan', () => {
  it.each([
    ['an empty config', LENET, ''],
    ['a global config', LENET, GLOBALS],
    [
      'a skip and an override',
      LENET,
      `${GLOBALS} batch_num: 3 skip_layers: "conv1" override_layer_configs { layer_name: "ip1" retrain_weight_quant_config { arq_retrain { } } }`,
    ],
    [
      'a shared quantizer',
      DATA +
        layer('a', 'Convolution', 'data', 'a', LEAST['Convolution']) +
        layer('b', 'Convolution', 'data', 'b', LEAST['Convolution']),
      GLOBALS,
    ],
    [
      'a config with errors',
      LENET,
      'skip_layers: "zzz" override_layer_configs { layer_name: "conv1" } skip_layers: "conv1"',
    ],
    ["AMCT's JSON config", LENET, '{"version":1,"conv1":{}}'],
  ])('holds for %s', (_, net, cfg) => {
    for (const compat of ['documented', 'amct'] as const) {
      const plan: unknown = JSON.parse(JSON.stringify(resolve(net, cfg, compat).plan));
      expect(schemaErrors(plan, quantPlanSchema)).toEqual([]);
    }
  });

  it.each([
    ['no layers', (plan: Record<string, unknown>) => delete plan['layers'], '$: lacks layers'],
    ['an unknown member', (plan: Record<string, unknown>) => (plan['note'] = 'x'), '$: has note'],
    ['no batch', (plan: Record<string, unknown>) => (plan['batchNum'] = 0), '$.batchNum: minimum'],
  ])('is not blind to %s', (_, spoil, error) => {
    const plan = JSON.parse(JSON.stringify(resolve(LENET, GLOBALS).plan)) as Record<string, unknown>;
    spoil(plan);
    expect(schemaErrors(plan, quantPlanSchema)).toEqual([error]);
  });

  it('is published as docs/quant-plan.schema.json', () => {
    const published = readFileSync(join(process.cwd(), 'docs', 'quant-plan.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(quantPlanSchema)));
  });
});
