import type { Draw } from '../draw.ts';
import { blob, type DrawSetting, maybe, shapeOf } from '../setting.ts';

/** Channels in, out, and groups: one group a channel, blocks of 8 and 16 that other kernels compute, and none that fit. */
const CHANNELS = [
  [1, 1, 1],
  [3, 4, 1],
  [4, 4, 4],
  [4, 8, 4],
  [6, 4, 2],
  [8, 16, 1],
  [3, 16, 1],
  [16, 16, 1],
  [16, 16, 16],
  [32, 32, 2],
  [32, 16, 1],
  [3, 5, 2],
] as const;

/** A setting of a window: once for all axes, once an axis, by `_h` and `_w`, or not at all. */
function windowField(draw: Draw, name: string, axes: number, low: number, high: number, optional: boolean): string {
  const form = draw.int(optional ? 0 : 1, 9);
  if (form === 0) return '';
  if (form <= 4) return `${name}: ${draw.int(low, high)}`;
  const values = draw.ints(axes, low, high);
  if (form <= 7 || axes !== 2) return values.map((value) => `${name}: ${value}`).join(' ');
  const [h, w] = [`${name.replace('_size', '')}_h`, `${name.replace('_size', '')}_w`];
  return form === 8 ? `${h}: ${values[0]} ${w}: ${values[1]}` : draw.pick([`${h}: ${values[0]}`, `${w}: ${values[1]}`]);
}

function windowFields(draw: Draw, axes: number): string {
  return [
    windowField(draw, 'kernel_size', axes, 1, draw.pick([1, 3, 6]), false),
    windowField(draw, 'stride', axes, 1, draw.pick([1, 2, 4]), true),
    windowField(draw, 'pad', axes, 0, draw.pick([1, 3, 6]), true),
    draw.chance(0.3) ? `dilation: ${draw.int(1, 3)}` : '',
  ].join(' ');
}

const convolution: DrawSetting = (draw) => {
  const [cin, cout, group] = draw.pick(CHANNELS);
  const axes = draw.pick([2, 2, 2, 2, 1, 3]);
  const shape = [draw.pick([1, 1, 2]), cin, ...shapeOf(draw, axes, axes === 3 ? 4 : 9)];
  const axis = maybe(draw, () => `axis: ${draw.pick([1, -axes - 1])}`, 0.2);
  const bias = maybe(draw, () => `bias_term: ${draw.chance()}`);
  const groups = group > 1 ? `group: ${group}` : '';
  return {
    text: `convolution_param { num_output: ${cout} ${groups} ${axis} ${bias} ${windowFields(draw, axes)} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const depthwise: DrawSetting = (draw) => {
  const channels = draw.pick([1, 4, 8, 16, 33]);
  const shape = [draw.pick([1, 2]), channels, ...shapeOf(draw, 2, 9)];
  return {
    text: `convolution_param { num_output: ${channels} group: ${channels} ${windowFields(draw, 2)} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const im2col: DrawSetting = (draw) => ({
  text: `convolution_param { ${windowFields(draw, 2)} }`,
  bottoms: [blob(draw, [draw.pick([1, 2]), draw.pick([1, 3, 8]), ...shapeOf(draw, 2, 7)])],
  phase: 'TRAIN',
});

/** One field for both axes, one each, or now and then one alone or both ways, which is refused. */
function poolingField(draw: Draw, name: string, low: number, high: number): string {
  const [h, w] = [
    `${name.replace('_size', '')}_h: ${draw.int(low, high)}`,
    `${name.replace('_size', '')}_w: ${draw.int(low, high)}`,
  ];
  const one = `${name}: ${draw.int(low, high)}`;
  return draw.pick([
    one,
    one,
    one,
    `${h} ${w}`,
    `${h} ${w}`,
    `${h} ${w}`,
    draw.pick([h, w, `${one} ${h} ${w}`, `${one} ${h}`]),
  ]);
}

const pooling: DrawSetting = (draw) => {
  const pool = draw.pick(['MAX', 'MAX', 'AVE', 'AVE', 'STOCHASTIC']);
  const fields = draw.chance(0.1)
    ? `global_pooling: true ${maybe(draw, () => 'stride: 1')} ${maybe(draw, () => 'pad: 0')} ${maybe(draw, () => 'kernel_size: 2', 0.2)}`
    : [
        poolingField(draw, 'kernel_size', 1, draw.pick([1, 3, 7])),
        maybe(draw, () => poolingField(draw, 'stride', 1, draw.pick([2, 5])), 0.8),
        maybe(draw, () => poolingField(draw, 'pad', 0, draw.pick([1, 2, 3])), pool === 'STOCHASTIC' ? 0.1 : 0.6),
        maybe(draw, () => 'round_mode: FLOOR', 0.15),
      ].join(' ');
  const shape = [draw.pick([1, 2]), draw.pick([1, 3]), ...shapeOf(draw, 2, 9)];
  return {
    text: `pooling_param { pool: ${pool} ${fields} }`,
    bottoms: [pool === 'STOCHASTIC' ? blob(draw, shape, 0, 1) : blob(draw, shape)],
    tops: pool === 'MAX' && draw.chance(0.3) ? 2 : 1,
    phase: pool === 'STOCHASTIC' ? 'TEST' : 'TRAIN',
  };
};

const spp: DrawSetting = (draw) => ({
  text: `spp_param { pyramid_height: ${draw.int(1, 3)} ${maybe(draw, () => `pool: ${draw.pick(['MAX', 'AVE'])}`)} }`,
  bottoms: [blob(draw, [draw.pick([1, 2]), draw.pick([1, 3]), ...shapeOf(draw, 2, 9)])],
  phase: 'TRAIN',
});

const lrn: DrawSetting = (draw) => {
  const fields = [
    maybe(draw, () => `local_size: ${draw.pick([1, 3, 5, 7, 4])}`, 0.8),
    maybe(draw, () => `alpha: ${draw.decimal(0.1, 2)}`),
    maybe(draw, () => `beta: ${draw.pick([0.5, 0.75, 1, 0.3])}`),
    maybe(draw, () => `k: ${draw.decimal(1, 3)}`),
    maybe(draw, () => 'norm_region: WITHIN_CHANNEL', 0.4),
  ];
  return {
    text: `lrn_param { ${fields.join(' ')} }`,
    bottoms: [blob(draw, [draw.pick([1, 2]), ...shapeOf(draw, 3, 6)])],
    phase: 'TRAIN',
  };
};

export const WINDOWS: Readonly<Record<string, DrawSetting>> = {
  Convolution: convolution,
  DepthwiseConvolution: depthwise,
  Deconvolution: convolution,
  Im2col: im2col,
  Pooling: pooling,
  SPP: spp,
  LRN: lrn,
};
