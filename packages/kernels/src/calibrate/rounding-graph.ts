import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';

/**
 * One step of learning how weights are rounded (AdaRound). A weight w of scale s is rounded down to floor(w / s), or up, and the
 * share that it is rounded up by is learned:
 *
 *   w~ = s clip(floor(w / s) + h(V), -128, 127),   h(V) = clip(sigmoid(V) (zeta - gamma) + gamma, 0, 1)
 *   loss = mean over rows of u (x w~ - y)² + lambda sum (1 - |2 h(V) - 1|^beta)
 *
 * where x are rows of the layer's quantized input, and y what the float net has there. V goes by Adam. u is what makes the loss of
 * an output the same number for every layer: K / (mean of its squared error by rounding to nearest), so that one lambda
 * serves all; the paper leaves its units to the net.
 *
 * Source: Nagel et al., "Up or Down? Adaptive Rounding for Post-Training Quantization", 2020, equations 21 to 25; the limits are its
 * zeta = 1.1, gamma = -0.1. Adam: Kingma and Ba, 2015.
 */
const ZETA = 1.1;
const GAMMA = -0.1;

const RATE = 0.01;
const DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

export interface RoundingShape {
  readonly groups: number;
  /** Rows of a batch. */
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Feeds of the graph: constants of a layer, a batch, what is learned with Adam's histories, and scalars. */
export const STATE = ['v', 'mean', 'square'] as const;

/** The model of a step: `next/v`, `next/mean` and `next/square` of its feeds. */
export function roundingModel({ groups, rows, inputs, outputs }: RoundingShape): Uint8Array {
  const g = new GraphBuilder({ channelBlock: 1 });
  const ofWeights = [groups, inputs, outputs];
  const [floor, scale, v, mean, square] = ['floor', 'scale', ...STATE].map((name) => g.input(name, ofWeights)) as [
    Value,
    Value,
    Value,
    Value,
    Value,
  ];
  const x = g.input('x', [groups, rows, inputs]);
  const y = g.input('y', [groups, rows, outputs]);
  const unit = g.input('unit', [groups, 1, outputs]);
  const [lambda, beta, rate] = ['lambda', 'beta', 'rate'].map((name) => g.input(name, [])) as [Value, Value, Value];
  const number = (value: number) => g.scalar(value);
  const s = ops.sigmoid(g, v);
  const stretched = ops.add(g, ops.mul(g, s, number(ZETA - GAMMA)), number(GAMMA));
  const h = ops.clip(g, stretched, 0, 1);
  const steps = ops.add(g, floor, h);
  const weights = ops.mul(g, ops.clip(g, steps, -128, 127), scale);
  const difference = ops.sub(g, matMul(g, x, weights), y);
  const ofOutputs = ops.mul(g, ops.mul(g, difference, unit), number(2 / rows));
  const ofProduct = matMul(g, ops.transpose(g, x, [0, 2, 1]), ofOutputs);
  const ofReconstruction = ops.mul(g, ops.mul(g, ofProduct, scale), within(g, steps, -128, 127));
  // d/dh of 1 - |2h - 1|^beta
  const centred = ops.sub(g, ops.add(g, h, h), number(1));
  const power = ops.pow(g, ops.abs(g, centred), ops.sub(g, beta, number(1)));
  const ofRegularizer = ops.mul(g, ops.mul(g, ops.mul(g, power, ops.sign(g, centred)), beta), number(-2));
  const ofH = ops.add(g, ofReconstruction, ops.mul(g, ofRegularizer, lambda));
  const slope = ops.mul(g, ops.mul(g, s, ops.sub(g, number(1), s)), number(ZETA - GAMMA));
  const gradient = ops.mul(g, ops.mul(g, ofH, slope), within(g, stretched, 0, 1));
  const blend = (old: Value, now: Value, decay: number) =>
    ops.add(g, ops.mul(g, old, number(decay)), ops.mul(g, now, number(1 - decay)));
  const nextMean = blend(mean, gradient, DECAY);
  const nextSquare = blend(square, ops.mul(g, gradient, gradient), SQUARE_DECAY);
  const move = ops.div(g, ops.mul(g, nextMean, rate), ops.add(g, ops.sqrt(g, nextSquare), number(EPSILON)));
  g.output('next/v', ops.sub(g, v, move));
  g.output('next/mean', nextMean);
  g.output('next/square', nextSquare);
  return encodeModel(g, { name: 'rounding' });
}

/** Adam's rate of iteration `index`, from 0, with the corrections of its means. */
export const adamRate = (index: number): number =>
  (RATE * Math.sqrt(1 - SQUARE_DECAY ** (index + 1))) / (1 - DECAY ** (index + 1));

/** V of a share that is rounded up by, in [0, 1). */
export const startOf = (share: number): number => {
  const s = (share - GAMMA) / (ZETA - GAMMA);
  return Math.log(s / (1 - s));
};

/** Whether V means up. */
export const isUp = (v: number): boolean => v >= 0;

function matMul(g: GraphBuilder, a: Value, b: Value): Value {
  const [groups, rows] = a.shape as [number, number, number];
  return g.op('MatMul', [a, b], {}, [groups, rows, b.shape[2]!]);
}

/** 1 where low <= x < high, else 0. */
const within = (g: GraphBuilder, x: Value, low: number, high: number): Value =>
  ops.mul(
    g,
    ops.indicator(g, ops.greaterOrEqual(g, x, g.scalar(low))),
    ops.indicator(g, ops.less(g, x, g.scalar(high))),
  );
