import { DATA_LAYERS, type DataLayerType, type GraphLayer, type Phase } from '@caffe-quant/caffe-io';
import type { MessageNode, Position } from 'caffe-prototxt-parser';
import {
  DiagnosticsError,
  escapeString,
  fieldOf,
  findField,
  insertAfter,
  messagesOf,
  positionOf,
  printSyntax,
  printText,
  removeField,
  scalarText,
  setScalar,
} from 'caffe-prototxt-parser';
import { setPhases } from '../project/net-states.ts';
import type { GivenData } from './data-kind.ts';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';
import { type Preparation, setPreparation } from './preparation.ts';

/**
 * Points the data layers of a net to other data sets, of another kind too, and says there how images are prepared; everything
 * else of the prototxt stays.
 *
 * @param given the data sets, or their paths, by phase; a phase without one keeps what it has. A layer of both phases becomes two where they differ.
 * @throws DiagnosticsError where the prototxt is not a sound net, has no data layer in a phase that should get a source, or a
 *   data set lacks what the layer gives
 */
export function pointData(
  netText: NamedText,
  given: Readonly<Partial<Record<Phase, GivenData | string>>>,
  preparation: Preparation = {},
): string {
  const sources: Partial<Record<Phase, GivenData>> = Object.fromEntries(
    Object.entries(given).map(([phase, data]) => [phase, typeof data === 'string' ? { source: data } : data]),
  );
  const { net, train, test } = netOfText(netText);
  const { document } = net;
  // `layers` in files from before 2015.
  const written = new Map(
    [...messagesOf(document, 'layer'), ...messagesOf(document, 'layers')].map((message) => [
      key(positionOf(fieldOf(message) ?? message)),
      message,
    ]),
  );
  const nodeOf = (param: object) => written.get(key(net.locate(param)));
  const both =
    sources.TRAIN !== undefined && sources.TEST !== undefined && sources.TRAIN.source !== sources.TEST.source;
  /** Layers of TRAIN alone from here on. */
  const split = new Set<MessageNode>();
  const adapt = (node: MessageNode, layer: GraphLayer, known: DataLayerType, given: GivenData | undefined): void => {
    if (given) pointLayer(node, layer, known, given, netText.file);
    setPreparation(node, given?.kind?.type ?? known.type, preparation, netText.file);
  };
  for (const layer of both ? train.layers : []) {
    const known = DATA_LAYERS.get(layer.type);
    const node = known && nodeOf(layer.param);
    if (!node || !test.layers.some(({ param }) => param === layer.param)) continue;
    adapt(splitPhases(node), layer, known, sources.TEST);
    split.add(node);
  }
  /** A layer of both phases is adapted once. */
  const adapted = new Set<MessageNode>();
  for (const { phase, layers } of sources.TRAIN ? [train, test] : [test, train]) {
    const found = layers.flatMap((layer) => {
      const known = DATA_LAYERS.get(layer.type);
      const node = known && nodeOf(layer.param);
      return node && (adapted.has(node) || messageIn(node, known.param)) ? [{ layer, known, node }] : [];
    });
    if (sources[phase] !== undefined && found.length === 0) throw noDataLayer(netText.file, phase);
    for (const { layer, known, node } of found) {
      if (adapted.has(node) || (phase === 'TEST' && split.has(node))) continue;
      adapt(node, layer, known, sources[phase]);
      adapted.add(node);
    }
  }
  return printText(document);
}

/** Makes a data layer of both phases one of TRAIN alone. Returns another for TEST behind it. */
function splitPhases(node: MessageNode): MessageNode {
  const name = fieldOf(node)?.name ?? 'layer';
  const [copy] = insertAfter(node, `${name} ${printSyntax(node).trim()}`);
  if (copy?.value.kind !== 'message') throw new Error('the copy of a layer is none');
  setPhases(node, ['TRAIN']);
  setPhases(copy.value, ['TEST']);
  return copy.value;
}

/** Another data set in a layer, which becomes one of another type where that reads it. */
function pointLayer(node: MessageNode, layer: GraphLayer, known: DataLayerType, given: GivenData, file: string): void {
  const { source, kind } = given;
  const param = messageIn(node, known.param)!;
  const place = { file, ...positionOf(fieldOf(node) ?? node), layer: layer.name };
  if (kind?.type === 'ImageData' && !kind.hasLabels && layer.tops.length > 1) {
    const message = `the images of '${source}' have no labels, and the layer gives '${layer.tops[1]!.name}'`;
    const hint =
      'give a list of lines `<path> <label>`, a folder with a folder for each class, or the deploy prototxt and a mode that needs no labels';
    throw new DiagnosticsError([{ code: 'no-labels', severity: 'error', message, ...place, hint }]);
  }
  if (kind === undefined || kind.type === known.type) {
    setScalar(param, 'source', source);
    if (kind?.type === 'Data') setScalar(param, 'backend', { name: kind.backend });
    return;
  }
  if (kind.type === 'HDF5Data' && findField(node, 'transform_param') !== undefined) {
    const message = `'${source}' is of HDF5 files, which Caffe does not transform, and the layer has a transform_param`;
    const hint = 'store the data as the net wants them, and take transform_param out of the prototxt';
    throw new DiagnosticsError([{ code: 'data-kind', severity: 'error', message, ...place, hint }]);
  }
  const isOld = fieldOf(node)?.name === 'layers';
  setScalar(node, 'type', isOld ? { name: OLD_TYPES[kind.type] } : kind.type);
  const batch = findField(param, 'batch_size')?.value;
  const size = batch?.kind === 'scalar' ? Number(scalarText(batch)) : DEFAULT_BATCH;
  const { param: newName } = DATA_LAYERS.get(kind.type)!;
  const backend = kind.type === 'Data' ? `\n  backend: ${kind.backend}` : '';
  insertAfter(param, `${newName} {\n  source: ${escapeString(source, true)}\n  batch_size: ${size}${backend}\n}`);
  removeField(param, { keepComments: true });
}

/** Of nets of before 2015. */
export const OLD_TYPES = { Data: 'DATA', ImageData: 'IMAGE_DATA', HDF5Data: 'HDF5_DATA' } as const;

const DEFAULT_BATCH = 16;

function messageIn(node: MessageNode, name: string): MessageNode | undefined {
  const value = findField(node, name)?.value;
  return value?.kind === 'message' ? value : undefined;
}

function key(position: Position | undefined): string {
  return `${position?.line}:${position?.column}`;
}

function noDataLayer(file: string, phase: Phase): DiagnosticsError {
  const types = [...DATA_LAYERS.keys()].join(', ');
  const message = `the net has no layer in ${phase} that could read the data set (${types})`;
  const hint = 'give the train_val prototxt, not the deploy one';
  return new DiagnosticsError([{ code: 'no-data-layer', severity: 'error', message, file, hint }]);
}
