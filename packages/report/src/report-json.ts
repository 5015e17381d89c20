import {
  canonicalJson,
  type ClipRange,
  type Compat,
  type DataQuantPlan,
  type ValueSource,
} from '@caffe-quant/resolver';
import { compareModels } from './compare-models.ts';
import { floatLayers, type FloatGroup } from './float-layers.ts';
import { observedShares, quantizedLayers, type QuantizedLayer } from './quantized-layers.ts';
import type { FileEntry, Metrics, ModelName, OnnxResult, ReportInput } from './report-input.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** What machines read of a report. Fields may be added; a change of what one means raises `version`. */
export interface ReportSummary {
  version: 1;
  title: string;
  net: { name: string; file: string };
  compat: Compat;
  verdict: Verdict;
  warnings: string[];
  /** Test records that the metrics are means over. */
  records: number;
  models: Partial<Record<ModelName, { metrics: Metrics; /** Minus the float net's. */ differences: Metrics }>>;
  accuracyMetrics: string[];
  agreement: { integerVsFakeQuant?: number };
  /** The delivered ONNX model beside the integer one. */
  onnx?: OnnxResult;
  calibration: { batches: number; records: number };
  training?: {
    iterations: number;
    batchSize: number;
    records: number;
    firstLoss?: number;
    lastLoss?: number;
    selected?: { iteration: number; metric: string; value: number };
  };
  layers: SummarizedLayer[];
  /** Layers that stay float, those with the same reason together. */
  float: FloatGroup[];
  files: FileEntry[];
  inputs: FileEntry[];
}

/** One quantized layer. */
export interface SummarizedLayer {
  name: string;
  type: string;
  reason: string;
  /** Line in the prototxt. */
  line?: number;
  quantizer: string;
  initialClip?: ClipRange;
  clip?: ClipRange;
  origin?: 'config' | 'ifmr';
  fixedMin?: boolean;
  /** Shares, 0 to 1, of the values seen in calibration that lie beyond the ranges. */
  clipped?: { initial: number; final: number };
  scaleD?: number;
  offsetD?: number;
  scaleW?: number[];
  /** See `LayerResult`. */
  deadChannels?: number[];
  coarseChannels?: number[];
  channelWise?: boolean;
  /** dB; see `LayerResult`. */
  sensitivity?: number;
  restores: number;
  sources: Partial<DataQuantPlan['sources'] & { channelWise: ValueSource }>;
}

/** The report as canonical JSON: sorted keys, 2-space indentation, a newline at the end; equal input, equal bytes. */
export function reportJson(input: ReportInput): string {
  return canonicalJson(summarize(input));
}

export function summarize(input: ReportInput): ReportSummary {
  const { title, plan, calibration, training, evaluation, files, inputs } = input;
  const { steps = [], result } = training ?? {};
  const [first, last] = [steps[0]?.loss, steps[steps.length - 1]?.loss];
  return {
    version: 1,
    title,
    net: plan.net,
    compat: plan.compat,
    verdict: verdictOf(evaluation),
    warnings: evaluation.warnings,
    records: evaluation.records,
    models: Object.fromEntries(
      compareModels(evaluation).map(({ name, metrics }) => [
        name,
        {
          metrics: Object.fromEntries(metrics.flatMap((metric) => pair(metric.name, metric.value))),
          differences: Object.fromEntries(metrics.flatMap((metric) => pair(metric.name, metric.difference))),
        },
      ]),
    ),
    accuracyMetrics: evaluation.accuracyMetrics,
    agreement: evaluation.agreement,
    ...(evaluation.onnx && { onnx: evaluation.onnx }),
    calibration: { batches: calibration.batches, records: calibration.records },
    ...(result && {
      training: {
        iterations: result.iterations,
        batchSize: result.batchSize,
        records: result.records,
        ...(first !== undefined && { firstLoss: first }),
        ...(last !== undefined && { lastLoss: last }),
        ...(result.selected && { selected: result.selected }),
      },
    }),
    layers: quantizedLayers(input).map(summarizeLayer),
    float: floatLayers(evaluation.layers, plan),
    files,
    inputs,
  };
}

function summarizeLayer(layer: QuantizedLayer): SummarizedLayer {
  const { result, plan, quantizer, initial, final, origin, restores } = layer;
  const { name, type, reason, scaleD, offsetD, scaleW, channelWise, sensitivity } = result;
  const { deadChannels, coarseChannels } = result;
  const clipped = observedShares(layer);
  return {
    name,
    type,
    reason,
    quantizer,
    restores,
    ...(plan?.line !== undefined && { line: plan.line }),
    ...(initial && { initialClip: initial }),
    ...(final && { clip: final }),
    ...(origin && { origin }),
    ...(plan?.data && { fixedMin: plan.data.fixedMin }),
    ...(clipped && { clipped }),
    ...(scaleD !== undefined && { scaleD }),
    ...(offsetD !== undefined && { offsetD }),
    ...(scaleW && { scaleW }),
    ...(deadChannels && { deadChannels }),
    ...(coarseChannels && { coarseChannels }),
    ...(channelWise !== undefined && { channelWise }),
    ...(sensitivity !== undefined && { sensitivity }),
    sources: { ...plan?.data?.sources, ...(plan?.weight && { channelWise: plan.weight.source }) },
  };
}

function pair(name: string, value: number | undefined): [string, number][] {
  return value === undefined ? [] : [[name, value]];
}
