import { axisOf, blob, type DrawSetting, maybe, shapeOf, whole } from '../setting.ts';

const argMax: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  const axis = maybe(draw, () => `axis: ${axisOf(draw, shape.length)}`);
  return {
    text: `argmax_param { top_k: ${draw.int(1, 3)} ${axis} ${maybe(draw, () => 'out_max_val: true')} }`,
    bottoms: [{ ...blob(draw, shape), learns: false }],
  };
};

const batchReindex: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  return {
    text: '',
    bottoms: [blob(draw, shape), whole(draw, [draw.int(1, 6)], draw.chance(0.1) ? -1 : 0, shape[0]! - 1)],
    phase: 'TRAIN',
  };
};

const concat: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  const rank = shape.length;
  const axis = draw.chance(0.7) ? axisOf(draw, rank) : undefined;
  const along = axis === undefined ? 1 : (axis + rank) % rank;
  const shapes = Array.from({ length: draw.int(1, 3) }, () =>
    shape.map((dim, i) => (i === along || draw.chance(0.02) ? draw.int(1, 4) : dim)),
  );
  const old = maybe(draw, () => `concat_dim: ${draw.int(0, rank)}`, 0.1);
  return {
    text: `concat_param { ${axis === undefined ? '' : `axis: ${axis}`} ${old} }`,
    bottoms: shapes.map((each) => blob(draw, each)),
    phase: 'TRAIN',
  };
};

const crop: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4), 6);
  const rank = shape.length;
  const axis = draw.chance(0.8) ? axisOf(draw, rank) : 2;
  const cropped = rank - ((axis + rank) % rank);
  const lengths = shape.map((dim) => draw.int(1, dim));
  const offsets = draw.ints(draw.pick([0, 1, cropped, cropped + 1]), 0, draw.pick([0, 1, 2]));
  return {
    text: `crop_param { axis: ${axis} ${offsets.map((offset) => `offset: ${offset}`).join(' ')} }`,
    bottoms: [blob(draw, shape), { ...blob(draw, draw.chance(0.1) ? lengths.slice(1) : lengths), learns: false }],
    phase: 'TRAIN',
  };
};

const embed: DrawSetting = (draw) => {
  const words = draw.int(1, 6);
  return {
    text: `embed_param { num_output: ${draw.int(1, 5)} input_dim: ${words} ${maybe(draw, () => 'bias_term: false')} }`,
    bottoms: [whole(draw, shapeOf(draw, draw.int(1, 3)), 0, words - 1)],
    phase: 'TRAIN',
  };
};

