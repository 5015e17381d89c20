import type { Draw } from './draw.ts';

/** A bottom of a layer, and what is in it. */
export interface Bottom {
  shape: number[];
  data: number[];
  /** Whether the layer has a gradient for it. */
  learns: boolean;
}

/** One way to use a layer. */
export interface Setting {
  type: string;
  /** What stands in the layer beside its name, type, bottoms and tops. */
  text: string;
  bottoms: Bottom[];
  /** Default 1. */
  tops?: number;
  /** Default TEST. */
  phase?: 'TRAIN' | 'TEST';
}

/** Draws a setting of one type: odd, mostly what Caffe takes, now and then what it refuses. */
export type DrawSetting = (draw: Draw) => Omit<Setting, 'type'>;

const count = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** A blob of numbers in [low, high). */
export const blob = (draw: Draw, shape: number[], low = -1, high = 1): Bottom => ({
  shape,
  data: draw.numbers(count(shape), low, high),
  learns: true,
});

/** A blob of integers in [low, high], which has no gradient. */
export const whole = (draw: Draw, shape: number[], low: number, high: number): Bottom => ({
  shape,
  data: draw.ints(count(shape), low, high),
  learns: false,
});

/** A shape of `rank` axes; axes of one element are as likely as any other length. */
export const shapeOf = (draw: Draw, rank: number, most = 5): number[] => draw.ints(rank, 1, most);

/** An axis of a blob, counted from either end; now and then one that the blob does not have. */
export const axisOf = (draw: Draw, rank: number, rare = 0.05): number =>
  draw.chance(rare) ? draw.pick([rank, -rank - 1]) : draw.int(-rank, rank - 1);

/** The field where it is drawn, nothing where it is left out. */
export const maybe = (draw: Draw, field: () => string, probability = 0.5): string =>
  draw.chance(probability) ? field() : '';

/** A layer without settings, or with those of `text`, over one blob of any rank. */
export const overOne =
  (text: (draw: Draw) => string = () => '', range: [number, number] = [-2, 2]): DrawSetting =>
  (draw) => ({
    text: text(draw),
    bottoms: [blob(draw, shapeOf(draw, draw.int(1, 5), 4), ...range)],
    phase: draw.pick(['TRAIN', 'TEST']),
  });
