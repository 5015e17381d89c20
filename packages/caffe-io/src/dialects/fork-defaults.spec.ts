import { readNetText } from '../read-net-text.ts';

/** `normalize_type` is a field of caffe-windows alone, so that the net is read as one of its. */
const CAFFE_WINDOWS =
  'layer { name: "n" type: "Normalize" bottom: "x" top: "n" normalize_param { normalize_type: "L2" } }';

const fractionsOf = (text: string) => {
  const { net, dialect } = readNetText(text, 'net.prototxt');
  const layers = net.layer.filter(({ type }) => type === 'BatchNorm');
  return { dialect, fractions: layers.map((each) => each.batch_norm_param?.moving_average_fraction) };
};

const NORMS = `layer { name: "a" type: "BatchNorm" bottom: "x" top: "a" }
  layer { name: "b" type: "BatchNorm" bottom: "x" top: "b" batch_norm_param { eps: 0.1 } }
  layer { name: "c" type: "BatchNorm" bottom: "x" top: "c" batch_norm_param { moving_average_fraction: 0.5 } }`;

test("what caffe-windows' default is stands in its nets", () => {
  expect(fractionsOf(`${NORMS} ${CAFFE_WINDOWS}`)).toEqual({ dialect: 'caffe-windows', fractions: [0.99, 0.99, 0.5] });
});

test("BVLC's defaults stay unwritten", () => {
  expect(fractionsOf(NORMS)).toEqual({ dialect: 'bvlc', fractions: [undefined, undefined, 0.5] });
});
