import { elementCount } from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { type ExportInput, exportModels } from '../export-models.ts';
import { noise, smallExport } from '../testing/small-nets.ts';

const CONV = {
  name: 'conv1',
  type: 'Convolution' as const,
  channelWise: true,
  blobs: [[4, 2, 3, 3], [4]],
  clip: { max: 1, min: -1 },
};
const BEHIND = { ...CONV, name: 'conv2', blobs: [[2, 16, 1, 1], [2]] };

/** A net with a data layer of four images, whose conv1 gives [4, 4, 4, 4], and layers behind that. */
const netWith = (layers: string): string => `
  layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 4 dim: 2 dim: 6 dim: 6 } } }
  layer { name: "conv1" type: "Convolution" bottom: "data" top: "c1" convolution_param { num_output: 4 kernel_size: 3 } }
  ${layers}`;

test.each([
  [
    'a Reshape with the batch size',
    'layer { name: "x" type: "Reshape" bottom: "c1" top: "x" reshape_param { shape { dim: 4 dim: 2 dim: 8 dim: 4 } } }',
    [CONV],
    'layer `x`: Reshape: [1, 4, 4, 4] does not reshape to dims 4, 2, 8, 4',
    'one image at a time, not for the data’s batch size: keep the first axis as it is, in a Reshape by `dim: 0`',
  ],
  [
    'a Slice of the batch',
    'layer { name: "s" type: "Slice" bottom: "c1" top: "a" top: "b" slice_param { axis: 0 } }',
    [CONV],
    'layer `s`: Slice: axis 0 of length 1 does not divide into 2 equal tops',
    'slice along another axis than the first',
  ],
  [
    'weights as large as the batch makes them',
    `layer { name: "x" type: "Reshape" bottom: "c1" top: "x" reshape_param { shape { dim: 1 dim: -1 dim: 4 dim: 4 } } }
     layer { name: "conv2" type: "Convolution" bottom: "x" top: "c2" convolution_param { num_output: 2 kernel_size: 1 } }`,
    [CONV, BEHIND],
    'layer `conv2`: blob 0 of layer "conv2" would be [2, 4, 1, 1] for a batch of 1, which models are exported for; with the data’s it is [2, 16, 1, 1]',
    'keep it, in a Reshape by `dim: 0`',
  ],
])('%s is an error with the layer and the way out', (_what, layers, quantized, message, hint) => {
  const input = { ...smallExport(netWith(layers), quantized), inputShapes: new Map([['data', [4, 2, 6, 6]]]) };
  const said = refusalOf(input);
  expect(said).toContain(message.replace('’', "'"));
  expect(said).toContain(hint.replace('’', "'"));
});

const CONT = 'layer { name: "cont" type: "Input" top: "cont" input_param { shape { dim: 4 dim: 4 } } }';
const FIXED = 'layer { name: "fixed" type: "Input" top: "fixed" input_param { shape { dim: 4 dim: 2 } } }';

test.each([
  ['LSTM', '', [[8, 16], [8], [8, 2]], 'LSTM "r" goes on for 4 steps with the data\'s batch size, but for 1 with'],
  [
    'RNN',
    '',
    [[2, 16], [2], [2, 2], [2, 2], [2]],
    'RNN "r" goes on for 4 steps with the data\'s batch size, but for 1',
  ],
  ['LSTM', 'fixed', [[8, 16], [8], [8, 2], [8, 2]], 'LSTM: expected a static input [4, ..], got [1, 2]'],
  ['RNN', 'fixed', [[2, 16], [2], [2, 2], [2, 2], [2, 2], [2]], 'RNN: expected a static input [4, ..], got [1, 2]'],
])('steps of an %s that are the images of the batch are an error; static input: %s', (type, fixed, blobs, message) => {
  const bottom = fixed && `bottom: "${fixed}"`;
  const param = 'recurrent_param { num_output: 2 }';
  const layer = `layer { name: "r" type: "${type}" bottom: "c1" bottom: "cont" ${bottom} top: "r" ${param} }`;
  const input = smallExport(netWith(`${CONT}\n${fixed && FIXED}\n${layer}`), [CONV]);
  const weights = new Map([...input.weights, ['r', blobs.map((shape) => noise(elementCount(shape), 1))]]);
  const said = refusalOf({ ...input, weights });
  expect(said).toContain(`layer \`r\`: ${message}`);
  expect(said).toContain('its own first axis is time, its second one images: put a Permute before it');
});

function refusalOf(input: ExportInput): string {
  try {
    exportModels(input);
  } catch (error) {
    expect(error).toBeInstanceOf(DiagnosticsError);
    return (error as DiagnosticsError).message;
  }
  throw new Error('it was not refused');
}
