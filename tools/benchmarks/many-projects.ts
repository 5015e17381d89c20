/**
 * What 500 model projects cost on every command: `nx show projects` in a workspace of 500 folders with a quant.cfg, with
 * the plugin against the same folders as plain projects without it. Warm, packed packages, with and without Nx's daemon.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/many-projects.ts
 */
import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alternate, installedWorkspace } from './installed-workspace.ts';
import { median } from './median.ts';

const RUNS = 11;
const PROJECTS = 500;

const withPlugin = await installedWorkspace();
const others: (typeof withPlugin)[] = [];
try {
  const files = ['quant.cfg', 'solver.prototxt', 'train_val.prototxt'].map(
    (name) => [name, readFileSync(`models/model/${name}`, 'utf8')] as const,
  );
  for (let i = 0; i < PROJECTS; i++) {
    for (const [name, text] of files) withPlugin.write(`models/m${i}/${name}`, text);
  }
  const settings = { analytics: false, neverConnectToCloud: true };
  withPlugin.write('nx.json', JSON.stringify({ ...settings, plugins: ['@caffe-quant/nx/plugin'] }));
  const withoutPlugin = withPlugin.at(join(dirname(withPlugin.path), 'without'));
  cpSync(withPlugin.path, withoutPlugin.path, { recursive: true, verbatimSymlinks: true });
  withoutPlugin.write('nx.json', JSON.stringify(settings));
  for (let i = 0; i < PROJECTS; i++) withoutPlugin.write(`models/m${i}/project.json`, `{ "name": "m${i}" }`);
  others.push(withoutPlugin);
  for (const daemon of [false, true]) {
    const show = (workspace: typeof withPlugin) => (): void => {
      const names = JSON.parse(workspace.nx(daemon, 'show', 'projects', '--json')) as string[];
      if (names.filter((name) => /^m\d+$/.test(name)).length !== PROJECTS)
        throw new Error(`${names.length} projects, from ${names[0]} to ${names.at(-1)}`);
    };
    const { first, second } = alternate(RUNS, show(withPlugin), show(withoutPlugin));
    const difference = median(first.map((time, i) => time - (second[i] ?? Number.NaN)));
    console.log(
      `daemon ${daemon ? 'on' : 'off'}: with the plugin ${median(first).toFixed(0)} ms, without ${median(second).toFixed(0)} ms; median difference ${difference.toFixed(0)} ms (goal 300)`,
    );
  }
} finally {
  for (const workspace of [...others, withPlugin]) workspace.remove();
}
