import { exportModels } from '../export-models.ts';
import { foldedNet } from '../net/folded-net.ts';
import {
  CHANNELS,
  conv,
  foldExport,
  type FoldNumbers,
  input,
  layer,
  quantized,
  SCALE,
  STATISTICS,
} from '../testing/batch-norm-nets.ts';
import { graphOf, textOf } from '../testing/run-exported.ts';
import { noise, smallExport, type SmallLayer } from '../testing/small-nets.ts';
import { findFolds } from './find-folds.ts';

const bn = (settings = ''): string => layer('bn', 'BatchNorm', 'conv', 'bn', settings);
const scale = (settings = ''): string => layer('scale', 'Scale', 'bn', 'y', settings);

describe('BatchNorm that cannot be folded exactly stays a float layer', () => {
  const ip = layer('conv', 'InnerProduct', 'data', 'conv', 'inner_product_param { num_output: 5 }');
  const pool = layer('conv', 'Pooling', 'data', 'conv', 'pooling_param { pool: AVE kernel_size: 2 }');

  test.each<[reason: string, body: string, first: SmallLayer]>([
    [
      'the output of "conv" is read by ReLU "relu" as well',
      `${conv()}\n${bn()} ${scale()} ${layer('relu', 'ReLU', 'conv', 'r')}`,
      quantized(true, true),
    ],
    [
      'InnerProduct has one scale_w',
      `${ip}\n${bn()} ${scale()}`,
      { ...quantized(false, true, 'InnerProduct'), blobs: [[5, 192], [5]] },
    ],
    [
      'Pooling has no weights to fold it into',
      `${pool}\n${layer('bn', 'BatchNorm', 'conv', 'bn')}`,
      { name: 'conv', type: 'Pooling', blobs: [], clip: { max: 1, min: 0 } },
    ],
  ])('%s', (reason, body, first) => {
    const own = foldExport(body, first);
    const statistics = first.type === 'Pooling' ? [[0.1, -0.2, 0.3], [1, 2, 0.5], [1]] : undefined;
    const weights = statistics
      ? new Map([...own.weights, ['bn', statistics.map((blob) => Float32Array.from(blob))] as const])
      : own.weights;
    const exported = exportModels({ ...own, weights });
    expect(exported.layers[0]!.folded).toBeUndefined();
    expect(exported.diagnostics).toEqual([
      {
        code: 'batch-norm-float',
        severity: 'info',
        file: 'small.prototxt',
        layer: 'bn',
        line: 3,
        message: expect.stringContaining(`stays a float layer in the deployed models: ${reason}`) as string,
      },
    ]);
    const types = graphOf(textOf(exported, 'small_deploy_model.prototxt')).layers.map(({ type }) => type);
    expect(types).toContain('BatchNorm');
  });

  test.each<[what: string, behind: string]>([
    [
      'a Scale with another blob as its factors',
      `${bn()} ${layer('scale', 'Scale', 'bn" bottom: "bn', 'y', 'scale_param { axis: 0 }')}`,
    ],
    ['a Scale over three axes', `${bn()} ${scale('scale_param { num_axes: -1 }')}`],
    ['a Scale beside another reader', `${bn()} ${scale()} ${layer('relu', 'ReLU', 'bn', 'r')}`],
  ])('%s stays behind the folded BatchNorm', (_what, behind) => {
    const own = foldExport(`${conv()}\n${behind}`, quantized(true, true));
    const factors = behind.includes('num_axes') ? [noise(CHANNELS * 36, 80)] : own.weights.get('scale')!;
    const exported = exportModels({ ...own, weights: new Map([...own.weights, ['scale', factors]]) });
    expect(exported.layers[0]!.folded!.layers).toEqual(['bn']);
    expect(exported.diagnostics).toEqual([]);
    const types = graphOf(textOf(exported, 'small_deploy_model.prototxt')).layers.map(({ type }) => type);
    expect([types.includes('BatchNorm'), types.includes('Scale')]).toEqual([false, true]);
  });
});

