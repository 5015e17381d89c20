import { DATA_LAYERS, describePreparation, type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import { isDataLayer, type Shape } from '@caffe-quant/kernels';

/** How an input of the net is made of an image, as the Data layer of the training net does it. */
export interface Preprocessing {
  /** The input's name. */
  input: string;
  /** [C, H, W] or whatever a record has. */
  shape: number[];
  /** Factor after the mean is subtracted. */
  scale: number;
  /** Per channel, or one for all; absent: none. */
  mean_value?: number[];
  mean_file?: string;
  crop_size?: number;
  /** [height, width], where `crop_size` is none. */
  crop?: number[];
  /** What is done to the image before the crop, in order. */
  steps?: string[];
  /** Of the channels; absent: BGR. */
  channel_order?: 'RGB';
  /** In words. */
  text: string;
}

/**
 * @param inputs the inference net's inputs with their shapes.
 * @param nets the net for training and testing in its phases; what an earlier one says of an input counts.
 */
export function preprocessingOf(inputs: ReadonlyMap<string, Shape>, nets: readonly NetGraph[]): Preprocessing[] {
  const layers = nets.flatMap(({ layers }) => layers.filter(isDataLayer));
  return [...inputs].map(([input, shape]) => {
    const layer = layers.find(({ type, tops }) => {
      return isDataSets(type) ? tops.some(({ name }) => name === input) : tops[0]?.name === input;
    });
    return describe(input, shape.slice(1), layer);
  });
}

/** Whether a layer's tops are data sets of their names, rather than images and labels. */
const isDataSets = (type: string): boolean => {
  const data = DATA_LAYERS.get(type);
  return data !== undefined && data.images === undefined;
};

const NOTHING: ReturnType<typeof describePreparation> = { isRgb: false, steps: [] };

function describe(input: string, shape: number[], layer: GraphLayer | undefined): Preprocessing {
  const data = layer && DATA_LAYERS.get(layer.type);
  const images = data?.images?.(settingsOf(data, layer!.param));
  const { scale = 1, meanValues: mean = [], meanFile: file, cropSize: crop = 0 } = images?.transform ?? {};
  const means = mean.length > 0 ? `[${mean.join(', ')}]` : file !== undefined ? `the mean image ${file}` : '';
  const formula = `${means ? `(pixel - ${means})` : 'pixel'}${scale === 1 ? '' : ` * ${scale}`}`;
  const blob = `${input}: float32 [batch, ${shape.join(', ')}]`;
  if (data && images === undefined) {
    const words = data.describe?.(input) ?? `the ${data.type} layer "${layer!.name}" gives it`;
    return { input, shape, scale: 1, text: `${blob}, as ${words}` };
  }
  const { isRgb, steps, crop: rectangle } = images ? describePreparation(images) : NOTHING;
  const order = shape[0] !== 3 ? '' : `, channels in the order ${isRgb ? 'red, green, blue' : 'blue, green, red'}`;
  const before = [...steps, ...(rectangle ? [`cropped to ${rectangle.join('x')}`] : [])];
  const image = before.length === 0 ? '' : ` of the image, ${before.join(', ')}`;
  return {
    input,
    shape,
    scale,
    ...(mean.length > 0 ? { mean_value: [...mean] } : {}),
    ...(file === undefined ? {} : { mean_file: file }),
    ...(crop ? { crop_size: crop } : {}),
    ...(rectangle ? { crop: [...rectangle] } : {}),
    ...(steps.length > 0 ? { steps: [...steps] } : {}),
    ...(isRgb ? { channel_order: 'RGB' as const } : {}),
    text: `${blob}, ${formula} with pixels of 0..255${image}${order}`,
  };
}
