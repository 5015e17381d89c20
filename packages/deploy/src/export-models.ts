import type { NetGraph, Phase } from '@caffe-quant/caffe-io';
import type { NetWeights, Shape } from '@caffe-quant/kernels';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { caffeModel } from './models/caffe-model.ts';
import { deployModel } from './models/deploy-model.ts';
import { fakeQuantModel } from './models/fake-quant-model.ts';
import { quantJson } from './models/quant-json.ts';
import { retrainModel } from './models/retrain-model.ts';
import { forkFieldNotes } from './net/fork-fields.ts';
import { EditableNet, type NetSource } from './net/editable-net.ts';
import { foldedNet } from './net/folded-net.ts';
import { inferenceGraph, inferenceNet, withLinesOf } from './net/inference-net.ts';
import { checkWeights, inferShapes, WeightTable } from './net/infer-shapes.ts';
import { checkOneImage } from './net/one-image.ts';
import { plainLayerNotes, plainLayers, planOfPlain } from './net/plain-layers.ts';
import { int8Onnx } from './onnx/int8-onnx.ts';
import { preprocessingOf } from './onnx/preprocessing.ts';
import { checkFoldsKept, findFolds } from './quantized/find-folds.ts';
import { quantizeLayers } from './quantized/quantize-layers.ts';
import type { QuantizedLayer } from './quantized/quantized-layer.ts';
import { formatRecord, recordOf } from './record/scale-offset-record.ts';

export interface ExportInput {
  /** The net that was trained. */
  net: NetSource;
  /** The topology of the deployed models; default: what `inferenceNet` makes of `net`. */
  deploy?: NetSource;
  plan: CanonicalPlan;
  /** Float weights after training. */
  weights: NetWeights;
  /** Range of every quantizer after training, by its name: checked, and with 0 for a fixed minimum. */
  clips: ReadonlyMap<string, ClipRange>;
  /** Shapes of the data layers' tops, by name, with the batch first. */
  inputShapes: ReadonlyMap<string, Shape>;
  /** Start of all file names. */
  prefix: string;
  /** Phases of `net` that its weights are of; default: both. A net that was not trained need not have a TRAIN phase. */
  phases?: readonly Phase[];
}

export interface ExportedModels {
  /** Texts and bytes by file name. */
  files: ReadonlyMap<string, string | Uint8Array>;
  /** The quantized layers of the deployed net, in its order, for reports. */
  layers: readonly QuantizedLayer[];
  /** Warnings, and what is worth knowing. */
  diagnostics: readonly Diagnostic[];
}

/**
 * Everything that training leads to: the retrain model, the scale/offset record, the fake-quant, deploy, plain Caffe and
 * ONNX models. Pure: nothing is read or written. Equal inputs give equal bytes.
 * @throws DiagnosticsError with every layer that cannot be exported.
 */
export function exportModels(input: ExportInput): ExportedModels {
  const { clips, inputShapes, prefix } = input;
  const plan = planOfPlain(input.plan);
  const plainNet = plainLayers(input.net, inputShapes);
  const { source } = plainNet;
  const written = EditableNet.open(input.net);
  const graphOf = (phase: Phase): NetGraph => {
    const graph = written.graph(phase);
    return source === input.net ? graph : withLinesOf(graph, EditableNet.openOwn(source, 'the net').graph(phase));
  };
  const test = graphOf('TEST');
  const phases = (input.phases ?? ['TRAIN', 'TEST']).map((phase) => (phase === 'TEST' ? test : graphOf(phase)));
  const deployed = input.deploy ?? input.net;
  const inference = inferenceNet(plainLayers(deployed, inputShapes).source, inputShapes);
  const graph = inferenceGraph(inference, deployed);
  checkFoldsKept(test, graph, plan);
  const { folds, notes } = findFolds(graph, plan);

  const trainedNets = phases.filter(({ layers }) => layers.length > 0).map((phase) => inferShapes(phase, inputShapes));
  const weights = new WeightTable(input.weights, trainedNets);
  for (const each of trainedNets) checkWeights(each, weights);

  const net = inferShapes(graph, inputShapes);
  checkWeights(net, weights);
  checkOneImage(graph, inputShapes, net);
  const { layers, warnings } = quantizeLayers({ net, plan, weights, clips, folds });
  const folded = foldedNet(inference, folds);

  const files = new Map<string, string | Uint8Array>();
  const recordFile = `${prefix}_retrain_record.txt`;
  const retrain = retrainModel({ source, plan, nets: trainedNets, weights, clips, recordFile });
  files.set(`${prefix}_retrain_model.prototxt`, retrain.prototxt);
  files.set(`${prefix}_retrain_model.caffemodel`, retrain.caffemodel);
  files.set(`${prefix}_scale_offset_record.txt`, formatRecord(recordOf(layers)));
  const fakeQuant = fakeQuantModel({ source, layers, nets: trainedNets, weights, folds });
  files.set(`${prefix}_fake_quant_model.prototxt`, fakeQuant.prototxt);
  files.set(`${prefix}_fake_quant_weights.caffemodel`, fakeQuant.caffemodel);
  const deploy = deployModel({ source: folded, layers, net, weights });
  files.set(`${prefix}_deploy_model.prototxt`, deploy.prototxt);
  files.set(`${prefix}_deploy_weights.caffemodel`, deploy.caffemodel);
  const plain = caffeModel(inference, net, weights);
  files.set(`${prefix}_caffe_model.prototxt`, plain.prototxt);
  files.set(`${prefix}_caffe_model.caffemodel`, plain.caffemodel);
  files.set(`${prefix}_quant.json`, quantJson(graph.name, layers, deploy.inserted));
  const preprocessing = preprocessingOf(net.inputShapes, [...phases].reverse());
  const onnxGraph = inferenceGraph(folded, deployed);
  const onnx = int8Onnx({ graph: onnxGraph, layers, inputShapes: net.inputShapes, weights, preprocessing });
  files.set(`${prefix}_int8.onnx`, onnx.model);
  const renames = plainLayerNotes(input.net.file, plainNet);
  const fields = forkFieldNotes(graph, input.net);
  const diagnostics = [...leftOut(input, test, graph), ...renames, ...fields, ...notes, ...warnings, ...onnx.warnings];
  return { files, layers, diagnostics };
}

/** The quantized layers of the net's TEST phase that a given deploy prototxt does not have. */
function leftOut({ deploy, plan }: ExportInput, test: NetGraph, deployed: NetGraph): Diagnostic[] {
  const [tested, kept] = [test, deployed].map(({ layers }) => new Set(layers.map(({ name }) => name)));
  return plan.layers
    .filter(({ name }) => deploy && tested!.has(name) && !kept!.has(name))
    .map(({ name }): Diagnostic => {
      const message = `the quantized layer "${name}" is not in the deploy prototxt: it is trained, but not exported`;
      return { code: 'layer-left-out', severity: 'warning', message, file: deployed.file, layer: name };
    });
}
