import { readCaffemodel, readNetText } from '@caffe-quant/caffe-io';
import { exportModels } from '../export-models.ts';
import { amctNet, lenetExport, trainedLenet } from '../testing/lenet.ts';
import { bytesOf, graphOf, textOf } from '../testing/run-exported.ts';
import { noise, smallExport } from '../testing/small-nets.ts';

const CASES = ['small_given6', 'small_tight_clipdecay0', 'small_pertensor_skip_conv1_ip2'] as const;

describe('the retrain model has the layers that AMCT’s own layers ran with', () => {
  test.each(CASES)('%s', (name) => {
    const exported = exportModels(lenetExport(name));
    const describeLayers = (text: string) =>
      graphOf(text, 'TRAIN')
        .layers.filter(({ bottoms }) => bottoms.length > 0)
        .map(({ param }) => ({
          name: param.name,
          type: param.type,
          bottom: param.bottom,
          top: param.top,
          shares: param.param.map((each) => each.name),
          weights: param.retrain_weight_quant_param,
          serves: param.retrain_data_quant_param?.object_layer,
          fixedMin: param.retrain_data_quant_param?.fixed_min,
        }))
        .map((layer) => ({ ...layer, shares: layer.shares.filter((share) => share !== undefined) }));
    expect(describeLayers(textOf(exported, 'lenet_retrain_model.prototxt'))).toEqual(describeLayers(amctNet(name)));
  });
});

describe('the weights of the retrain model', () => {
  const exported = exportModels(lenetExport());
  const { layers } = readCaffemodel(bytesOf(exported, 'lenet_retrain_model.caffemodel'), 'retrain.caffemodel');
  const blobsOf = (name: string) => layers.find((layer) => layer.name === name)!.blobs;
  const { weights, clips } = trainedLenet();

  test('ActivationQAT has its range in two blobs of one element', () => {
    const { max, min } = clips.get('conv2')!;
    expect(blobsOf('conv2_act_qat').map(({ shape, data }) => [shape, [...data]])).toEqual([
      [[1], [max]],
      [[1], [min]],
    ]);
  });

  test('WeightQAT and its layer have the float weights', () => {
    const [w, b] = weights.get('conv2')!;
    const [shared, master] = blobsOf('conv2_weight_qat');
    const [own, bias] = blobsOf('conv2');
    for (const blob of [shared!, master!, own!]) {
      expect(blob.shape).toEqual([16, 8, 5, 5]);
      expect(
        Buffer.compare(
          Buffer.from(blob.data.buffer, blob.data.byteOffset, blob.data.byteLength),
          Buffer.from(w!.buffer),
        ),
      ).toBe(0);
    }
    expect([...bias!.data]).toEqual([...b!]);
  });
});

test('layers that share their weights have one WeightQAT, and keep the name', () => {
  const text = `
    layer { name: "data" type: "Input" top: "x" top: "y" input_param { shape { dim: 1 dim: 4 } shape { dim: 1 dim: 4 } } }
    layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" param { name: "w" lr_mult: 3 } param { name: "b" } inner_product_param { num_output: 2 } }
    layer { name: "a_p" type: "InnerProduct" bottom: "y" top: "a_p" param { name: "w" lr_mult: 3 } param { name: "b" } inner_product_param { num_output: 2 } }
  `;
  const layer = { type: 'InnerProduct' as const, channelWise: false, clip: { max: 1, min: -1 }, blobs: [[2, 4], [2]] };
  const input = smallExport(text, [
    { ...layer, name: 'a' },
    { ...layer, name: 'a_p', clip: { max: 2, min: -2 } },
  ]);
  const shared = { ...input, weights: new Map([['a', [noise(8, 1), noise(2, 2)]]]) };
  const exported = exportModels(shared);
  const retrain = readNetText(textOf(exported, 'small_retrain_model.prototxt'), 'retrain.prototxt').net;
  expect(
    retrain.layer.map(({ name, type, bottom, param }) => [name, type, bottom, param.map((each) => each.name)]),
  ).toEqual([
    ['data', 'Input', [], []],
    ['a_act_qat', 'ActivationQAT', ['x'], [undefined, undefined]],
    ['a_weight_qat', 'WeightQAT', ['a_aq'], ['w', undefined]],
    ['a', 'InnerProduct', ['a_wq'], ['w', 'b']],
    ['a_p_act_qat', 'ActivationQAT', ['y'], [undefined, undefined]],
    ['a_p', 'InnerProduct', ['a_p_aq'], ['w', 'b']],
  ]);
  // Their int32 biases differ, since the scales of their inputs do.
  const deployed = readNetText(textOf(exported, 'small_deploy_model.prototxt'), 'deploy.prototxt').net;
  expect(deployed.layer.flatMap(({ param }) => param.map(({ name }) => name))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const model = readCaffemodel(bytesOf(exported, 'small_deploy_weights.caffemodel'), 'deploy.caffemodel');
  const [a, b] = ['a', 'a_p'].map((name) => model.layers.find((each) => each.name === name)!.blobs);
  expect([...a![0]!.int8!]).toEqual([...b![0]!.int8!]);
  expect(Math.abs(a![1]!.int32![0]! - 2 * b![1]!.int32![0]!)).toBeLessThanOrEqual(1);
});
