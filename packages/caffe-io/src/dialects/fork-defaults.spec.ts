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

describe('DetectionOutput, whose defaults SSD and AMCT have apart', () => {
  const read = (fields: string, more = '') => {
    const { net, dialect, diagnostics } = readNetText(
      `layer { name: "out" type: "DetectionOutput" bottom: "l" bottom: "c" bottom: "p" top: "out"
        detection_output_param { num_classes: 2 ${fields} } }${more}`,
      'net.prototxt',
    );
    const { code_type, variance_encoded_in_target, keep_top_k } = net.layer[0]!.detection_output_param!;
    return { dialect, diagnostics, values: [code_type, variance_encoded_in_target, keep_top_k] };
  };
  const FULL = 'code_type: CENTER_SIZE variance_encoded_in_target: false keep_top_k: 200';

  test('what is written holds, and nothing is said', () => {
    expect(read(FULL)).toEqual({ dialect: 'bvlc', diagnostics: [], values: ['CENTER_SIZE', false, 200] });
  });

  test("a net that may be either's has SSD's, with a warning", () => {
    const { dialect, diagnostics, values } = read('code_type: CENTER_SIZE keep_top_k: 200');
    expect([dialect, ...values]).toEqual(['bvlc', 'CENTER_SIZE', false, 200]);
    expect(diagnostics).toMatchObject([{ code: 'fork-default', severity: 'warning', line: 2, layer: 'out' }]);
    expect(diagnostics[0]!.message).toMatch(/taken as variance_encoded_in_target: false, as in weiliu89.*: true/);
  });

  test("SSD's net has SSD's, unwritten", () => {
    const loss = 'layer { name: "m" type: "MultiBoxLoss" multibox_loss_param { num_classes: 2 } }';
    expect(read('', loss)).toEqual({ dialect: 'ssd', diagnostics: [], values: [undefined, undefined, undefined] });
  });

  test.each([
    ['in the layer', 'objectness_score: 0.5', ''],
    ['in another layer', '', `layer { name: "q" type: "Quant" bottom: "x" top: "q" quant_param { scale: 1 } }`],
  ])("a net with a field of AMCT's %s has AMCT's", (_where, fields, more) => {
    expect(read(fields, more)).toMatchObject({ diagnostics: [], values: ['CENTER_SIZE', true, 0] });
  });
});
