/** A net and a config resolved to a QuantPlan: what happens to every layer, and why. */
import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import type { RetrainConfig } from '@caffe-quant/config';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { checkContradictions } from './check-contradictions.ts';
import { checkNames } from './check-names.ts';
import { checkSettings } from './check-settings.ts';
import { compareReadings, compareTypes } from './compare-readings.ts';
import { indexConfig } from './config-index.ts';
import { shareDataQuantizers } from './data-quantizers.ts';
import { Findings } from './findings.ts';
import { traceInputs } from './input-origin.ts';
import { netLayers } from './net-layers.ts';
import type { NetLayer } from './net-layers.ts';
import type { Compat, LayerPlan, QuantPlan } from './plan.ts';
import { hasWeights } from './quantizable.ts';
import { resolveLayer } from './resolved-layer.ts';
import type { ResolvedLayer } from './resolved-layer.ts';
import { checkSharedWeights } from './shared-weights.ts';
import { sourcesOf, verdictOf } from './value-sources.ts';
import { namesOf } from './wording.ts';

export interface ResolveInput {
  /** The net that is trained or, where nothing is trained, exported. */
  train: NetGraph;
  /** Its TEST form; absent where there is one form only. */
  test?: NetGraph;
  config: RetrainConfig;
  compat: Compat;
  /** What measures the ranges that the config does not give, in words; default: IFMR. */
  measuredBy?: string;
  /** Per layer name, the shape of its first blob, where the weights are known. */
  weightShapes?: ReadonlyMap<string, readonly number[]>;
  /** What the user calls layers that have another name in the net, by that name: several of his may have one. */
  writtenNames?: ReadonlyMap<string, string>;
}

/**
 * The plan and all that is to say about it. With an error among the diagnostics the plan is incomplete: it serves to be
 * shown, not to be executed.
 */
export function resolvePlan(input: ResolveInput): { plan: QuantPlan; diagnostics: Diagnostic[] } {
  const { train, config, compat, measuredBy } = input;
  const index = indexConfig(config);
  const layers = netLayers(input);
  const originOf = traceInputs(train);
  const findings = new Findings();
  const differences: Diagnostic[] = [];
  const plans = layers.map((entry): LayerPlan => {
    const { layer, whyNot, onlyIn } = entry;
    const differs = onlyIn === undefined ? compareTypes(layer, index, compat, train.file) : [];
    let plan: LayerPlan;
    if (whyNot !== undefined) plan = unquantizable(entry);
    else {
      const resolved = resolveLayer(layer, index, compat, originOf);
      checkSettings(resolved, { compat, config, netFile: train.file, measuredBy }, findings);
      if (differs.length === 0) {
        differs.push(...compareReadings(resolved, resolveLayer(layer, index, other(compat), originOf), compat));
      }
      plan = planOf(resolved, input);
    }
    differences.push(...differs);
    return differs[0] ? { ...plan, compatDiffers: differs[0].message } : plan;
  });
  const quantizers = shareDataQuantizers(plans);
  const net = { name: train.name, file: train.file };
  return {
    plan: {
      compat,
      net,
      ...batchNumOf(config),
      ...(measuredBy !== undefined && { measuredBy }),
      layers: plans,
      quantizers,
    },
    diagnostics: [
      ...checkNames({ layers, config, compat, net }),
      ...checkContradictions(index, compat),
      ...findings.diagnostics(),
      ...differences,
      ...checkSameNames(layers, input),
      ...checkSharedWeights(train, plans),
      ...checkNotEmpty(layers, plans, config, train.file),
    ],
  };
}

function other(compat: Compat): Compat {
  return compat === 'amct' ? 'documented' : 'amct';
}

function unquantizable({ layer, whyNot }: NetLayer): LayerPlan {
  return { ...identity(layer), quantizable: false, quantized: false, reason: whyNot ?? '' };
}

