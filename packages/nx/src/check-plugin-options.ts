import { type Diagnostic, nearest } from 'caffe-prototxt-parser';
import { STAGE_NAMES } from '@caffe-quant/pipeline/graph-time';
import { placeOfKey } from './json-place.ts';
import type { PluginOptions } from './plugin-options.ts';

const KEYS = ['targetNames', 'options', 'engineSources'] as const satisfies readonly (keyof PluginOptions)[];

/** Names in the plugin's options in nx.json that nothing reads; the options of the stages there are checked with those of a project. */
export function checkPluginOptions(workspaceRoot: string, options: PluginOptions = {}): Diagnostic[] {
  const unknown = (names: readonly string[], known: readonly string[], path: readonly string[], what: string) =>
    names
      .filter((name) => !known.includes(name))
      .map((name): Diagnostic => {
        const near = nearest(name, known);
        const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
        const message = `the plugin has no ${what} ${name}`;
        return { code: 'plugin-options', severity: 'error', message, ...placeOf(workspaceRoot, [...path, name]), hint };
      });
  return [
    ...unknown(Object.keys(options), KEYS, [], 'option'),
    ...unknown(Object.keys(options.targetNames ?? {}), STAGE_NAMES, ['targetNames'], 'stage'),
  ];
}

function placeOf(workspaceRoot: string, path: readonly string[]) {
  for (let i = 0; placeOfKey(workspaceRoot, 'nx.json', ['plugins', i]) !== undefined; i++) {
    const place = placeOfKey(workspaceRoot, 'nx.json', ['plugins', i, 'options', ...path]);
    if (place) return place;
  }
  return { file: 'nx.json' };
}
