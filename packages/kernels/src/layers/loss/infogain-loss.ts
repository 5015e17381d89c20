import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { classPositions } from './class-positions.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';
import { lossNormalizer, LOSS_FIELDS, lossSettings, type LossSettings } from './loss-normalization.ts';
import { LOG_THRESHOLD } from './multinomial-logistic-loss.ts';

/**
 * InfogainLoss: - sum over the classes k of H[label, k] log softmax(x)[k], over all positions, divided as in
 * SoftmaxWithLoss. x [.., C, ..], classes on `infogain_loss_param.axis`; H [.., C, C] is the third bottom, or in the file
 * `infogain_loss_param.source` (a BlobProto), which `loadNamedFiles` reads.
 * Source: Caffe's `infogain_loss_layer.cpp`.
 */
export const infogainLoss = layerKernel({
  type: 'InfogainLoss',
  loss: true,
  bottoms: [2, 3],
  tops: [1, 2],
  fields: { infogain_loss_param: { ...read('source', 'axis') }, loss_param: LOSS_FIELDS },
  settings({ bottom, infogain_loss_param: { axis = 1, source } = {}, loss_param: loss }): InfogainSettings {
    return { axis, loss: lossSettings(loss), source: bottom.length < 3 ? source : undefined };
  },
  file: {
    kind: 'blob',
    pathOf: ({ source }: InfogainSettings) => source,
    load: (settings: InfogainSettings, path, reader) => ({ ...settings, matrix: reader.blob(path) }),
  },
  lower({ g, settings, bottoms, shapesOnly = false }) {
    const [x, labels] = bottoms as [Value, Value];
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const { outer, classes, inner, label, counted } = classPositions(g, x, labels, axis, settings.loss.ignoreLabel);
    const matrix = bottoms[2] ?? matrixOfFile(g, settings, classes, shapesOnly);
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
    const normalizer = lossNormalizer(g, settings.loss, { outer, inner, counted });
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
});

/** What its `infogain_loss_param` and `loss_param` say. */
export interface InfogainSettings {
  /** That of the classes; may be counted from the end. */
  readonly axis: number;
  readonly loss: LossSettings;
  /** The file with H; absent where H is a bottom. */
  readonly source: string | undefined;
  /** What is in that file, row-major; absent until it has been read. */
  readonly matrix?: Float32Array;
}

function matrixOfFile(g: GraphBuilder, settings: InfogainSettings, classes: number, shapesOnly: boolean): Value {
  const { source = '', matrix = shapesOnly ? new Float32Array(classes ** 2) : undefined } = settings;
  check(source !== '', () => 'the infogain matrix is missing: give infogain_loss_param.source or a third bottom');
  check(matrix !== undefined, () => `the infogain matrix '${source}' has not been read: give it as the third bottom`);
  return g.constant('float', [matrix.length], matrix);
}
