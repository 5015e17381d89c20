import { readFileSync } from 'node:fs';
import { describeShared, sharedModelPath, sharedModels } from '../testing/shared.ts';
import type { Caffemodel } from './caffemodel.ts';
import { readCaffemodel, readCaffemodelFile } from './read-caffemodel.ts';
import { writeCaffemodel } from './write-caffemodel.ts';

/** Written otherwise than they were read: their layers are of 2014, or their BatchNorm has params that are upgraded away. */
const UPGRADED = [
  'lenet-v1-2014/lenet_iter_10000',
  'mnist-simplenet-slim/slimnet_fx_310k_iter_39000.caffemodel',
  'mtcnn-fast/det1_.caffemodel',
  'mxnet-residual/residual.caffemodel',
  'tusimple-lane-seg/mobilenet_yolov3_lite_deploy_iter_50000.caffemodel',
  'yoloface/landmark106.caffemodel',
  'yoloface/yoloface-500k-v2.caffemodel',
  'yoloface/yoloface-50k.caffemodel',
];

describeShared('models', 'real caffemodels', () => {
  const files = sharedModels(/\.caffemodel$|lenet_iter_10000$/);

  test('there are as many as we know', () => expect(files).toHaveLength(37));

  test.each(files)('%s', (file) => {
    const bytes = Uint8Array.from(readFileSync(sharedModelPath(file)));
    const model = readCaffemodel(bytes, file);
    const written = writeCaffemodel(model);
    expect(model.layers.some(({ blobs }) => blobs.length > 0)).toBe(true);
    expect(Buffer.from(written).equals(bytes)).toBe(!UPGRADED.includes(file));
    expect(sameNumbers(readCaffemodel(written, file), model)).toBe(true);
    expect(sameNumbers(readCaffemodelFile(sharedModelPath(file)), model)).toBe(true);
  });

  test.each([
    ['mtcnn-fast/det1_half.caffemodel', 'bvlc', 'conv1'],
    ['hyperlpr/mininet_ssd_v1.caffemodel', 'ssd', ''],
    ['libfacedetection/yufacedetectnet-open-v1.caffemodel', 'nvidia', 'conv1_1'],
    ['lenet-compressed-custom/lenet_compress_iter_30000.caffemodel', 'bvlc', 'conv1'],
  ])('%s is of the dialect %s', (file, dialect, layer) => {
    const model = readCaffemodelFile(sharedModelPath(file));
    expect(model.dialect).toBe(dialect);
    const [weights] = model.layers.find(({ name, blobs }) => name.startsWith(layer) && blobs.length > 0)?.blobs ?? [];
    expect(weights?.data.some((number) => number !== 0)).toBe(true);
    expect(weights?.data.every((number) => Math.abs(number) < 10)).toBe(true);
  });

  test('FP16 numbers are those of the float file of the same net', () => {
    const half = readCaffemodelFile(sharedModelPath('hyperlpr/HorizonalFinemapping.caffemodel'));
    const blobs = half.layers.flatMap((layer) => layer.blobs);
    expect(blobs.length).toBeGreaterThan(0);
    expect(blobs.every(({ form }) => form?.float16 === true)).toBe(true);
    expect(blobs.every(({ data }) => data.every((number) => Number.isFinite(number)))).toBe(true);
  });
});

function sameNumbers(a: Caffemodel, b: Caffemodel): boolean {
  return (
    a.layers.length === b.layers.length &&
    a.layers.every((layer, i) => {
      const other = b.layers[i];
      return (
        layer.name === other?.name &&
        layer.type === other.type &&
        layer.blobs.length === other.blobs.length &&
        layer.blobs.every(({ shape, data }, j) => {
          const blob = other.blobs[j];
          return blob !== undefined && String(shape) === String(blob.shape) && sameBytes(data, blob.data);
        })
      );
    })
  );
}

function sameBytes(a: Float32Array, b: Float32Array): boolean {
  const bytes = (array: Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return bytes(a).equals(bytes(b));
}
