import type { Draw } from '../draw.ts';
import { blob, type DrawSetting, maybe, shapeOf } from '../setting.ts';

const dims = (shape: readonly number[]): string => `shape { ${shape.map((dim) => `dim: ${dim}`).join(' ')} }`;

const dummyData: DrawSetting = (draw) => {
  const tops = draw.int(1, 3);
  const several = () => draw.pick([1, 1, tops, tops, tops + 1]);
  const shapes = Array.from({ length: several() }, () => dims(shapeOf(draw, draw.int(1, 4))));
  const legacy = ['num', 'channels', 'height', 'width'].flatMap((name) =>
    draw.ints(several(), 1, 3).map((value) => `${name}: ${value}`),
  );
  const fillers = Array.from({ length: several() - 1 }, () => `data_filler { value: ${draw.decimal(-1, 1)} }`);
  return {
    text: `dummy_data_param { ${draw.chance() ? shapes.join(' ') : legacy.join(' ')} ${fillers.join(' ')} }`,
    bottoms: [],
    tops,
  };
};

const parameter: DrawSetting = (draw) => ({
  text: `parameter_param { ${dims(shapeOf(draw, draw.int(1, 4)))} }`,
  bottoms: [],
  phase: 'TRAIN',
});

const sizes = (draw: Draw, name: string, low: number, high: number): string =>
  draw.pick([
    `${name}: ${draw.int(low, high)}`,
    `${name}_h: ${draw.int(low, high)} ${name}_w: ${draw.int(low, high)}`,
    `${name}_h: ${draw.int(low, high)} ${name}_w: ${draw.int(low, high)}`,
    draw.pick([`${name}_h: ${draw.int(low, high)}`, `${name}: 4 ${name}_h: 4 ${name}_w: 4`]),
  ]);

const priorBox: DrawSetting = (draw) => {
  const count = draw.int(1, 2);
  const fields = [
    ...draw.ints(count, 3, 9).map((size) => `min_size: ${size}.5`),
    maybe(draw, () =>
      draw
        .ints(draw.chance(0.1) ? 3 : count, 9, 20)
        .map((size) => `max_size: ${size}.7`)
        .join(' '),
    ),
    maybe(draw, () => 'aspect_ratio: 2 aspect_ratio: 3'),
    maybe(draw, () => 'aspect_ratio: 1 aspect_ratio: 0.5'),
    maybe(draw, () => 'flip: false'),
    maybe(draw, () => 'clip: true'),
    draw.pick([
      '',
      'variance: 0.2',
      'variance: 0.1 variance: 0.1 variance: 0.2 variance: 0.2',
      'variance: 1 variance: 2',
    ]),
    maybe(draw, () => sizes(draw, 'img', 10, 40).replace('img:', 'img_size:'), 0.4),
    maybe(draw, () => sizes(draw, 'step', 2, 8), 0.4),
    maybe(draw, () => `offset: ${draw.decimal(0, 1)}`),
  ];
  return {
    text: `prior_box_param { ${fields.join(' ')} }`,
    bottoms: [blob(draw, [1, 2, ...shapeOf(draw, 2, 4)]), blob(draw, [1, 3, ...draw.ints(2, 10, 30)])].map(
      (bottom) => ({
        ...bottom,
        learns: false,
      }),
    ),
  };
};

export const SOURCES: Readonly<Record<string, DrawSetting>> = {
  DummyData: dummyData,
  Parameter: parameter,
  PriorBox: priorBox,
  Silence: (draw) => ({ text: '', bottoms: [blob(draw, shapeOf(draw, 2))], tops: 0 }),
};
