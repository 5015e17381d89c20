import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '../../stage-options.ts';
import { runIn } from '../../testing/run-in.ts';
import { SMALL_PROJECT, smallProject, writeWeights } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { fingerprintStage } from '../fingerprint/stage.ts';
import { resolveStage } from './stage.ts';

const folder = temporaryFolder();

async function resolved(changes: Record<string, string | null> = {}, options: StageOptions = {}) {
  const place = smallProject(folder.path, changes);
  const run = await runIn(place, resolveStage, options);
  expect(run).toMatchObject({ success: true });
  const out = join(folder.path, 'dist/quantize/small/resolve');
  return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}

const edited = (file: string, from: string | RegExp, to: string) => {
  const text = SMALL_PROJECT[file] ?? '';
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return { [file]: changed };
};

describe('each edit changes the files of the stages that it concerns', () => {
  const all = ['calibrate.json', 'train.json', 'export.json', 'plan.json', 'retrain_config.json'];
  const ofStages = [...all.slice(0, 3), 'control.json'];
  const net = (from: string | RegExp, to: string) => edited('train_val.prototxt', from, to);
  test.each<[string, () => Record<string, string>, StageOptions, string[]]>([
    ['nothing', () => ({}), {}, []],
    ['a comment in quant.cfg', () => edited('quant.cfg', '# the sample', '# a\n# b'), {}, ['plan.json']],
    ['a comment in the net', () => net('name: "small"', 'name: "small" # x'), {}, ['export.json']],
    ['another layout of the net', () => net(/\{ name/g, '{\n  name'), {}, ['export.json', 'plan.json']],
    ['the clip range', () => edited('quant.cfg', 'clip_max: 6.0', 'clip_max: 5.0'), {}, all],
    ['a skipped layer', () => edited('quant.cfg', '"ip3"', '"ip2"'), {}, all],
    ['channel_wise', () => edited('quant.cfg', 'channel_wise: false', 'channel_wise: true'), {}, ['plan.json']],
    ['batch_num', () => edited('quant.cfg', '# the sample', 'batch_num: 2'), {}, all],
    ['base_lr', () => edited('solver.prototxt', '0.001', '0.002'), {}, ['train.json', 'control.json']],
    ['base_lr by option', () => ({}), { baseLr: 0.5 }, ['train.json', 'control.json']],
    ['max_iter by option', () => ({}), { maxIter: 7 }, ['train.json', 'control.json']],
    ['display', () => edited('solver.prototxt', 'display: 5', 'display: 6'), {}, []],
    ['the seed', () => edited('solver.prototxt', 'display: 5', 'random_seed: 6'), {}, ofStages],
    ['lr_mult of a layer', () => net('lr_mult: 1', 'lr_mult: 2'), {}, ['train.json', 'control.json', 'export.json']],
    ['lr_mult of the clip ranges', () => ({}), { clipLrMult: 0.1 }, ['train.json', 'plan.json']],
    ['the batch size', () => net('batch_size: 2', 'batch_size: 1'), {}, ofStages],
    [
      'a layer',
      () => net('num_output: 4 } }\nlayer { name: "ip2"', 'num_output: 4 axis: 1 } }\nlayer { name: "ip2"'),
      {},
      ofStages,
    ],
    ['the prefix', () => ({}), { prefix: 'other' }, ['export.json']],
  ])('%s', async (_, changes, options, expected) => {
    const before = await resolved();
    const after = await resolved(changes(), options);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.sort()).toEqual([...expected].sort());
  });
});

test('the files hold the plan, the solver that decides, and no path of this machine', async () => {
  const files = await resolved();
  const train = JSON.parse(files['train.json'] ?? '');
  expect(train.solver).toBe(
    'base_lr: 0.001\nmax_iter: 20\nlr_policy: "fixed"\nmomentum: 0.9\nrandom_seed: 0\niter_size: 1\ntype: "SGD"\n',
  );
  expect(train.plan.layers.map(({ name }: { name: string }) => name)).toEqual(['ip1', 'ip2']);
  expect(JSON.parse(files['plan.json'] ?? '').layers[1].data.sources.clip).toMatchObject({
    file: 'models/small/quant.cfg',
    line: 2,
  });
  for (const text of Object.values(files)) expect(text).not.toContain(folder.path);
});

test('a layer name that the net has not is reported with its line, by the first stage already', async () => {
  const place = smallProject(folder.path, edited('quant.cfg', '"ip3"', '"ip4"'));
  for (const stage of [fingerprintStage, resolveStage]) {
    const { success, errors } = await runIn(place, stage);
    expect(success).toBe(false);
    expect(errors).toContain('models/small/quant.cfg:4:14: error:');
    expect(errors).toContain('skip_layers: "ip4"');
  }
});

test('weights that are not there are named', async () => {
  const place = smallProject(folder.path, {
    'small.caffemodel': null,
    'data.lock.json': JSON.stringify({
      version: 1,
      sources: { 'small.caffemodel': { files: [{ name: 'small.caffemodel', size: 1, sha256: '0'.repeat(64) }] } },
    }),
  });
  const { errors } = await runIn(place, resolveStage);
  expect(errors).toContain('models/small/small.caffemodel: error: the weights are not here');
  writeWeights(join(place.root, 'small.caffemodel'));
  expect((await runIn(place, resolveStage)).success).toBe(true);
});
