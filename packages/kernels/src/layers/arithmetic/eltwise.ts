import { atLeast, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { check, type LayerKernel, type Lowered } from '../layer.ts';

/**
 * Eltwise of any number of equally shaped bottoms: SUM (weighted by `coeff`), PROD or MAX. The gradient of a maximum goes
 * to one bottom alone; of two equal ones to the second of the first two bottoms, else to the earlier. Caffe refuses `coeff` with PROD and ignores it with MAX.
 * Source: Caffe's `eltwise_layer.cpp`.
 */
export const eltwise: LayerKernel = {
  type: 'Eltwise',
  bottoms: atLeast(2),
  tops: 1,
  fields: { eltwise_param: { ...read('operation', 'coeff', 'stable_prod_grad'), engine: ENGINE } },
  lower({ g, layer, bottoms, warn }) {
    const { operation = 'SUM', coeff = [], stable_prod_grad = true } = layer.eltwise_param ?? {};
    check(bottoms.length >= 2, () => `expected two bottoms or more, got ${bottoms.length}`);
    const [first, ...others] = bottoms;
    for (const { shape } of others) {
      check(shape.join() === first!.shape.join(), () => `bottoms [${first!.shape}] and [${shape}] differ in shape`);
    }
    check(
      coeff.length === 0 || coeff.length === bottoms.length,
      () => `expected a coeff for each of the ${bottoms.length} bottoms, got ${coeff.length}`,
    );
    check(coeff.length === 0 || operation !== 'PROD', () => 'coeff has no meaning with operation PROD');
    if (coeff.length > 0 && operation === 'MAX') warn?.('coeff has no effect with operation MAX');
    switch (operation) {
      case 'SUM':
        return weightedSum(g, bottoms, coeff);
      case 'PROD':
        return product(g, bottoms, stable_prod_grad);
      case 'MAX':
        return maximum(g, bottoms);
    }
  },
};

function weightedSum(g: GraphBuilder, bottoms: readonly Value[], coeff: readonly number[]): Lowered {
  const weighted = (value: Value, i: number) => {
    const weight = coeff[i] ?? 1;
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
