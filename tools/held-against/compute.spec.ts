import { compute, type Outcome } from './compute.ts';
import { deviceVerdict } from './device-verdict.ts';
import { Draw } from './draw.ts';
import type { DrawSetting } from './setting.ts';
import { LOSSES } from './settings/losses.ts';
import { SHAPES } from './settings/shapes.ts';
import { SOURCES } from './settings/sources.ts';
import { VALUES } from './settings/values.ts';
import { WINDOWS } from './settings/windows.ts';

const DRAWN: Readonly<Record<string, DrawSetting>> = { ...LOSSES, ...SHAPES, ...SOURCES, ...VALUES, ...WINDOWS };

test.each(Object.entries(DRAWN))(
  'settings of %s are computed, or refused in words of the layer',
  async (type, draw) => {
    const drawn = new Draw(11);
    const outcomes: Outcome[] = [];
    for (let i = 0; i < 4; i++) outcomes.push(await compute({ type, ...draw(drawn) }, drawn, 1));
    expect(outcomes.map(({ failed }) => failed).filter((failed) => failed !== undefined)).toEqual([]);
    expect(outcomes.some(({ refused }) => refused === undefined)).toBe(true);
  },
);

const computed: Outcome = {
  ...{ prototxt: '', layer: {}, params: [], gradients: { bottoms: [[1, 2]], params: [] } },
  tops: [{ shape: [2], data: [3, 4] }],
};

test.each<[string, Partial<Outcome>, Partial<Outcome>, string | undefined]>([
  ['the same', {}, {}, undefined],
  ['another top', { tops: [{ shape: [2], data: [3, 5] }] }, {}, 'top 0'],
  ['another gradient', { gradients: { bottoms: [[1, 3]], params: [] } }, {}, 'gradient of bottoms 0'],
  ['the same refusal', { refused: 'no' }, { refused: 'no' }, undefined],
  ['a refusal of its own', { refused: 'no' }, {}, 'refused'],
  ['a failure of its own', { failed: 'broken' }, {}, 'fails: broken'],
  ['the same failure, which is a fault all the same', { failed: 'broken' }, { failed: 'broken' }, 'processor fails'],
])('a device with %s', (_, own, processor, expected) => {
  const verdict = deviceVerdict({ ...computed, ...own }, { ...computed, ...processor });
  if (expected === undefined) expect(verdict).toBeUndefined();
  else expect(verdict).toContain(expected);
});
