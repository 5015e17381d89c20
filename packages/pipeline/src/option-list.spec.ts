import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsFor } from './check-options.ts';
import { declarationOf, FILE_OPTIONS, OPTION_NAMES, type OptionName, optionsTakenBy } from './option-list.ts';
import type { ProjectPlace } from './project/project-place.ts';
import { outDirOf } from './run-stage.ts';
import { STAGE_NAMES } from './stage-declaration.ts';
import type { StageOptions } from './stage-options.ts';
import { fingerprintStage } from './stages/fingerprint/stage.ts';
import { resolveStage } from './stages/resolve/stage.ts';
import { runIn } from './testing/run-in.ts';
import { SMALL_PROJECT, smallProject, writeWeights } from './testing/small-project.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();

/** The stages for which `resolve` writes a file of what decides their result. */
const RESOLVED = ['calibrate', 'train', 'control', 'export'] as const;

const textOf = (file: 'quant.cfg' | 'solver.prototxt' | 'train_val.prototxt', from = '', to = '') => {
  if (!SMALL_PROJECT[file]!.includes(from)) throw new Error(`${file} has no ${from}`);
  return SMALL_PROJECT[file]!.replace(from, to);
};
const DEPLOY = textOf('train_val.prototxt').replace(/layer {\n[^]*?\n}\n/, (data) => `${data}# deploy\n`);

/** Every option with a value that is not its default, and beside the names of files what is in them. */
const OTHER: Readonly<Record<OptionName, StageOptions>> = {
  config: { config: 'other.cfg' },
  net: { net: 'other_net.prototxt' },
  deploy: { deploy: 'deploy.prototxt' },
  solver: { solver: 'other_solver.prototxt' },
  weights: { weights: 'other.caffemodel' },
  outDir: { outDir: 'dist/elsewhere' },
  prefix: { prefix: 'other' },
  dataRoot: { dataRoot: 'other_data' },
  compat: { compat: 'amct' },
  mode: { mode: 'distill' },
  calibrationMethod: { calibrationMethod: 'mse' },
  percentile: { calibrationMethod: 'percentile', percentile: 99 },
  crossLayerEqualization: { crossLayerEqualization: true },
  weightRounding: { weightRounding: 'learned' },
  biasCorrection: { biasCorrection: true },
  maxIter: { maxIter: 7 },
  baseLr: { baseLr: 0.5 },
  clipLrMult: { clipLrMult: 3 },
  clipDecayMult: { clipDecayMult: 3 },
  batchNorm: { batchNorm: 'freeze' },
  bnReestimate: { bnReestimate: 2 },
  select: { select: 'best' },
  control: { control: false },
  device: { device: 'webgpu' },
  memoryLimit: { memoryLimit: '100TB' },
  layer: { layer: 'ip1' },
  json: { json: true },
};

/** An override of one half: the documentation takes the other from the whole net's, AMCT its own default. */
const HALF_OVERRIDE = `override_layer_configs: {
  layer_name: "ip2"
  retrain_weight_quant_config: { arq_retrain: { channel_wise: false } }
}
`;

/** Offset of a pixel of the first record, which lies at the end of its page. */
const PIXEL = 12250;

const OTHER_FILES = {
  'quant.cfg': textOf('quant.cfg') + HALF_OVERRIDE,
  'other.cfg': textOf('quant.cfg', 'clip_max: 6.0', 'clip_max: 5.0'),
  'other_net.prototxt': textOf('train_val.prototxt', 'batch_size: 2', 'batch_size: 3'),
  'deploy.prototxt': DEPLOY,
  'other_solver.prototxt': `${SMALL_PROJECT['solver.prototxt']}random_seed: 5\n`,
};

/** What each stage's key is made of: the fingerprint and what `resolve` tells it. */
async function decisive(place: ProjectPlace, options: StageOptions) {
  for (const stage of [fingerprintStage, resolveStage]) {
    const { success, errors } = await runIn(place, stage, options);
    if (!success) throw new Error(errors);
  }
  const read = (name: string) => readFileSync(join(outDirOf({ place, options }), name), 'utf8');
  const data = read('fingerprint/fingerprint.json');
  return Object.fromEntries(RESOLVED.map((stage) => [stage, data + read(`resolve/${stage}.json`)]));
}

const decided = ({ decides }: { decides: readonly string[] }) => RESOLVED.filter((stage) => decides.includes(stage));

test.each(optionsTakenBy('retrain'))(
  '%s is in the key of the stages that it decides, and of no other',
  async (name) => {
    const place = smallProject(folder.path, OTHER_FILES);
    const data = readFileSync(join(place.root, 'data/data.mdb'));
    data[PIXEL]! ^= 1;
    mkdirSync(join(folder.path, 'other_data/data'), { recursive: true });
    writeFileSync(join(folder.path, 'other_data/data/data.mdb'), data);
    writeWeights(join(folder.path, 'other.caffemodel'), 3);
    const before = await decisive(place, {});
    const after = await decisive(place, OTHER[name]);
    expect(RESOLVED.filter((stage) => before[stage] !== after[stage])).toEqual(decided(declarationOf(name)));
  },
);

test.each(FILE_OPTIONS)('%s decides by what is in the file, not by its path', async (name) => {
  const files = { config: 'quant.cfg', net: 'train_val.prototxt', deploy: 'a.prototxt', solver: 'solver.prototxt' };
  const place = smallProject(folder.path, { 'a.prototxt': DEPLOY });
  const own = { ...files, weights: 'small.caffemodel' }[name];
  cpSync(join(place.root, own), join(place.root, `copy/${own}`));
  const options = { deploy: 'a.prototxt' };
  const before = await decisive(place, { ...options, [name]: own });
  expect(await decisive(place, { ...options, [name]: `copy/${own}` })).toEqual(before);
});

test.each(STAGE_NAMES)(
  '%s sees the options that it is declared to read, and asking for another is an error',
  (stage) => {
    const all = Object.assign({}, ...Object.values(OTHER)) as StageOptions;
    const seen = optionsFor(stage, all);
    for (const name of OPTION_NAMES) {
      if (Object.keys(seen).includes(name)) expect(seen[name]).toBe(all[name]);
      else expect(() => seen[name]).toThrow(`stage ${stage} is not declared to read the option ${name}`);
    }
  },
);
