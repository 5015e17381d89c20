/** The layers: an overview, a part of its own for each quantized one, and why the others stay float. */
import type { LayerPlan } from '@caffe-quant/resolver';
import { floatLayers, sourcePlace } from '../float-layers.ts';
import { formatCount, formatFloat32, formatRange, formatShare, formatValue } from '../format-number.ts';
import { observedShares, quantizedLayers, type QuantizedLayer } from '../quantized-layers.ts';
import type { ReportInput } from '../report-input.ts';
import { summarizeScales, type ScaleSummary } from '../weight-scales.ts';
import { markup, type Markup, type Part } from './markup.ts';
import { observedChart } from './observed-chart.ts';
import { code, section, sourceText, table, type Cell } from './page-parts.ts';
import { clipChart } from './training-charts.ts';
import { weightChart } from './weight-chart.ts';

export function overviewSection(input: ReportInput): Markup {
  const layers = quantizedLayers(input);
  const moved = input.training !== undefined;
  const head = [
    'layer',
    'type',
    ...(moved ? ['clip at start', 'clip at end'] : ['clip']),
    'scale_d',
    'offset_d',
    'scale_w',
    'clipped',
    'alone, dB',
    ...(moved ? ['restores'] : []),
  ];
  const rows = layers.map((layer): Cell[] => {
    const { result, initial, final, restores, id } = layer;
    const shares = observedShares(layer);
    const scales = summarizeScales(result);
    return [
      markup`<a href="#${id}">${result.name}</a>`,
      result.type,
      ...(moved
        ? [{ number: initial && formatRange(initial) }, { number: final && formatRange(final) }]
        : [{ number: (final ?? initial) && formatRange((final ?? initial)!) }]),
      { number: result.scaleD === undefined ? undefined : formatValue(result.scaleD) },
      { number: result.offsetD },
      { number: scales && scaleText(scales) },
      { number: shares && formatShare(shares.final) },
      { number: result.sensitivity?.toFixed(1) },
      ...(moved ? [{ number: formatCount(restores) }] : []),
    ];
  });
  const content =
    rows.length === 0
      ? markup`<p>No layer is quantized.</p>\n`
      : [
          table('Quantized layers', head, rows),
          markup`<p class="quiet">clipped: share of the input values seen in calibration that lie beyond the ${moved ? 'range at the end' : 'range'}. alone, dB: signal to noise of the net's outputs with only this layer quantized; the lowest cost most.</p>\n`,
        ];
  return section('layers', 'Quantized layers', [content, ...layers.map((layer) => layerPart(layer, input))]);
}

export function floatSection({ evaluation, plan }: ReportInput): Part {
  const groups = floatLayers(evaluation.layers, plan);
  if (groups.length === 0) return undefined;
  const rows = groups.map(({ names, reason, source }): Cell[] => [names.join(', '), reason, code(source)]);
  return section(
    'float',
    'Layers that stay float',
    table('Layers that stay float, and why', ['layer', 'why', 'source'], rows),
  );
}

function layerPart(layer: QuantizedLayer, { plan, training }: ReportInput): Markup {
  const { id, result, plan: planned, observed, initial, final } = layer;
  const at = planned?.line === undefined ? plan.net.file : `${plan.net.file}:${planned.line}`;
  const figures: Part[] = [];
  const start = initial ?? final;
  if (observed && start) {
    figures.push(observedChart({ name: result.name, observed, initial: start, ...(training && final && { final }) }));
  }
  if (training) figures.push(clipChart(layer.quantizer, training.steps, training.result.finalClips[layer.quantizer]));
  if (result.scaleW && result.scaleW.length > 1)
    figures.push(weightChart(result.name, result.scaleW, result.deadChannels));
  return markup`<article id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${result.name} <span class="quiet">${result.type}, <code>${at}</code></span></h3>
<p>${verdictText(result.reason, planned)}</p>
${planned?.compatDiffers === undefined ? '' : markup`<p class="quiet">The documented rules and AMCT itself differ: ${planned.compatDiffers}.</p>\n`}<div class="figures">${figures}${settingsTable(layer)}</div></article>
`;
}

