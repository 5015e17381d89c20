import type { Draw } from '../draw.ts';
import { axisOf, blob, type DrawSetting, maybe, overOne, shapeOf } from '../setting.ts';

const axpy: DrawSetting = (draw) => {
  const shape = shapeOf(draw, 4);
  const a = draw.chance() ? shape.slice(0, 2) : [...shape.slice(0, 2), 1, 1];
  return { text: '', bottoms: [blob(draw, a), blob(draw, shape), blob(draw, shape)], phase: 'TRAIN' };
};

/** Statistics in their blobs are the harness's numbers in [0.5, 1.5). */
const batchNorm: DrawSetting = (draw) => {
  const shape = [draw.int(1, 3), ...shapeOf(draw, draw.int(1, 4))];
  const fields = [
    maybe(draw, () => `use_global_stats: ${draw.chance()}`),
    maybe(draw, () => `eps: ${draw.pick([0.001, 0.1])}`),
    maybe(draw, () => `moving_average_fraction: ${draw.decimal(0.1, 1)}`),
  ];
  return {
    text: `batch_norm_param { ${fields.join(' ')} }`,
    bottoms: [blob(draw, shape)],
    phase: draw.pick(['TRAIN', 'TEST']),
  };
};

/** Scale and Bias: their operand is their own, or a second bottom over some axes of the first. */
const operand =
  (param: string, more: (draw: Draw) => string): DrawSetting =>
  (draw) => {
    const shape = shapeOf(draw, draw.int(1, 4));
    const rank = shape.length;
    const axis = axisOf(draw, rank, 0.02);
    const first = (axis + 2 * rank) % rank;
    const second = shape.slice(first, first + draw.int(0, rank - first));
    const own = draw.chance();
    const count = own ? maybe(draw, () => `num_axes: ${draw.int(-1, rank - first)}`, 0.7) : '';
    return {
      text: `${param} { axis: ${axis} ${count} ${more(draw)} }`,
      bottoms: own ? [blob(draw, shape)] : [blob(draw, shape), blob(draw, second)],
      phase: 'TRAIN',
    };
  };

const eltwise: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  const bottoms = draw.int(2, 4);
  const operation = draw.pick(['SUM', 'PROD', 'MAX']);
  const coeff = operation === 'SUM' && draw.chance() ? draw.ints(draw.chance(0.1) ? 1 : bottoms, -2, 2) : [];
  return {
    text: `eltwise_param { operation: ${operation} ${coeff.map((value) => `coeff: ${value}`).join(' ')} ${maybe(
      draw,
      () => `stable_prod_grad: ${draw.chance()}`,
    )} }`,
    bottoms: Array.from({ length: bottoms }, () => blob(draw, draw.chance(0.03) ? [...shape, 2] : shape)),
    phase: 'TRAIN',
  };
};

const innerProduct: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  const fields = [
    maybe(draw, () => `axis: ${axisOf(draw, shape.length)}`, 0.7),
    maybe(draw, () => 'transpose: true'),
    maybe(draw, () => 'bias_term: false'),
  ];
  return {
    text: `inner_product_param { num_output: ${draw.int(1, 6)} ${fields.join(' ')} }`,
    bottoms: [blob(draw, shape)],
    phase: 'TRAIN',
  };
};

const mvn: DrawSetting = (draw) => ({
  text: `mvn_param { ${maybe(draw, () => 'across_channels: true')} ${maybe(draw, () => 'normalize_variance: false')} eps: ${draw.pick([0.1, 1])} }`,
  bottoms: [blob(draw, shapeOf(draw, draw.int(2, 4)))],
  phase: 'TRAIN',
});

const normalize: DrawSetting = (draw) => ({
  text: `norm_param { ${maybe(draw, () => 'across_spatial: false')} ${maybe(draw, () => 'channel_shared: false')} }`,
  bottoms: [blob(draw, shapeOf(draw, draw.int(2, 4)))],
  phase: 'TRAIN',
});

