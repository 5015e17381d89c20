import { readFileSync } from 'node:fs';
import { buildNetGraph, readNetText, readWeightsFile } from '@caffe-quant/caffe-io';
import { parseRetrainConfig } from '@caffe-quant/config';
import { checkNet } from '@caffe-quant/kernels/layer-types';
import { explainLayer, explainPlan, type QuantPlan, resolvePlan } from '@caffe-quant/resolver';
import { OPTION_LIST, type OptionValues } from '@caffe-quant/pipeline/options';
import { type Diagnostic, formatDiagnostics, hasErrors, nearest } from 'caffe-prototxt-parser';
import type { Command, Output } from './command.ts';

const { layer, compat, json } = OPTION_LIST;

const OPTIONS = {
  prototxt: {
    type: 'string',
    names: 'file',
    required: true,
    description: 'The net: a train_val or a deploy prototxt. It has to be given.',
  },
  config: {
    type: 'string',
    names: 'file',
    required: true,
    description: "The config: AMCT's quant.cfg or its JSON form. It has to be given.",
  },
  weights: {
    type: 'string',
    names: 'file',
    description: "The net's caffemodel, binary or HDF5; some rules ask for the weights' shapes.",
  },
  layer,
  compat,
  json,
} as const;

type Options = OptionValues<typeof OPTIONS>;

/** `caffe-quant explain`: the plan of a net and a config, without a workspace. */
export const explainCommand: Command<typeof OPTIONS> = {
  name: 'explain',
  summary: 'what quant.cfg makes of every layer of a net, and why',
  description:
    'Shows what a quantization config makes of every layer of a net, and why. Nothing is trained and nothing written.',
  notes: 'Errors and warnings go to the standard error stream. The exit status is 1 where there is an error.',
  options: OPTIONS,
  async run({ options }, output) {
    const sources = new Map<string, string>();
    const read = (file: string): string => {
      const text = readFileSync(file, 'utf8');
      sources.set(file, text);
      return text;
    };
    const { plan, diagnostics } = await resolve(options, read);
    if (diagnostics.length > 0) output.error(formatDiagnostics(diagnostics, sources));
    if (plan === undefined || hasErrors(diagnostics)) return 1;
    return show(plan, options, output);
  },
};

/** All problems of the files at once; the plan is there only where they allow one. */
async function resolve(
  { prototxt, config: configFile, weights, compat = OPTION_LIST.compat.default }: Options,
  read: (file: string) => string,
): Promise<{ plan?: QuantPlan; diagnostics: Diagnostic[] }> {
  const config = parseRetrainConfig(read(configFile), configFile);
  const net = readNetText(read(prototxt), prototxt);
  const diagnostics = [...config.diagnostics, ...net.diagnostics];
  if (hasErrors(net.diagnostics)) return { diagnostics };
  const graphs = (['TRAIN', 'TEST'] as const).map((phase) =>
    buildNetGraph(net.net, { file: prototxt, phase, locate: net.locate }),
  );
  diagnostics.push(...distinct(graphs.flatMap((graph) => graph.diagnostics)));
  const { dialect, locate } = net;
  const used = graphs.map(({ graph }) => ({ graph, locate }));
  const ofNet = checkNet(net.net, dialect, used);
  diagnostics.push(...ofNet);
  if (hasErrors(ofNet)) return { diagnostics };
  if (hasErrors(graphs.flatMap((graph) => graph.diagnostics))) return { diagnostics };
  const model = weights === undefined ? undefined : await readWeightsFile(weights);
  diagnostics.push(...(model?.diagnostics ?? []));
  const shapes = model?.layers.flatMap(({ name, blobs: [first] }) => (first ? [[name, first.shape] as const] : []));
  const resolved = resolvePlan({
    train: graphs[0]!.graph,
    test: graphs[1]!.graph,
    config: config.config,
    compat,
    ...(shapes && { weightShapes: new Map(shapes) }),
  });
  // What is left of a config with errors may leave nothing to quantize, or need a default: that is not news of the user's.
  const own = hasErrors(config.diagnostics)
    ? resolved.diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'nothing-quantized')
    : resolved.diagnostics;
  return { plan: resolved.plan, diagnostics: [...diagnostics, ...own] };
}

/** A layer of both phases has its problems in both. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

function show(plan: QuantPlan, { layer, json, prototxt }: Options, output: Output): number {
  if (layer === undefined) {
    output.out(json ? JSON.stringify(plan, undefined, 2) : explainPlan(plan).trimEnd());
    return 0;
  }
  const entry = plan.layers.find(({ name }) => name === layer);
  const story = explainLayer(plan, layer);
  if (entry === undefined || story === undefined) {
    output.error(formatDiagnostics([unknownLayer(layer, plan, prototxt)]));
    return 1;
  }
  output.out(json ? JSON.stringify(entry, undefined, 2) : story.trimEnd());
  return 0;
}

function unknownLayer(layer: string, { layers }: QuantPlan, file: string): Diagnostic {
  const near = nearest(
    layer,
    layers.map(({ name }) => name),
  );
  return {
    code: 'unknown-layer',
    severity: 'error',
    message: `the net has no layer '${layer}'`,
    file,
    ...(near !== undefined && { hint: `did you mean '${near}'?` }),
  };
}
