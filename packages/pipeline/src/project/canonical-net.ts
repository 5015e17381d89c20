import type { Dialect, LayerParameter, NetGraph, NetParameter, Phase } from '@caffe-quant/caffe-io';
import { buildNetGraph, createMessage, dialectSchema, readNetText } from '@caffe-quant/caffe-io';
import type { Position } from 'caffe-prototxt-parser';
import { DiagnosticsError, formatMessage, hasErrors } from 'caffe-prototxt-parser';

/** A net as the user wrote it: in one prototxt, or in one for each phase. */
export interface NetOrigin {
  readonly net: NetParameter;
  /** For messages about the layers of a phase. */
  readonly places: Readonly<Record<Phase, NetPlace>>;
}

/** The prototxt that has the layers of a phase, and where in it each of them stands. */
export interface NetPlace {
  readonly file: string;
  locate(message: object, field?: string, index?: number): Position | undefined;
}

/** The net as text in which comments, layout and the year of the file make no difference. */
export function canonicalNetText(net: NetParameter, dialect: Dialect): string {
  return formatMessage(net, dialectSchema(dialect, 'NetParameter'));
}

/** The net without what only training reads: the learning-rate and decay multipliers of its parameters. */
export function withoutMultipliers(net: NetParameter): NetParameter {
  return { ...net, layer: net.layer.map(withoutLayerMultipliers) };
}

/** The same of one layer. */
export function withoutLayerMultipliers(layer: LayerParameter): LayerParameter {
  const isShared = layer.param.some(({ name }) => name !== undefined && name !== '');
  const param = layer.param.map(({ name, share_mode }) => createMessage('ParamSpec', { name, share_mode }));
  return { ...layer, param: isShared ? param : [] };
}

/**
 * The graph of a canonical text. Messages about its layers name the places in the user's own prototxt, as far as that
 * still has the same layers.
 *
 * @param part what of the net is wanted; default: all of it
 * @throws DiagnosticsError where its layers do not fit together
 * @throws Error where the text does not parse: it did, when it was written
 */
export function readCanonicalNet(
  text: string,
  phase: Phase,
  origin: NetOrigin,
  part: (net: NetParameter) => NetParameter = (net) => net,
): NetGraph {
  const place = origin.places[phase];
  const { net, diagnostics } = readNetText(text, place.file);
  // A text that an earlier stage wrote: its lines are not those of the user's file.
  if (hasErrors(diagnostics))
    throw new Error(`internal error: the net of an earlier stage: ${diagnostics[0]!.message}`);
  const layers = new Map<object, LayerParameter | undefined>(
    net.layer.map((layer, index) => [layer, sameName(layer, origin.net.layer[index])]),
  );
  const locate = (message: object, field?: string, index?: number) => {
    const written = layers.get(message);
    return written && place.locate(written, field, index);
  };
  const built = buildNetGraph(part(net), { file: place.file, phase, locate });
  if (hasErrors(built.diagnostics)) throw new DiagnosticsError(built.diagnostics);
  return built.graph;
}

function sameName(layer: LayerParameter, written: LayerParameter | undefined): LayerParameter | undefined {
  return written?.name === layer.name ? written : undefined;
}