const flatten: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 5));
  const [axis, end] = [axisOf(draw, shape.length), axisOf(draw, shape.length)];
  return {
    text: `flatten_param { ${maybe(draw, () => `axis: ${axis}`, 0.8)} ${maybe(draw, () => `end_axis: ${end}`, 0.6)} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const interp: DrawSetting = (draw) => {
  const shape = [...shapeOf(draw, 2, 3), ...shapeOf(draw, 2, 7)];
  const crop = maybe(draw, () => `pad_beg: ${-draw.int(0, 1)} pad_end: ${-draw.int(0, 1)}`, 0.3);
  const size = draw.pick([
    `height: ${draw.int(1, 9)} width: ${draw.int(1, 9)}`,
    `zoom_factor: ${draw.int(1, 3)}`,
    `shrink_factor: ${draw.int(1, 3)}`,
    `zoom_factor: ${draw.int(1, 3)} shrink_factor: ${draw.int(1, 3)}`,
  ]);
  return { text: `interp_param { ${size} ${crop} }`, bottoms: [blob(draw, shape)], phase: 'TRAIN' };
};

const permute: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 5));
  const axes = draw.shuffled(shape.map((_, axis) => axis));
  const order = draw.chance(0.1) ? draw.ints(2, 0, shape.length) : axes.slice(0, draw.int(0, shape.length));
  return {
    text: `permute_param { ${order.map((axis) => `order: ${axis}`).join(' ')} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const reduction: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 5));
  const operation = draw.pick(['SUM', 'ASUM', 'SUMSQ', 'MEAN']);
  const axis = maybe(draw, () => `axis: ${axisOf(draw, shape.length)}`, 0.8);
  return {
    text: `reduction_param { operation: ${operation} ${axis} ${maybe(draw, () => `coeff: ${draw.decimal(-2, 2)}`)} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

/** Of a blob [2, 3, 4]. */
const RESHAPES = [
  'shape { dim: 0 dim: -1 }',
  'shape { dim: 0 dim: 0 dim: 2 dim: 2 }',
  'shape { dim: -1 }',
  'shape { dim: 4 dim: 3 dim: 2 }',
  'shape { dim: 1 } axis: 1 num_axes: 0',
  'shape { dim: 1 dim: 1 } axis: -1',
  'shape { dim: -1 dim: 0 } axis: 1',
  'shape { dim: 6 } axis: 0 num_axes: 2',
  'shape { dim: -1 dim: 2 } axis: -2 num_axes: 1',
  'shape { dim: 0 dim: 1 } axis: 1 num_axes: 1',
];

const reshape: DrawSetting = (draw) => {
  if (draw.chance(0.6)) {
    return { text: `reshape_param { ${draw.pick(RESHAPES)} }`, bottoms: [blob(draw, [2, 3, 4])], phase: 'TRAIN' };
  }
  const shape = draw.pick([[2, 3, 4], [2, 3, 4, 1], [6], [1, 12], [1, 1, 1, 1], [3, 2, 2, 2]]);
  const dims = Array.from({ length: draw.int(0, 4) }, () => draw.pick([0, 0, 1, 2, 3, 4, 6, -1]));
  const axis = maybe(draw, () => `axis: ${draw.int(-shape.length - 1, shape.length)}`);
  const count = maybe(draw, () => `num_axes: ${draw.int(-1, 2)}`);
  return {
    text: `reshape_param { shape { ${dims.map((dim) => `dim: ${dim}`).join(' ')} } ${axis} ${count} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const shuffleChannel: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(2, 5));
  const group = draw.int(draw.chance(0.05) ? 0 : 1, 4);
  if (draw.chance(0.9)) shape[1] = Math.max(group, 1) * draw.int(1, 4);
  return {
    text: `shuffle_channel_param { ${maybe(draw, () => `group: ${group}`, 0.9)} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const slice: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4), 6);
  const rank = shape.length;
  const axis = draw.chance(0.8) ? axisOf(draw, rank) : undefined;
  const tops = draw.int(1, 3);
  const along = ((axis ?? 1) + 2 * rank) % rank;
  if (draw.chance(0.7)) shape[along] = tops * draw.int(1, 3);
  const points = maybe(draw, () =>
    draw
      .ints(tops - 1, 1, 4)
      .sort()
      .map((point) => `slice_point: ${point}`)
      .join(' '),
  );
  const old = maybe(draw, () => `slice_dim: ${draw.int(0, rank)}`, 0.1);
  return {
    text: `slice_param { ${axis === undefined ? '' : `axis: ${axis}`} ${points} ${old} }`,
    bottoms: [blob(draw, shape)],
    tops,
    phase: 'TRAIN',
  };
};

const tile: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  const axis = maybe(draw, () => `axis: ${axisOf(draw, shape.length)}`, 0.8);
  return {
    text: `tile_param { tiles: ${draw.int(1, 3)} ${axis} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const upsample: DrawSetting = (draw) => ({
  text: `upsample_param { scale: ${draw.int(1, 3)} }`,
  bottoms: [blob(draw, shapeOf(draw, 4))],
  phase: 'TRAIN',
});

const split: DrawSetting = (draw) => ({
  text: '',
  bottoms: [blob(draw, shapeOf(draw, draw.int(1, 5)))],
  tops: draw.int(1, 3),
  phase: 'TRAIN',
});

export const SHAPES: Readonly<Record<string, DrawSetting>> = {
  ArgMax: argMax,
  BatchReindex: batchReindex,
  Concat: concat,
  Crop: crop,
  Embed: embed,
  Flatten: flatten,
  Interp: interp,
  Permute: permute,
  Reduction: reduction,
  Reshape: reshape,
  ShuffleChannel: shuffleChannel,
  Slice: slice,
  Split: split,
  Tile: tile,
  Upsample: upsample,
};