const recurrent: DrawSetting = (draw) => {
  const [steps, batch] = [draw.int(1, 4), draw.int(1, 3)];
  const bottoms = [
    blob(draw, [steps, batch, ...shapeOf(draw, draw.int(draw.chance(0.1) ? 0 : 1, 3), 3)]),
    { shape: [steps, batch], data: draw.ints(steps * batch, 0, 1), learns: false },
  ];
  if (draw.chance(0.4)) bottoms.push(blob(draw, [draw.chance(0.1) ? batch + 1 : batch, draw.int(1, 3)]));
  return { text: `recurrent_param { num_output: ${draw.int(1, 4)} }`, bottoms, phase: 'TRAIN' };
};

const affine = (draw: Draw): string =>
  `${maybe(draw, () => `scale: ${draw.decimal(-1, 1)}`)} ${maybe(draw, () => `shift: ${draw.decimal(-1, 1)}`)}`;
const softmaxSetting: DrawSetting = (draw) => {
  const shape = shapeOf(draw, draw.int(1, 4));
  return {
    text: `softmax_param { ${maybe(draw, () => `axis: ${axisOf(draw, shape.length)}`, 0.8)} }`,
    bottoms: [blob(draw, shape, -4, 4)],
    phase: 'TRAIN',
  };
};

export const VALUES: Readonly<Record<string, DrawSetting>> = {
  AbsVal: overOne(),
  Axpy: axpy,
  BatchNorm: batchNorm,
  Bias: operand('bias_param', () => ''),
  BNLL: overOne(undefined, [-60, 60]),
  Clip: overOne((draw) => `clip_param { min: ${draw.decimal(-1, 1)} max: ${draw.decimal(-0.5, 1.5)} }`),
  // In TRAIN it draws at random.
  Dropout: (draw) => ({
    ...overOne((again) => `dropout_param { dropout_ratio: ${again.pick([0, 0.3, 0.5, 1])} }`)(draw),
    phase: 'TEST',
  }),
  Eltwise: eltwise,
  ELU: overOne((draw) => `elu_param { alpha: ${draw.decimal(-1, 2)} }`),
  Exp: overOne(
    (draw) => `exp_param { ${maybe(draw, () => `base: ${draw.pick([-1, 2, 10, 1, 0.5, 0])}`)} ${affine(draw)} }`,
  ),
  InnerProduct: innerProduct,
  Log: overOne(
    (draw) =>
      `log_param { ${maybe(draw, () => `base: ${draw.pick([-1, 2, 10, 1, 0.5, 0])}`)} ${maybe(draw, () => 'scale: 0.5')} ${maybe(draw, () => 'shift: 1.5')} }`,
    [0.5, 4],
  ),
  LSTM: recurrent,
  MVN: mvn,
  Normalize: normalize,
  Power: overOne(
    (draw) =>
      `power_param { ${maybe(draw, () => `power: ${draw.pick([0, 1, 2, 3, -1, 0.5, -0.7])}`)} ${maybe(draw, () => `scale: ${draw.pick([0, 0.5, 2])}`)} ${maybe(draw, () => `shift: ${draw.pick([0, 1, 2.5])}`)} }`,
    [0.5, 4],
  ),
  PReLU: overOne((draw) => `prelu_param { ${maybe(draw, () => 'channel_shared: true')} }`),
  ReLU: overOne((draw) => `relu_param { ${maybe(draw, () => `negative_slope: ${draw.decimal(-1, 1)}`)} }`),
  ReLU6: overOne(undefined, [-2, 9]),
  RNN: recurrent,
  Scale: operand('scale_param', (draw) => maybe(draw, () => 'bias_term: true')),
  Sigmoid: overOne(undefined, [-9, 9]),
  Softmax: softmaxSetting,
  Swish: overOne((draw) => `swish_param { beta: ${draw.decimal(-2, 2)} }`),
  TanH: overOne(undefined, [-5, 5]),
  Threshold: overOne((draw) => `threshold_param { threshold: ${draw.decimal(-1, 1)} }`),
};