function identity({ name, type, line }: GraphLayer): Pick<LayerPlan, 'name' | 'type' | 'line'> {
  return { name, type, ...(line !== undefined && { line }) };
}

function planOf(resolved: ResolvedLayer, { config, measuredBy }: ResolveInput): LayerPlan {
  const { layer, reading, settings } = resolved;
  const { clip, fixedMin, fixedMinAt, channelWise } = settings;
  const start = { ...identity(layer), quantizable: true, ...verdictOf(reading, layer.type, config) };
  if (!start.quantized) {
    const skippedSettings = { ...(clip && { clip }), ...(fixedMinAt && { fixedMin }), channelWise };
    return { ...start, skippedSettings };
  }
  const sources = sourcesOf(resolved, config, measuredBy);
  return {
    ...start,
    data: {
      blob: layer.bottoms[0]?.id ?? '',
      quantizer: layer.name,
      ...(clip && { clip }),
      fixedMin,
      sources: { clip: sources.clip, fixedMin: sources.fixedMin },
    },
    ...(hasWeights(layer.type) && { weight: { channelWise, source: sources.channelWise } }),
  };
}

function batchNumOf({ batchNum }: RetrainConfig): Pick<QuantPlan, 'batchNum' | 'batchNumSource'> {
  if (!batchNum) return { batchNum: 1, batchNumSource: { level: 'default' } };
  const { value, file, line } = batchNum;
  return { batchNum: value, batchNumSource: { level: 'global', file, line } };
}

/**
 * The record and the retrain model name a layer's quantizers after the layer, so that two of one name need names of their
 * own. The config knows the names as they were written: of two of one name nobody could tell which it means.
 */
function checkSameNames(
  layers: readonly NetLayer[],
  { train: { file }, config, writtenNames = new Map() }: ResolveInput,
): Diagnostic[] {
  const inConfig = new Set([
    ...config.skipLayers.map(({ value }) => value),
    ...config.layerOverrides.map(({ target }) => target.value),
  ]);
  const seen = new Map<string, GraphLayer>();
  const diagnostics: Diagnostic[] = [];
  for (const { layer, whyNot } of layers) {
    if (whyNot !== undefined) continue;
    const name = writtenNames.get(layer.name) ?? layer.name;
    const first = seen.get(name);
    if (!first) seen.set(name, layer);
    else if (layer.name === first.name || inConfig.has(name)) {
      const where = first.line === undefined ? '' : ` (the other is on line ${first.line})`;
      const why = layer.name === first.name ? '' : `, and ${config.file} does not say which it means`;
      diagnostics.push({
        code: 'layer-name-twice',
        severity: 'error',
        message: `two layers that can be quantized have this name${where}${why}`,
        file,
        ...(layer.line !== undefined && { line: layer.line }),
        layer: name,
        hint: 'rename one of them',
      });
    }
  }
  return diagnostics;
}

function checkNotEmpty(
  layers: readonly NetLayer[],
  plans: readonly LayerPlan[],
  config: RetrainConfig,
  net: string,
): Diagnostic[] {
  if (plans.some((plan) => plan.quantized)) return [];
  const quantizable = plans.filter((plan) => plan.quantizable);
  if (quantizable.length > 0) {
    const why = namesOf(quantizable.map((plan) => `${plan.name} (${plan.reason})`));
    return [
      {
        code: 'nothing-quantized',
        severity: 'error',
        message: `no layer is left to quantize: ${why}`,
        file: config.file,
        hint: 'take at least one of them out of the skips',
      },
    ];
  }
  const near = layers.filter(({ layer, whyNot }) => !whyNot?.startsWith(`${layer.type} layers`));
  const why = near.length === 0 ? '' : `: ${namesOf(near.map(({ layer, whyNot }) => `${layer.name}: ${whyNot}`))}`;
  return [
    {
      code: 'no-quantizable-layer',
      severity: 'error',
      message: `the net has no layer that can be quantized${why}`,
      file: net,
    },
  ];
}
