import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseLayer } from '../testing/parse-layer.ts';
import { readGoldens, relativeError } from '../testing/goldens.ts';
import { BACKWARD_LIMIT, FORWARD_LIMIT } from '@caffe-quant/goldens';
import { reference, runNumericCase } from '../testing/numeric-check.ts';
import { NUMERIC_CASES } from '../testing/numeric-cases/all-cases.ts';
import { CPU_FALLBACKS, LAYER_KERNELS } from './registry.ts';

test.each(NUMERIC_CASES.map((checked) => [checked.name, checked] as const))(
  '%s equals its float64 reference',
  async (_, it) => {
    const out = await runNumericCase(it, 1);
    const expected = reference(it);
    expect(Object.keys(out).sort()).toEqual([...expected.keys()].sort());
    for (const [what, values] of expected) {
      const error = relativeError(out[what]!, values);
      const limit = what.startsWith('top') ? FORWARD_LIMIT : BACKWARD_LIMIT;
      expect([what, error <= limit ? 'within' : error]).toEqual([what, 'within']);
    }
    expect(await runNumericCase(it, 4)).toEqual(out);
  },
);

/** AMCT's own layers: their goldens are not one set a type. */
const OTHER_GOLDENS: Readonly<Record<string, string>> = { Quant: 'quant', DeQuant: 'quant' };

test('every layer type has goldens or a numeric check', () => {
  const checked = new Set(NUMERIC_CASES.map(({ layer }) => parseLayer(layer).type!));
  const hasGoldens = (type: string): boolean => {
    const set = OTHER_GOLDENS[type] ?? `layers/${type}`;
    const file = join(__dirname, '../../fixtures/goldens', `${set}.json`);
    return existsSync(file) && readGoldens(set).cases.length > 0;
  };
  const unchecked = [...LAYER_KERNELS.keys(), ...CPU_FALLBACKS.keys()].filter(
    (type) => !checked.has(type) && !hasGoldens(type),
  );
  expect(unchecked).toEqual([]);
});
