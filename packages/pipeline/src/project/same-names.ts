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
  const renamed = uniqueNames(net);
  const at = (layer: LayerParameter): Position | undefined => locate(layer, 'name') ?? locate(layer);
  const lineOf = (layer: LayerParameter | undefined) => {
    const line = layer && locate(layer)?.line;
    return line === undefined ? '' : `; the first is in line ${line}`;
  };
  const diagnostics: Diagnostic[] = [];
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
  const renamed = uniqueNames(net);
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

/**
 * The layers that are not the first of their name in a phase, with the name that they get. The second layer of a name in
 * TRAIN and that in TEST get one name, as the first ones have: they are one layer. One that is the second in TRAIN and the
 * first in TEST gets a name that no other has.
 */
function uniqueNames(net: NetParameter): Map<LayerParameter, { unique: string; first: LayerParameter }> {
  const ranks = new Map<LayerParameter, { ofPhases: Set<number>; first: LayerParameter }>();
  for (const phase of ['TRAIN', 'TEST'] as const) {
    const ofName = new Map<string, LayerParameter[]>();
    for (const layer of layersIn(net, phase)) {
      const { name = '' } = layer;
      const before = ofName.get(name) ?? [];
      ofName.set(name, [...before, layer]);
      const known = ranks.get(layer);
      const ofPhases = new Set(known?.ofPhases).add(before.length);
      ranks.set(layer, { ofPhases, first: before[0] ?? known?.first ?? layer });
    }
  }
  const taken = new Set(net.layer.map(({ name = '' }) => name));
  const shared = new Map<string, string>();
  const renamed = new Map<LayerParameter, { unique: string; first: LayerParameter }>();
  for (const [layer, { ofPhases, first }] of ranks) {
    const rank = Math.max(...ofPhases);
    if (rank === 0) continue;
    const wanted = `${layer.name ?? ''}_${rank + 1}`;
    let unique = ofPhases.size === 1 ? shared.get(wanted) : undefined;
    if (unique === undefined) {
      unique = wanted;
      while (taken.has(unique)) unique += '_';
      taken.add(unique);
      if (ofPhases.size === 1) shared.set(wanted, unique);
    }
    renamed.set(layer, { unique, first });
  }
  return renamed;
}

function layersIn({ layer, state }: NetParameter, phase: Phase): LayerParameter[] {
  const complete = { phase, level: state?.level ?? 0, stages: new Set(state?.stage ?? []) };
  return layer.filter((each) => isIncluded(each, complete));
}
