import { readFileSync } from 'node:fs';
import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { OnnxModel } from '@caffe-quant/deploy';
import { NetData } from '@caffe-quant/kernels';
import { BATCH } from './nets.ts';

/** The share of right classes, or the mean over the records of half the squared distance to the image. */
export type OnnxMetrics = { accuracy: number } | { loss: number };

/**
 * Runs a delivered ONNX model in onnxruntime on all test records of its net.
 * @param net file of the net, whose TEST phase has the data
 */
export async function onnxAccuracy(model: string, net: string, metric: 'accuracy' | 'PSNR'): Promise<OnnxMetrics> {
  const { graph } = buildNetGraph(readNetText(readFileSync(net, 'utf8'), net).net, { file: net, phase: 'TEST' });
  const data = await NetData.open(graph, { resolvePath: (path) => path, seed: 0 });
  const onnx = await OnnxModel.open(readFileSync(model), net);
  let sum = 0;
  try {
    for (let start = 0; start < data.recordCount; start += BATCH.TEST) {
      const count = Math.min(BATCH.TEST, data.recordCount - start);
      const batch = await data.records(start, count);
      const [output] = [...(await onnx.run(batch, count)).values()];
      sum +=
        metric === 'accuracy'
          ? rightClasses(output!.data, batch.get('label')!)
          : halfSquaredDistance(output!.data, batch.get('data')!);
    }
  } finally {
    await onnx.close();
    await data.close();
  }
  return metric === 'accuracy' ? { accuracy: sum / data.recordCount } : { loss: sum / data.recordCount };
}

function rightClasses(scores: Float32Array, labels: Float32Array): number {
  const width = scores.length / labels.length;
  return labels.reduce((right, label, row) => {
    const own = scores.subarray(row * width, (row + 1) * width);
    return right + (own.indexOf(Math.max(...own)) === label ? 1 : 0);
  }, 0);
}

const halfSquaredDistance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / 2;
