import type { LayerParameter, NetParameter, NetText, Phase } from '@caffe-quant/caffe-io';
import { dialectSchema, isIncluded, readNetText } from '@caffe-quant/caffe-io';
import type { Diagnostic, Position } from 'caffe-prototxt-parser';
import { bindMessage, formatMessage, messagesOf, printText, setScalar } from 'caffe-prototxt-parser';

/**
 * Layers of one name in one phase. Caffe allows them, but knows their weights by that name alone, and so does everything
 * that is made here: weights, plan, record, models, report. So all but the first get names of their own as soon as a net is
 * read, and what is delivered has these. Only the weights file still knows them as they were written.
 */
export interface SeparateNames {
  /** What the file calls the layers that got another name here, by that name. */
  readonly writtenNames: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Gives layers of one name names of their own: changes the layers of the net. */
export function separateSameNames({ net, locate }: Pick<NetText, 'net' | 'locate'>, file: string): SeparateNames {
  const { renamed, contrary } = ranksOf(net);
  const at = (layer: LayerParameter): Position | undefined => locate(layer, 'name') ?? locate(layer);
  const lineOf = (layer: LayerParameter | undefined) => {
    const line = layer && locate(layer)?.line;
    return line === undefined ? '' : `; the first is in line ${line}`;
  };
  const diagnostics = contrary.map((layer): Diagnostic => {
    const name = layer.name ?? '';
    const message = `several layers are named "${name}", and this one is another one of them in TRAIN than in TEST: which of them the weights are for cannot be told`;
    const hint = 'give the layer another name';
    return { code: 'duplicate-layer', severity: 'error', message, file, ...at(layer), layer: name, hint };
  });
  const writtenNames = new Map<string, string>();
  for (const [layer, { unique, first }] of renamed) {
    const name = layer.name ?? '';
    const message = `there are several layers named "${name}"${lineOf(first)}: this one is called "${unique}" in all that is made of the net`;
    const hint = `weights go by name: Caffe copies those of "${name}" into the first (from an HDF5 file into the last) and leaves the others at their fillers; give the layer another name`;
    diagnostics.push({ code: 'duplicate-layer', severity: 'warning', message, file, ...at(layer), layer: name, hint });
    writtenNames.set(unique, name);
    layer.name = unique;
  }
  return { writtenNames, diagnostics };
}

/** The same on a prototxt: comments and layout stay. A file of an old form comes in today's, without them. */
export function textWithSeparateNames(text: string, file: string): string {
  const { net, document, dialect } = readNetText(text, file);
  const { renamed } = ranksOf(net);
  if (renamed.size === 0) return text;
  const schema = dialectSchema(dialect, 'NetParameter');
  const isOfToday = formatMessage(bindMessage(document, schema).message, schema) === formatMessage(net, schema);
  const nodes = isOfToday ? messagesOf(document, 'layer') : [];
  net.layer.forEach((layer, index) => {
    const unique = renamed.get(layer)?.unique;
    if (unique === undefined) return;
    layer.name = unique;
    if (nodes[index]) setScalar(nodes[index], 'name', unique);
  });
  return isOfToday ? printText(document) : formatMessage(net, schema);
}

interface Ranks {
  /** The layers that are not the first of their name, with the name that they get. */
  renamed: Map<LayerParameter, { unique: string; first: LayerParameter }>;
  /** Layers that are of one rank among those of their name in TRAIN, and of another in TEST. */
  contrary: LayerParameter[];
}

/** The second layer of a name in TRAIN and that in TEST get one name, as the first ones have: they are one layer. */
function ranksOf(net: NetParameter): Ranks {
  const taken = new Set(net.layer.map(({ name = '' }) => name));
  const uniqueNames = new Map<string, string>();
  const uniqueName = (name: string, rank: number): string => {
    const key = `${name}_${rank + 1}`;
    const known = uniqueNames.get(key);
    if (known !== undefined) return known;
    let unique = key;
    while (taken.has(unique)) unique += '_';
    taken.add(unique);
    uniqueNames.set(key, unique);
    return unique;
  };
  const ranks = new Map<LayerParameter, number>();
  const renamed: Ranks['renamed'] = new Map();
  const contrary = new Set<LayerParameter>();
  for (const phase of ['TRAIN', 'TEST'] as const) {
    const ofName = new Map<string, LayerParameter[]>();
    for (const layer of layersIn(net, phase)) {
      const { name = '' } = layer;
      const before = ofName.get(name) ?? [];
      const rank = before.length;
      ofName.set(name, [...before, layer]);
      if ((ranks.get(layer) ?? rank) !== rank) contrary.add(layer);
      ranks.set(layer, rank);
      if (rank > 0) renamed.set(layer, { unique: uniqueName(name, rank), first: before[0]! });
    }
  }
  return { renamed, contrary: [...contrary] };
}

function layersIn({ layer, state }: NetParameter, phase: Phase): LayerParameter[] {
  const complete = { phase, level: state?.level ?? 0, stages: new Set(state?.stage ?? []) };
  return layer.filter((each) => isIncluded(each, complete));
}
