import { atLeast, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { check, layerKernel, type Lowered } from '../layer.ts';

export interface EltwiseSettings {
  readonly operation: 'SUM' | 'PROD' | 'MAX';
  /** Weights of the bottoms in a sum, one each; none: 1 each. None for a product. */
  readonly coefficients: readonly number[];
  /** Whether the gradient of a product is the product of the others, and not y / x. */
  readonly stableGradient: boolean;
}

/**
 * Eltwise of any number of equally shaped bottoms: SUM (weighted by `coeff`), PROD or MAX. The gradient of a maximum goes
 * to one bottom alone; of two equal ones to the second of the first two bottoms, else to the earlier. Caffe refuses `coeff`
 * with PROD and ignores it with MAX.
 * Source: Caffe's `eltwise_layer.cpp`.
 */
export const eltwise = layerKernel({
  type: 'Eltwise',
  bottoms: atLeast(2),
  tops: 1,
  fields: {
    eltwise_param: {
      ...read('coeff', 'stable_prod_grad'),
      operation: new Set(['SUM', 'PROD', 'MAX'] as const),
      engine: ENGINE,
    },
  },
  settings({ eltwise_param: param = {} }): EltwiseSettings {
    const { operation = 'SUM', coeff = [], stable_prod_grad = true } = param;
    check(coeff.length === 0 || operation !== 'PROD', () => 'coeff has no meaning with operation PROD');
    return { operation, coefficients: coeff, stableGradient: stable_prod_grad };
  },
  showsNotFinite: ({ operation }) => operation !== 'MAX',
  keepsFinite: ({ operation }) => operation === 'MAX',
  lower({ g, settings, bottoms, warn }) {
    const { operation, coefficients } = settings;
    check(bottoms.length >= 2, () => `expected two bottoms or more, got ${bottoms.length}`);
    const [first, ...others] = bottoms;
    for (const { shape } of others) {
      check(shape.join() === first!.shape.join(), () => `bottoms [${first!.shape}] and [${shape}] differ in shape`);
    }
    check(
      coefficients.length === 0 || coefficients.length === bottoms.length,
      () => `expected a coeff for each of the ${bottoms.length} bottoms, got ${coefficients.length}`,
    );
    if (coefficients.length > 0 && operation === 'MAX') warn?.('coeff has no effect with operation MAX');
    switch (operation) {
      case 'SUM':
        return weightedSum(g, bottoms, coefficients);
      case 'PROD':
        return product(g, bottoms, settings.stableGradient);
      case 'MAX':
        return maximum(g, bottoms);
    }
  },
});

function weightedSum(g: GraphBuilder, bottoms: readonly Value[], coefficients: readonly number[]): Lowered {
  const weighted = (value: Value, i: number) => {
    const weight = coefficients[i] ?? 1;
    return weight === 1 ? value : ops.mul(g, value, g.scalar(weight));
  };
  return {
    tops: [ops.sum(g, bottoms.map(weighted))],
    backward: ([dy], needs) => ({
      bottoms: bottoms.map((_, i) => (needs.bottoms[i] ? weighted(dy!, i) : undefined)),
    }),
  };
}

/** The unstable gradient divides y by x, which costs less and fails at 0. */
function product(g: GraphBuilder, bottoms: readonly Value[], stable: boolean): Lowered {
  const productOf = (values: readonly Value[]) => values.reduce((all, value) => ops.mul(g, all, value));
  const y = productOf(bottoms);
  return {
    tops: [y],
    backward: ([dy], needs) => ({
      bottoms: bottoms.map((x, i) => {
        if (!needs.bottoms[i]) return undefined;
        return ops.mul(g, dy!, stable ? productOf(bottoms.filter((_, other) => other !== i)) : ops.div(g, y, x));
      }),
    }),
  };
}

function maximum(g: GraphBuilder, bottoms: readonly Value[]): Lowered {
  const [first, second] = bottoms as [Value, Value];
  return {
    tops: [bottoms.reduce((y, x) => ops.max(g, y, x))],
    backward([dy], needs) {
      const zero = g.scalar(0);
      let y = ops.max(g, first, second);
      let gradients = [
        ops.where(g, ops.greater(g, first, second), dy!, zero),
        ops.where(g, ops.greater(g, first, second), zero, dy!),
      ];
      for (const x of bottoms.slice(2)) {
        const wins = ops.greater(g, x, y);
        gradients = [...gradients.map((of) => ops.where(g, wins, zero, of)), ops.where(g, wins, dy!, zero)];
        y = ops.max(g, y, x);
      }
      return { bottoms: gradients.map((of, i) => (needs.bottoms[i] ? of : undefined)) };
    },
  };
}
