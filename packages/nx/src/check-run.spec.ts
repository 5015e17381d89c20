import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { formatDiagnostics } from 'caffe-prototxt-parser';
import { checkRun } from './check-run.ts';
import { parseRunRequest } from './command-line/run-request.ts';
import { normalizeOptions, type PluginOptions } from './plugin-options.ts';
import { stageTargets } from './stage-targets.ts';
import { temporaryWorkspace } from './testing/temporary-workspace.ts';

const workspace = temporaryWorkspace();

type Targets = Record<string, TargetConfiguration>;
const QUICK: Targets = { 'quantize-retrain': { configurations: { quick: { maxIter: 2 } } } };

/** What is said of a command line, by the workspace.json that declares the models `a` and `b`. */
function said(line: string, a: Targets = QUICK, b: Targets = QUICK, plugin: PluginOptions = {}): string[] {
  const declared = { a: { root: 'models/a', targets: a }, b: { root: 'models/b', targets: b } };
  workspace.write({
    'workspace.json': JSON.stringify({ version: 2, projects: declared }, null, 1),
    'nx.json': JSON.stringify({ plugins: ['x', { plugin: '@caffe-quant/nx/plugin', options: plugin }] }, null, 1),
    'models/a/quant.cfg': '',
    'models/b/quant.cfg': '',
  });
  const projects = Object.fromEntries(
    Object.entries(declared).map(([name, { root, targets }]): [string, ProjectConfiguration] => {
      const known = Object.fromEntries(Object.entries(targets).filter(([, { executor }]) => executor !== undefined));
      const stages = stageTargets({ root, plugin: normalizeOptions(plugin), declared: targets });
      return [name, { root, targets: { ...known, ...stages } }];
    }),
  );
  const request = parseRunRequest(['node', 'nx', ...line.split(' ')], (name) => Object.hasOwn(projects, name));
  const diagnostics = checkRun({ workspaceRoot: workspace.path, request: request!, projects, plugin });
  return diagnostics.map((diagnostic) => formatDiagnostics([diagnostic]));
}

test.each([
  'run a:quantize-retrain',
  'run a:quantize-retrain:quick --maxIter=3 --max-iter=3 --mode distill',
  'quantize-explain b conv1 --json',
  'run-many -t quantize-retrain build -c quick',
  'affected -t quantize-retrain --maxIter=3',
  'run a:quantize-search:quick --select=best',
])('nothing of nx %s', (line) => expect(said(line)).toEqual([]));

test('everything that is wrong is said at once, with its line', () => {
  workspace.write({ 'models/a/thresholds.json': { maxDrops: 1 } });
  const a: Targets = {
    'quantize-retrian': { options: { maxIter: 3 } },
    'quantize-retrain': { options: { maxItr: 3, select: 'bst' }, configurations: { quick: { maxIter: '3' } } },
  };
  expect(
    said('run a:quantize-retrain:qick --maxItre=3 --mode=x conv1', a, QUICK, { targetName: {} } as PluginOptions),
  ).toEqual([
    'nx.json:7:5: error: the plugin has no option targetName\n  hint: did you mean targetNames?',
    'error: there is no option --maxItre\n  hint: did you mean --max-iter?',
    "error: the option --mode takes retrain, calibrate or distill, not 'x'",
    "error: quantize-retrain takes no 'conv1'\n  hint: an option is --<name>=<value>",
    'error: a:quantize-retrain has no configuration qick\n  hint: did you mean quick?',
    'workspace.json:7:5: error: there is no stage quantize-retrian\n  hint: did you mean quantize-retrain?',
    'workspace.json:14:7: error: there is no option maxItr\n  hint: did you mean maxIter?',
    "workspace.json:15:7: error: the option select takes last or best, not 'bst'\n  hint: did you mean 'best'?",
    'models/a/thresholds.json:1:2: error: there is no threshold maxDrops\n  hint: did you mean maxDrop?',
  ]);
});

test('an option that all projects have is told once for each, where nx.json says it', () => {
  const plugin = { options: { mode: 'best' } } as unknown as PluginOptions;
  expect(said('run a:quantize-retrain', {}, {}, plugin)).toEqual([
    expect.stringMatching(/^nx\.json:8:6: error: the option mode takes /),
  ]);
});

describe('a configuration', () => {
  test('that a stage alone has is no configuration of the run', () => {
    const [first] = said('run a:quantize-retrain:fast', {
      'quantize-train': { configurations: { fast: { maxIter: 1 } } },
    });
    expect(first).toBe(
      "error: a:quantize-retrain has no configuration fast\n  hint: quantize-train has it: write it into quantize-retrain's configurations in workspace.json, which hold for all stages",
    );
  });

  test('that some projects of a run have runs the others without it, which is told', () => {
    expect(said('run-many -t quantize-retrain -c quick', QUICK, {})).toEqual([
      expect.stringMatching(/^warning: b:quantize-retrain has no configuration quick: it runs without one/),
    ]);
  });

  test('that none has is an error', () => {
    expect(said('affected -t quantize-retrain -c quikc')).toHaveLength(2);
  });
});

test('what Nx would cache elsewhere is refused, with the line to write', () => {
  expect(said('run a:quantize-retrain --outDir=dist/x')).toEqual([
    expect.stringContaining(
      'write a configuration into workspace.json, "quantize-retrain": { "configurations": { "other": { "outDir": "dist/x" } } }',
    ),
  ]);
});

test('what stands before -- is dropped by Nx, and refused here', () => {
  expect(said('run a:quantize-retrain --maxIter=3 -- --select=best')).toEqual([
    expect.stringMatching(/^error: Nx drops what stands before --: --maxIter=3/),
  ]);
});

test('stages of one run have the same options', () => {
  expect(said('run a:quantize-retrain', { 'quantize-train': { options: { baseLr: 1 } } })).toEqual([
    expect.stringMatching(/^workspace\.json:9:7: error: the option baseLr is 1 for quantize-train, but not set/),
  ]);
});

test('projects that do not run are none of its business', () => {
  const b: Targets = { 'quantize-retrain': { options: { mode: 'x' } } };
  expect(said('run a:quantize-retrain', QUICK, b)).toEqual([]);
  expect(said('run-many -t quantize-retrain -p a', QUICK, b)).toEqual([]);
  expect(said('run-many -t quantize-retrain', QUICK, b)).toHaveLength(1);
});
