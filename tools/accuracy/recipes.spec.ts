import { configText, RECIPES } from './recipes.ts';

const recipe = (label: string) => RECIPES.find((each) => each.label === label && each.retrains)!;
const RANGES = { conv1: { max: 1, min: 0 }, conv2: { max: 3, min: -2 } };

test('halved ranges are written for each layer; an input that is never negative keeps 0', () => {
  const text = configText(recipe('from halved ranges, per channel'), RANGES);
  expect(text).toMatch(/"conv1"\s+retrain_data_quant_config .* clip_max: 0.5 clip_min: 0 } fixed_min: true }/);
  expect(text).toMatch(/"conv2"\s+retrain_data_quant_config .* clip_max: 1.5 clip_min: -1 } } }/);
});

test("IFMR's own ranges are left to the run", () => {
  expect(configText(recipe('from IFMR, per tensor'), RANGES)).not.toContain('clip_max');
});
