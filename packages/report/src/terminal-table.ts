/** The table that `quantize-retrain` prints at its end. */
import type { QuantPlan } from '@caffe-quant/resolver';
import { describeChance } from './chance.ts';
import { compareModels, formatMetric, formatMetricDifference, metricNames } from './compare-models.ts';
import { floatLayers } from './float-layers.ts';
import { formatCount, formatRange, formatValue } from './format-number.ts';
import { describeAgreement } from './describe-agreement.ts';
import { describeOnnxOutput } from './onnx-outputs.ts';
import type { EvaluationResult, LayerResult } from './report-input.ts';
import { summarizeScales } from './weight-scales.ts';
import { oneLine, textTable, wrap, type Column } from './text-table.ts';

const WIDTH = 110;

/** Digits of ranges and scales: enough to see what moved. The full ones are in the record and the report. */
const DIGITS = 4;

/** Metrics beside each other; more of them go into a table beneath. */
const METRICS_A_TABLE = 4;

/** More layers of one reason than this are counted, not named. */
const MAX_NAMES = 12;

/**
 * What came out, as plain text of at most 110 columns: the metrics of each model with the difference to the float one,
 * then the warnings, then what options of calibration did, then the range, scale and offset of each layer, then the channels whose weights gave way to their bias,
 * then why the others stay float.
 *
 * @param plan adds where the config decided that a layer stays float
 * @returns lines, each ended by a newline
 */
