import { read, type LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { classPositions } from './class-positions.ts';
import { forkField } from '../fork-field.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';
import { lossNormalizer, LOSS_FIELDS } from './loss-normalization.ts';
import { LOG_THRESHOLD } from './multinomial-logistic-loss.ts';

/**
 * InfogainLoss: - sum over the classes k of H[label, k] log softmax(x)[k], over all positions, divided as in
 * SoftmaxWithLoss. x [.., C, ..], classes on `infogain_loss_param.axis`; H [.., C, C] is the third bottom, or in the file
 * `infogain_loss_param.source` (a BlobProto), which `loadNamedFiles` reads.
 * Source: Caffe's `infogain_loss_layer.cpp`.
 */
export const infogainLoss: LayerKernel = {
  type: 'InfogainLoss',
  loss: true,
  bottoms: [2, 3],
  tops: [1, 2],
  fields: { infogain_loss_param: { ...read('source', 'axis') }, loss_param: LOSS_FIELDS },
  file: {
    kind: 'blob',
    pathOf: (layer) => infogainSource(layer),
    load: (layer, path, reader): LayerParameter => ({ ...layer, ...{ [MATRIX]: reader.blob(path) } }),
  },
  lower({ g, layer, bottoms, shapesOnly = false }) {
    const [x, labels] = bottoms as [Value, Value];
    const axis = canonicalAxis(layer.infogain_loss_param?.axis ?? 1, x.shape.length);
    const { outer, classes, inner, label, counted } = classPositions(g, x, labels, axis, layer.loss_param);
    const matrix = bottoms[2] ?? matrixOfFile(g, layer, classes, shapesOnly);
    check(
      elementCount(matrix.shape) === classes * classes,
      () => `expected an infogain matrix [${classes}, ${classes}], got [${matrix.shape.join(', ')}]`,
    );
    const probabilities = ops.softmax(g, x, axis);
    const grouped = ops.reshape(g, probabilities, [outer, classes, inner]);
    // The row of H of each position, [outer, classes, inner].
    const positions = ops.reshape(g, label, [outer, inner]);
    const rows = g.op('Gather', [ops.reshape(g, matrix, [classes, classes]), inRange(positions)], { axis: 0 }, [
      outer,
      inner,
      classes,
    ]);
    const gain = ops.transpose(g, rows, [0, 2, 1]);
    function inRange(value: Value): Value {
      // An ignored label may be no row of H.
      const bound = (limit: number) => g.constant('int64', [], [limit]);
      return ops.max(g, ops.min(g, value, bound(classes - 1)), bound(0));
    }
    const keep = (value: Value) => (counted ? ops.mul(g, value, counted) : value);
    const logs = ops.log(g, ops.max(g, grouped, g.scalar(LOG_THRESHOLD)));
    const normalizer = lossNormalizer(g, layer.loss_param, { outer, inner, counted });
    const loss = ops.neg(g, ops.div(g, ops.total(g, keep(ops.mul(g, gain, logs))), normalizer));
    return {
      tops: [loss, probabilities],
      backward([weight]) {
        const ofRow = ops.reduceSum(g, gain, [1], true);
        const difference = keep(ops.sub(g, ops.mul(g, grouped, ofRow), gain));
        const scaled = ops.mul(g, difference, ops.div(g, weight!, normalizer));
        return { bottoms: [ops.reshape(g, scaled, x.shape), undefined, undefined] };
      },
    };
  },
};

/** Where the matrix of a file stands in the layer once it has been read. */
const MATRIX = 'infogain_matrix';

/** The file with H, where it is not a bottom. */
const infogainSource = ({ bottom, infogain_loss_param: param }: LayerParameter): string | undefined =>
  bottom.length < 3 ? param?.source : undefined;

function matrixOfFile(g: GraphBuilder, layer: LayerParameter, classes: number, shapesOnly: boolean): Value {
  const source = infogainSource(layer) ?? '';
  check(source !== '', () => 'the infogain matrix is missing: give infogain_loss_param.source or a third bottom');
  const data = forkField<Float32Array>(layer, MATRIX) ?? (shapesOnly ? new Float32Array(classes ** 2) : undefined);
  check(data !== undefined, () => `the infogain matrix '${source}' has not been read: give it as the third bottom`);
  return g.constant('float', [data.length], data);
}