function verdictText(reason: string, planned: LayerPlan | undefined): Markup {
  const place = planned?.source && planned.source.level !== 'default' ? sourcePlace(planned.source) : undefined;
  return markup`Quantized: ${reason}${place === undefined ? '' : markup` (<code>${place}</code>)`}.`;
}

function settingsTable(layer: QuantizedLayer): Markup {
  const { result, plan: planned, initial, final, range, restores, sharedWith, trained } = layer;
  const data = planned?.data;
  const shares = observedShares(layer);
  const scales = summarizeScales(result);
  const rows: Cell[][] = [];
  const row = (what: Part, value: Part, from?: Part): void => void rows.push([what, { number: value }, from]);
  if (data)
    row(
      'input',
      code(data.blob),
      sharedWith.length > 0 ? `data quantizer shared with ${sharedWith.join(', ')}` : undefined,
    );
  if (initial) {
    const from = data ? sourceText(data.sources.clip) : range?.origin === 'ifmr' ? 'measured by IFMR' : undefined;
    row(trained ? 'clip range at start' : 'clip range', clippedText(initial, shares?.initial), from);
    if (range?.sqnr !== undefined) row('its input with that', decibels(range.sqnr), rangeNote(range.ifmrSqnr));
  }
  if (data) row('fixed_min', String(data.fixedMin), sourceText(data.sources.fixedMin));
  if (trained && final) row('clip range at end', clippedText(final, shares?.final), 'learned');
  if (result.scaleD !== undefined) row('scale_d', formatFloat32(result.scaleD), 'from the clip range: width / 255');
  if (result.offsetD !== undefined) row('offset_d', result.offsetD, 'the int8 value that stands for 0');
  if (planned?.weight) row('channel_wise', String(planned.weight.channelWise), sourceText(planned.weight.source));
  if (scales) row('scale_w', scales.count === 1 ? formatFloat32(scales.min) : scaleText(scales), weightNote(scales));
  else row('scale_w', 'none', 'the layer has no weights');
  if (result.deadChannels)
    row('channels without weights', channelList(result.deadChannels), 'they give their bias alone');
  if (result.coarseChannels)
    row('channels with coarser weights', channelList(result.coarseChannels), 'so that their bias fits int32');
  if (result.sensitivity !== undefined) {
    row('alone', decibels(result.sensitivity), "signal to noise of the net's outputs with only this layer quantized");
  }
  if (trained) row('restores', formatCount(restores), restores > 0 ? 'updates that made the range illegal' : undefined);
  return table(`Settings and results of ${result.name}`, ['', 'value', 'source'], rows);
}

function rangeNote(ifmrSqnr: number | undefined): string {
  const ifmr = ifmrSqnr === undefined ? '' : `; ${decibels(ifmrSqnr)} with the range that IFMR finds`;
  return `signal to noise of its quantized input in calibration${ifmr}`;
}

const decibels = (ratio: number): string => `${ratio.toFixed(1)} dB`;

/** More channels than this are counted, not named. */
const MAX_CHANNELS = 24;

function channelList(channels: readonly number[]): string {
  if (channels.length <= MAX_CHANNELS) return channels.join(', ');
  return `${channels.slice(0, MAX_CHANNELS - 1).join(', ')} and ${formatCount(channels.length - MAX_CHANNELS + 1)} more`;
}

function clippedText(clip: { max: number; min: number }, share: number | undefined): Part {
  const clipped =
    share === undefined || share === 0 ? '' : markup`<br><span class="quiet">clips ${formatShare(share)}</span>`;
  return markup`${formatRange(clip, 6)}${clipped}`;
}

function weightNote({ count, zeros }: ScaleSummary): string {
  if (count === 1) return 'one for all weights';
  if (zeros === 0) return `smallest and largest of ${formatCount(count)} output channels`;
  return `smallest and largest of ${formatCount(count - zeros)} output channels; the weights of the other ${formatCount(zeros)} are all zero`;
}

function scaleText({ min, max, count, zeros }: ScaleSummary): string {
  return count === 1 ? formatValue(min) : `${formatValue(min, 4)} .. ${formatValue(max, 4)} x ${count - zeros}`;
}
