/**
 * What a cache hit of `quantize-retrain` costs for a model of 250 MB, against a cached target that does nothing and depends
 * on one that does nothing either and is not cached: packed packages, `nx run` with and without Nx's daemon.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/cache-hit.ts
 */
import { readFileSync } from 'node:fs';
import { writeCaffemodelFile } from '@caffe-quant/caffe-io';
import { alternate, installedWorkspace } from './installed-workspace.ts';
import { median } from './median.ts';

const RUNS = 11;
const HIDDEN = [8000, 7800] as const;
const INPUTS = 60;
const CLASSES = 3;

const innerProduct = (name: string, bottom: string, outputs: number) =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" inner_product_param { num_output: ${outputs} } }\n`;
const net = `name: "large"
layer { name: "data" type: "Data" top: "data" top: "label" transform_param { scale: 0.00390625 }
  data_param { source: "data" batch_size: 2 backend: LMDB } }
${innerProduct('ip1', 'data', HIDDEN[0])}${innerProduct('ip2', 'ip1', HIDDEN[1])}${innerProduct('ip3', 'ip2', CLASSES)}
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip3" bottom: "label" top: "loss" }
`;

const workspace = await installedWorkspace();
try {
  workspace.write(
    'nx.json',
    JSON.stringify({ plugins: ['@caffe-quant/nx/plugin'], analytics: false, neverConnectToCloud: true }),
  );
  workspace.write('models/large/train_val.prototxt', net);
  workspace.write(
    'models/large/data/data.mdb',
    readFileSync('packages/caffe-io/src/data/fixtures/datums-uint8/data.mdb'),
  );
  workspace.write(
    'models/large/solver.prototxt',
    'net: "train_val.prototxt" base_lr: 0.0001 lr_policy: "fixed" max_iter: 1 random_seed: 1\n',
  );
  workspace.write(
    'models/large/quant.cfg',
    `retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: false } }\n`,
  );
  writeCaffemodelFile(`${workspace.path}/models/large/large.caffemodel`, { name: 'large', layers: weights() });
  const noop = { executor: 'nx:run-commands', options: { command: 'true' } };
  workspace.write(
    'noop/project.json',
    JSON.stringify({
      name: 'noop',
      targets: { first: { ...noop, cache: false }, noop: { ...noop, cache: true, inputs: [], dependsOn: ['first'] } },
    }),
  );
  for (const daemon of [false, true]) {
    const hit = () => {
      const output = workspace.nx(daemon, 'run', 'large:quantize-retrain');
      if (!isComplete && !/7 out of 8|quantize-retrain +\[/.test(output)) throw new Error(`no cache hit:\n${output}`);
    };
    let isComplete = true;
    hit();
    isComplete = false;
    const { first, second } = alternate(RUNS, hit, () => void workspace.nx(daemon, 'run', 'noop:noop'));
    const difference = median(first.map((time, i) => time - (second[i] ?? Number.NaN)));
    console.log(
      `daemon ${daemon ? 'on' : 'off'}: hit ${median(first).toFixed(0)} ms, no-op ${median(second).toFixed(0)} ms; median difference ${difference.toFixed(0)} ms (goal 500)`,
    );
  }
} finally {
  workspace.remove();
}

function weights() {
  const sizes = [INPUTS, ...HIDDEN, CLASSES];
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i] ?? 0;
    const data = Float32Array.from({ length: inputs * outputs }, (_, k) => (((k * 31) % 17) - 8) / 256);
    const blobs = [
      { shape: [outputs, inputs], data },
      { shape: [outputs], data: new Float32Array(outputs) },
    ];
    return { name: `ip${i + 1}`, type: 'InnerProduct', blobs };
  });
}