test("a BatchNorm that scales itself, as NVIDIA's Caffe has it, is folded like a BatchNorm and a Scale", () => {
  const exportOf = (behind: string) => {
    const own = foldExport(`${conv()}\n${behind}`, quantized(true, true));
    return exportModels({ ...own, weights: new Map([...own.weights, ['bn_scale', own.weights.get('scale')!]]) });
  };
  const scaled = exportOf(bn('batch_norm_param { scale_bias: true }'));
  const separate = exportOf(`${bn()} ${layer('bn_scale', 'Scale', 'bn', 'bn', SCALE)}`);
  expect(scaled.layers[0]!.folded!.layers).toEqual(['bn', 'bn_scale']);
  expect(scaled.layers).toEqual(separate.layers);
  for (const name of scaled.files.keys()) expect(scaled.files.get(name)).not.toContain('scale_bias');
});

describe('what has no deployed form is refused by name', () => {
  const problemsOf = (body: string, first = quantized(true, true), numbers?: FoldNumbers): unknown => {
    try {
      return exportModels(foldExport(body, first, numbers)).diagnostics;
    } catch (error) {
      return (error as { diagnostics?: unknown }).diagnostics ?? error;
    }
  };

  test('statistics of the batch', () => {
    expect(problemsOf(`\n${conv()}\n${bn('batch_norm_param { use_global_stats: false }')}`)).toMatchObject([
      {
        code: 'batch-norm',
        severity: 'error',
        file: 'small.prototxt',
        layer: 'conv',
        line: 3,
        message: expect.stringMatching(
          /^Convolution "conv" is quantized, but BatchNorm "bn" behind it .* from the batch \(use_global_stats: false\)/,
        ) as string,
        hint: 'skip "conv" in quant.cfg',
      },
    ]);
  });

  test('statistics that give no factor', () => {
    const statistics = [STATISTICS[0]!, new Float32Array(CHANNELS).fill(-1), STATISTICS[2]!];
    expect(problemsOf(`${conv()} ${bn()}`, quantized(true, true), { statistics })).toMatchObject([
      {
        code: 'batch-norm',
        layer: 'conv',
        message: expect.stringContaining('cannot take up BatchNorm "bn": it has the factor NaN in channel 0') as string,
      },
    ]);
  });

  test('a Bias of another axis stays behind the fold', () => {
    const exported = exportModels(
      foldExport(
        `${conv()} ${bn()} ${layer('shift', 'Bias', 'bn', 'y', 'bias_param { num_axes: 0 }')}`,
        quantized(true, true),
        { shift: [0.5] },
      ),
    );
    expect(exported.layers[0]!.folded!.layers).toEqual(['bn']);
    expect(textOf(exported, 'small_deploy_model.prototxt')).toContain('"Bias"');
  });

  test('a deploy prototxt without the BatchNorm that was trained', () => {
    const deploy = { text: `${input}\n${conv()}`, file: 'deploy.prototxt' };
    try {
      exportModels({ ...foldExport(`${conv()} ${bn()}`, quantized(true, true)), deploy });
      throw new Error('exported');
    } catch (error) {
      expect(error).toMatchObject({
        diagnostics: [
          {
            code: 'batch-norm',
            file: 'deploy.prototxt',
            line: 2,
            layer: 'conv',
            message: expect.stringContaining('BatchNorm "bn" behind it') as string,
          },
        ],
      });
    }
  });
});

test('the deploy prototxt is the inference net without the folded layers, byte for byte', () => {
  const text = (folded: boolean): string =>
    `# The net.
${input}
# sees
layer {
  name: "conv"   # with a bias from the fold
  type: "Convolution"
  bottom: "data"
  top: ${folded ? '"y"' : '"conv"'}
  convolution_param { num_output: 5${folded ? '' : ' bias_term: false'} kernel_size: 3 }
}
${folded ? '' : `${layer('bn', 'BatchNorm', 'conv', 'bn')}\n${layer('scale', 'Scale', 'bn', 'y', SCALE)}\n`}
# cuts
layer { name: "relu" type: "ReLU" bottom: "y" top: "y" }
`;
  const net = { text: text(false), file: 'net.prototxt' };
  const { folds } = findFolds(graphOf(net.text), smallExport(net.text, [quantized(true, false)]).plan);
  expect(foldedNet(net, folds)).toEqual({ text: text(true), file: 'net.prototxt' });
});
