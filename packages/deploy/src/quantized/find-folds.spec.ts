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
import { smallExport } from '../testing/small-nets.ts';
import { findFolds } from './find-folds.ts';

describe('what cannot be folded exactly is refused by name', () => {
  const problemsOf = (body: string, first = quantized(true, true), numbers?: FoldNumbers): unknown => {
    try {
      return exportModels(foldExport(body, first, numbers)).diagnostics;
    } catch (error) {
      return (error as { diagnostics?: unknown }).diagnostics ?? error;
    }
  };
  const bn = (settings = ''): string => layer('bn', 'BatchNorm', 'conv', 'bn', settings);
  const scale = (settings = ''): string => layer('scale', 'Scale', 'bn', 'y', settings);

  test.each<[reason: string, body: string]>([
    ['the output of "conv" is read by ReLU "relu" as well', `${bn()} ${layer('relu', 'ReLU', 'conv', 'r')}`],
    ['the output of "bn" is read by ReLU "relu" as well', `${bn()} ${scale()} ${layer('relu', 'ReLU', 'bn', 'r')}`],
    [
      'takes its statistics from the batch (use_global_stats: false)',
      bn('batch_norm_param { use_global_stats: false }'),
    ],
    [
      'the factors of Scale "scale" behind it are another blob',
      `${bn()} ${layer('scale', 'Scale', 'bn" bottom: "bn', 'y')}`,
    ],
    ['has axis 0 and num_axes 2, not one factor', `${bn()} ${scale('scale_param { axis: 0 num_axes: 2 }')}`],
    ['has axis 1 and num_axes -1, not one factor', `${bn()} ${scale('scale_param { num_axes: -1 }')}`],
  ])('%s', (reason, behind) => {
    expect(problemsOf(`\n${conv()}\n${behind}`)).toMatchObject([
      {
        code: 'batch-norm',
        severity: 'error',
        file: 'small.prototxt',
        layer: 'conv',
        line: 3,
        message: expect.stringMatching(/^Convolution "conv" is quantized, but BatchNorm "bn" behind it/) as string,
        hint: 'skip "conv" in quant.cfg',
      },
    ]);
    expect(problemsOf(`\n${conv()}\n${behind}`)).toMatchObject([
      { message: expect.stringContaining(reason) as string },
    ]);
  });

  test('BatchNorm behind InnerProduct and average pooling', () => {
    const ip = layer('conv', 'InnerProduct', 'data', 'conv', 'inner_product_param { num_output: 5 }');
    expect(
      problemsOf(`${ip} ${bn()}`, { ...quantized(false, true, 'InnerProduct'), blobs: [[5, 192], [5]] }),
    ).toMatchObject([
      { code: 'batch-norm', message: expect.stringContaining('InnerProduct has one scale_w') as string },
    ]);
    const pool = layer('conv', 'Pooling', 'data', 'conv', 'pooling_param { pool: AVE kernel_size: 2 }');
    expect(
      problemsOf(`${pool} ${bn()}`, { name: 'conv', type: 'Pooling', blobs: [], clip: { max: 1, min: 0 } }),
    ).toMatchObject([{ code: 'batch-norm', message: expect.stringContaining('Pooling has no weights') as string }]);
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
  const folds = findFolds(graphOf(net.text), smallExport(net.text, [quantized(true, false)]).plan);
  expect(foldedNet(net, folds)).toEqual({ text: text(true), file: 'net.prototxt' });
});
