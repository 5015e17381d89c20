import { join } from 'node:path';
import { readCaffemodelFile, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { TemporaryWorkspace } from './temporary-workspace.ts';

/** How much smaller the last channel of a cycle is than the first: powers of two, which leave the float net as it is. */
const STEPS = 8;

/**
 * Writes the example's LeNet into `models/uneven` with channels of very different ranges: what a channel of conv1 and conv2 is
 * divided by, the next layer multiplies its weights by. The float net computes what it did, as max pooling is indifferent to
 * a factor above 0; but with one scale for a tensor, and one range for an input, the small channels are rounded away. It is
 * what a depthwise net with folded BatchNorm commonly looks like.
 */
export function writeUnevenModel(workspace: TemporaryWorkspace): void {
  for (const name of ['train_val.prototxt', 'solver.prototxt']) {
    workspace.write(`models/uneven/${name}`, workspace.read(`models/model/${name}`).replaceAll('models/model/', ''));
  }
  workspace.write(
    'models/uneven/quant.cfg',
    'retrain_data_quant_config: { ulq_quantize: { } }\nretrain_weight_quant_config: { arq_retrain: { channel_wise: false } }\n',
  );
  const model = readCaffemodelFile(join(workspace.path, 'models/model/lenet.caffemodel'));
  const blobs = new Map(
    model.layers.map(({ name, blobs: own }) => [
      name,
      own.map(({ shape, data }) => ({ shape: [...shape], data: Float32Array.from(data) })),
    ]),
  );
  divideChannels(blobs.get('conv1')!, blobs.get('conv2')!);
  divideChannels(blobs.get('conv2')!, blobs.get('ip1')!);
  const layers = model.layers.map(({ name, type }) => ({ name, type, blobs: blobs.get(name) ?? [] }));
  writeCaffemodelFile(join(workspace.path, 'models/uneven/uneven.caffemodel'), { name: 'uneven', layers });
}

interface Blob {
  readonly shape: number[];
  readonly data: Float32Array;
}

/** @param following whose weights have the channels in their second axis, in as many elements each */
function divideChannels([weights, bias]: Blob[], [following]: Blob[]): void {
  const channels = bias!.data.length;
  const factorOf = (channel: number): number => 2 ** (channel % STEPS);
  const inChannel = weights!.data.length / channels;
  weights!.data.forEach((value, i) => (weights!.data[i] = value / factorOf(Math.floor(i / inChannel))));
  bias!.data.forEach((value, i) => (bias!.data[i] = value / factorOf(i)));
  const inFollowing = following!.data.length / following!.shape[0]! / channels;
  following!.data.forEach((value, i) => {
    following!.data[i] = value * factorOf(Math.floor(i / inFollowing) % channels);
  });
}
