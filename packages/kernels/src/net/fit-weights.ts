import {
  type Caffemodel,
  consumersOf,
  type GraphLayer,
  matchWeights,
  type NetGraph,
  separateScaleBlobs,
  weightDiagnostics,
} from '@caffe-quant/caffe-io';
import { DiagnosticsError, hasErrors, type Diagnostic } from 'caffe-prototxt-parser';
import { GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { checkWeights } from './check-weights.ts';
import { lowerNet } from './lower-net.ts';
import { fillMissing } from './missing-weights.ts';
import type { NetWeights } from './net-params.ts';
import { withUnitRows } from './unit-rows.ts';

/** Shapes of the parameter blobs of every layer that has any, as that layer has them. */
export function parameterShapes(
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
): { layer: string; shapes: Shape[] }[] {
  const { layers } = lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true });
  return layers.filter(({ params }) => params.length > 0).map(({ layer, shapes }) => ({ layer: layer.name, shapes }));
}

/**
 * The weights of a caffemodel for a net, by Caffe's rules (`matchWeights`): what layers share is one blob, and what the
 * file has not is filled where that is certain. Every layer has all of its blobs, those that it shares too.
 *
 * @param writtenNames the names by which the file knows layers, where those are others: of layers of one name
 * @returns warnings, and what is worth knowing: which layers were filled with what
 * @throws DiagnosticsError where a layer has no weights in the file, or blobs of another shape; and for layers that are
 *   not supported, and for weights that are not finite.
 */
export function fitWeights(
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
  file: Caffemodel,
  weightsFile: string,
  writtenNames: ReadonlyMap<string, string> = new Map(),
): { weights: NetWeights; diagnostics: Diagnostic[] } {
  const net = lowerNet(new GraphBuilder(), graph, { inputShapes, shapesOnly: true });
  const lowered = new Map(net.layers.map((layer) => [layer.layer.name, layer]));
  const expected = graph.layers.map(({ name }) => {
    const { params = [], shapes = [] } = lowered.get(name) ?? {};
    const writtenName = writtenNames.get(name);
    return {
      layer: name,
      ...(writtenName === undefined ? {} : { writtenName }),
      blobs: params.map((param, index) => ({
        key: param.key,
        shape: shapes[index]!,
        shared: param.layer !== name || param.index !== index,
      })),
    };
  });
  const scales = scalesBehind(graph, writtenNames);
  const model = separateScaleBlobs(file, scales);
  const match = matchWeights(expected, model);
  const lines = new Map(graph.layers.map(({ name, line }) => [name, line]));
  const diagnostics = weightDiagnostics(match, {
    weightsFile,
    netFile: graph.file,
    lineOf: (layer) => lines.get(layer),
  });
  const ofSeveral = new Set(writtenNames.values());
  const inFile = new Set(model.layers.map(({ name }) => name));
  /** The name under which another layer got what the file has. */
  const nameOfOther = (layer: string) => {
    const name = writtenNames.get(layer) ?? layer;
    return ofSeveral.has(name) && inFile.has(name) ? name : undefined;
  };
  const { filled, diagnostics: missing } = fillMissing(
    match.missing.map(({ layer, indices }) => {
      const { layer: of, params } = lowered.get(layer)!;
      const [batchNorm] = [...scales].find(([, scale]) => scale === layer) ?? [];
      const trainedBatchNorm = batchNorm !== undefined && inFile.has(batchNorm) ? batchNorm : undefined;
      return {
        ...{ layer: of, nameOfOther: nameOfOther(layer), trainedBatchNorm },
        blobs: indices.map((index) => params[index]!),
      };
    }),
    { weightsFile, netFile: graph.file, extra: match.extra },
  );
  // In a file of another net everything is missing.
  const isForeign = diagnostics.some(({ code }) => code === 'foreign-weights' || code === 'no-weights');
  const all = isForeign ? diagnostics : [...missing, ...diagnostics];
  if (hasErrors(all)) throw new DiagnosticsError(all);
  const blobs = new Map([...match.found].map(([key, { data }]) => [key, data] as const));
  const owners = net.layers.filter(({ params }) => params.length > 0);
  const dataOf = (key: string) => blobs.get(key) ?? filled.get(key)!;
  const fitted = owners.map(({ layer, params, shapes }) => {
    // A blob that layers share is looked at where it is owned.
    const own = params.map(({ key, layer: owner }) => (owner === layer.name ? dataOf(key) : new Float32Array(0)));
    return [layer.name, own.map((data, i) => ({ data, shape: shapes[i]! }))] as const;
  });
  checkWeights(graph, new Map(fitted), weightsFile);
  const held = new Map(
    net.params.flatMap(({ key, shape, hasUnitRows }) =>
      hasUnitRows ? [[key, withUnitRows(dataOf(key), shape[0]!)]] : [],
    ),
  );
  const weights = owners.map(({ layer, params }) => {
    return [layer.name, params.map(({ key }) => held.get(key) ?? dataOf(key))] as const;
  });
  return { weights: new Map(weights), diagnostics: all };
}

/** The Scale behind each BatchNorm that has one, by the names by which a file knows them. */
function scalesBehind(graph: NetGraph, writtenNames: ReadonlyMap<string, string>): Map<string, string> {
  const nameOf = ({ name }: GraphLayer) => writtenNames.get(name) ?? name;
  return new Map(
    graph.layers.flatMap((layer): [string, string][] => {
      if (layer.type !== 'BatchNorm' || layer.tops.length !== 1) return [];
      const [scale, ...others] = consumersOf(graph, layer.tops[0]!);
      const isScale = scale?.type === 'Scale' && scale.bottoms.length === 1 && others.length === 0;
      return isScale ? [[nameOf(layer), nameOf(scale)]] : [];
    }),
  );
}
