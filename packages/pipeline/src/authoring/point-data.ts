import { DATA_LAYERS, type DataLayerType, type Phase } from '@caffe-quant/caffe-io';
import type { MessageNode, Position } from 'caffe-prototxt-parser';
import {
  DiagnosticsError,
  fieldOf,
  findField,
  insertAfter,
  messagesOf,
  positionOf,
  printSyntax,
  printText,
  setScalar,
} from 'caffe-prototxt-parser';
import { setPhases } from '../project/net-states.ts';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';

/**
 * Points the data layers of a net to other data sets; everything else of the prototxt stays.
 *
 * @param sources by phase; a phase without one keeps what it has. A layer of both phases becomes two where they differ.
 * @throws DiagnosticsError where the prototxt is not a sound net, or has no data layer in a phase that should get a source
 */
export function pointData(netText: NamedText, sources: Readonly<Partial<Record<Phase, string>>>): string {
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
  const both = sources.TRAIN !== undefined && sources.TEST !== undefined && sources.TRAIN !== sources.TEST;
  for (const { type, param } of both ? train.layers : []) {
    const known = DATA_LAYERS.get(type);
    const node = known && nodeOf(param);
    if (node && test.layers.some((layer) => layer.param === param)) splitPhases(node, known, sources.TEST!);
  }
  for (const { phase, layers } of [test, train]) {
    const source = sources[phase];
    if (source === undefined) continue;
    const params = layers
      .map(({ type, param }) => {
        const known = DATA_LAYERS.get(type);
        const layer = known && nodeOf(param);
        return layer && findField(layer, known.param)?.value;
      })
      .filter((value) => value?.kind === 'message');
    if (params.length === 0) throw noDataLayer(netText.file, phase);
    for (const param of params) setScalar(param, 'source', source);
  }
  return printText(document);
}

/** Makes a data layer of both phases one of TRAIN alone, with another for TEST behind it. */
function splitPhases(node: MessageNode, { param: settings }: DataLayerType, testSource: string): void {
  const name = fieldOf(node)?.name ?? 'layer';
  const [copy] = insertAfter(node, `${name} ${printSyntax(node).trim()}`);
  setPhases(node, ['TRAIN']);
  if (copy?.value.kind !== 'message') return;
  setPhases(copy.value, ['TEST']);
  const param = findField(copy.value, settings)?.value;
  if (param?.kind === 'message') setScalar(param, 'source', testSource);
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