export function formatSummary(evaluation: EvaluationResult, plan?: QuantPlan): string {
  const parts = [
    [
      ...modelLines(evaluation),
      ...describeChance(evaluation).flatMap((sentence) => wrap(oneLine(sentence), WIDTH, 2)),
      ...warningLines(evaluation),
      ...agreementLines(evaluation),
      ...onnxLines(evaluation),
      ...deviceLines(evaluation),
    ],
    calibrationLines(evaluation),
    layerLines(evaluation),
    channelLines(evaluation),
    floatLines(evaluation, plan),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n');
}

function modelLines(evaluation: EvaluationResult): string[] {
  const models = compareModels(evaluation);
  const names = metricNames(evaluation);
  const lines: string[] = [];
  for (let start = 0; start < names.length; start += METRICS_A_TABLE) {
    const columns: Column[] = [{ head: 'model' }];
    for (const name of names.slice(start, start + METRICS_A_TABLE)) {
      columns.push({ head: oneLine(name), align: 'right', shrinkTo: 12 });
      columns.push({ head: evaluation.accuracyMetrics.includes(name) ? 'points' : 'to float', align: 'right' });
    }
    const rows = models.map(({ label, metrics }) => [
      label,
      ...metrics
        .slice(start, start + METRICS_A_TABLE)
        .flatMap((metric) => [formatMetric(metric), formatMetricDifference(metric)]),
    ]);
    lines.push(...textTable(columns, rows, WIDTH), ...(start + METRICS_A_TABLE < names.length ? [''] : []));
  }
  return lines;
}

function agreementLines(evaluation: EvaluationResult): string[] {
  const sentences = describeAgreement(evaluation);
  if (evaluation.agreement.integerVsFakeQuant !== undefined && evaluation.agreement.counted === undefined)
    return sentences;
  return [
    `${formatCount(evaluation.records)} test records`,
    ...sentences.flatMap((each) => wrap(oneLine(each), WIDTH, 2)),
  ];
}

/** `ONNX: 'prob' [batch, 10] agrees on 100.00 % (256 of 256), 58.1 dB`. */
function onnxLines({ onnx }: EvaluationResult): string[] {
  return (onnx?.outputs ?? []).flatMap((output) =>
    wrap(oneLine(`ONNX: ${describeOnnxOutput(output, onnx!.records)}`), WIDTH, 2),
  );
}

function calibrationLines({ calibration = [] }: EvaluationResult): string[] {
  return calibration.flatMap((sentence) => wrap(oneLine(sentence), WIDTH, 2));
}

/** What is not the same bytes elsewhere: nothing that the processor computed. */
function deviceLines({ computedBy }: EvaluationResult): string[] {
  if (computedBy === undefined) return [];
  const text =
    `Computed by ${computedBy}. Another adapter, driver or onnxruntime may give other bytes, as the processor does; only the ` +
    'integer model and the check of the ONNX model are computed by the processor.';
  return wrap(oneLine(text), WIDTH, 2);
}

function layerLines({ layers }: EvaluationResult): string[] {
  const quantized = layers.filter((layer) => layer.quantized);
  if (quantized.length === 0) return ['No layer is quantized.'];
  const moved = quantized.some(({ initialClip }) => initialClip !== undefined);
  const columns: Column[] = [
    { head: 'layer', shrinkTo: 14 },
    { head: 'type', shrinkTo: 11 },
    { head: 'quantized' },
    ...(moved ? [{ head: 'clip at start' }, { head: 'clip at end' }] : [{ head: 'clip' }]),
    { head: 'scale_d', align: 'right' },
    { head: 'offset_d', align: 'right' },
    { head: 'scale_w', shrinkTo: 12 },
  ];
  const rows = quantized.map((layer) => [
    oneLine(layer.name),
    oneLine(layer.type),
    layer.scaleW ? 'data, weight' : 'data',
    ...(moved ? [layer.initialClip ? formatRange(layer.initialClip, DIGITS) : '-'] : []),
    layer.clip ? formatRange(layer.clip, DIGITS) : '-',
    layer.scaleD === undefined ? '-' : formatValue(layer.scaleD, DIGITS),
    layer.offsetD === undefined ? '-' : String(layer.offsetD),
    weightScales(layer),
  ]);
  return textTable(columns, rows, WIDTH);
}

/** `0.001234`, or `0.0004..0.0021 x 50`: the smallest and the largest, and of how many channels. */
function weightScales(layer: LayerResult): string {
  const scales = summarizeScales(layer);
  if (!scales) return '-';
  const { min, max, count, zeros } = scales;
  if (count === 1) return formatValue(min, DIGITS);
  const dead = zeros === 0 ? '' : `, ${zeros} of zeros`;
  return `${formatValue(min, DIGITS)}..${formatValue(max, DIGITS)} x ${count - zeros}${dead}`;
}

/** The channels whose scale is not the one that their weights ask for. */
function channelLines({ layers }: EvaluationResult): string[] {
  const list = (head: string, channelsOf: (layer: LayerResult) => readonly number[] | undefined): string[] => {
    const lines = layers.flatMap((layer) => {
      const channels = channelsOf(layer);
      if (!channels || channels.length === 0) return [];
      return wrap(oneLine(`  ${layer.name}: ${namesOf(channels.map(String))}`), WIDTH - 2, 2).map(
        (line) => `  ${line}`,
      );
    });
    return lines.length === 0 ? [] : [head, ...lines];
  };
  return [
    ...list('output channels without weights, which give their bias alone', ({ deadChannels }) => deadChannels),
    ...list('output channels with coarser weights, so that their bias fits int32', (each) => each.coarseChannels),
  ];
}

function floatLines({ layers }: EvaluationResult, plan: QuantPlan | undefined): string[] {
  const groups = floatLayers(layers, plan);
  if (groups.length === 0) return [];
  const lines = groups.flatMap(({ names, reason, source }) => {
    const at = source === undefined ? '' : ` (${source})`;
    return wrap(oneLine(`  ${namesOf(names)}: ${reason}${at}`), WIDTH - 2, 2).map((line) => `  ${line}`);
  });
  return ['stay float', ...lines];
}

function namesOf(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(', ');
  return `${names.slice(0, MAX_NAMES - 1).join(', ')} and ${names.length - MAX_NAMES + 1} more`;
}

function warningLines({ warnings }: EvaluationResult): string[] {
  return warnings.flatMap((warning) => wrap(oneLine(`warning: ${warning}`), WIDTH, 2));
}
