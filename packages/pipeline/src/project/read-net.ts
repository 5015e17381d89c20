import type { NetGraph, NetParameter, Phase } from '@caffe-quant/caffe-io';
import { buildNetGraph, isLossLayer } from '@caffe-quant/caffe-io';
import { checkNet, isDataLayer } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { hasErrors } from 'caffe-prototxt-parser';
import type { DataReference } from './data-references.ts';
import { dataReferences } from './data-references.ts';
import { MODES_WITHOUT_LABELS, type Mode } from './mode.ts';
import type { ProjectNet } from './project-net.ts';

/** A net as a mode uses it. */
export interface ReadNet {
  /** What is calibrated and trained: the TRAIN net in the mode retrain, else the TEST net. */
  readonly train: NetGraph;
  readonly test: NetGraph;
  /** Whose data it is calibrated and trained on. */
  readonly dataPhase: Phase;
  readonly data: readonly DataReference[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Holds a net against what the mode needs of it. */
export function readNet({ origin, dialect, diagnostics }: ProjectNet, mode: Mode): ReadNet {
  const { net, places } = origin;
  const graphOf = (phase: Phase, of: NetParameter = net) => buildNetGraph(of, { ...places[phase], phase });
  const check = (...graphs: NetGraph[]) =>
    checkNet(
      net,
      dialect,
      graphs.map((graph) => ({ graph, locate: places[graph.phase].locate })),
    );
  const test = graphOf('TEST');
  const own = [...diagnostics];
  if (mode === 'retrain') {
    const train = graphOf('TRAIN');
    const data = dataReferences([train.graph, test.graph]);
    // A layer of both phases has its problems in both.
    if (!hasErrors(own)) {
      own.push(...distinct([...train.diagnostics, ...test.diagnostics]), ...check(train.graph, test.graph));
    }
    if (!hasErrors(own)) own.push(...checkLoss(train.graph), ...data.diagnostics);
    return {
      ...{ train: train.graph, test: test.graph },
      dataPhase: 'TRAIN',
      data: data.references,
      diagnostics: own,
    };
  }
  // Of the TRAIN net only its data count: a net for inference alone need not have one that is sound.
  const sources = graphOf('TRAIN', dataLayersOf(net)).graph;
  const made = new Set(sources.layers.flatMap(({ tops }) => tops.map(({ name }) => name)));
  const needed = test.graph.layers.filter(isDataLayer).flatMap(({ tops }) => tops.map(({ name }) => name));
  const dataPhase = made.size > 0 && needed.every((name) => made.has(name)) ? 'TRAIN' : 'TEST';
  const data = dataReferences(dataPhase === 'TRAIN' ? [sources, test.graph] : [test.graph], test.graph);
  if (!hasErrors(own)) own.push(...test.diagnostics, ...check(sources, test.graph));
  const inputs = test.graph.layers.filter(({ type }) => type === 'Input');
  if (!hasErrors(own))
    own.push(...(inputs.length > 0 ? inputs.map((layer) => noData(layer, places.TEST.file)) : data.diagnostics));
  return { train: test.graph, test: test.graph, dataPhase, data: data.references, diagnostics: own };
}

/** The layers of a net that bring data into it, in whatever phase. */
export function dataLayersOf(net: NetParameter): NetParameter {
  return { ...net, layer: net.layer.filter(({ bottom, type }) => bottom.length === 0 && type !== 'Input') };
}

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** Whether there is something to train for with labels. */
export function checkLoss({ layers, file }: NetGraph): Diagnostic[] {
  const hasLoss = layers.some(
    ({ type, param }) => isLossLayer(type) || param.loss_weight.some((weight) => weight !== 0),
  );
  if (hasLoss) return [];
  const message = 'the net has no loss layer in TRAIN, so there is nothing to train for';
  const hint = `give the train_val prototxt, not the deploy one; ${MODES_WITHOUT_LABELS}`;
  return [{ code: 'no-loss', severity: 'error', message, file, hint }];
}

function noData({ name, line }: NetGraph['layers'][number], file: string): Diagnostic {
  return {
    code: 'no-data',
    severity: 'error',
    message: 'the net takes its data from outside, so there is nothing to calibrate it on',
    file,
    ...(line !== undefined && { line }),
    layer: name,
    hint: 'put a data layer with the same top in its place, such as Data, ImageData or HDF5Data; labels are not needed',
  };
}
