/** A plan for people: a table with a row per layer, and the full story of one layer. */
import type { LayerPlan, QuantPlan, ValueSource } from './plan.ts';
import { fileLine, IFMR, rangeOf, sourceOf } from './wording.ts';

const HEAD = ['layer', 'type', 'quantized', 'clip', 'fixed_min', 'channel_wise', 'from'];

/** The table, each line ended by a newline; no colours. */
export function explainPlan(plan: QuantPlan): string {
  const rows = plan.layers.map((layer) => rowOf(layer, plan.measuredBy));
  const quantized = plan.layers.filter((layer) => layer.quantized).length;
  const batches = plan.quantizers.some((quantizer) => !quantizer.clip)
    ? `; ${plan.measuredBy ?? IFMR} measures on ${plan.batchNum} ${plan.batchNum === 1 ? 'batch' : 'batches'} (${sourceOf(plan.batchNumSource)})`
    : '';
  const title = `${plan.net.name || plan.net.file}: ${quantized} of ${plan.layers.length} layers quantized (compat ${plan.compat})${batches}`;
  return [title, '', ...table([HEAD, ...rows]), ...sharing(plan), ...differing(plan)]
    .map((line) => `${line}\n`)
    .join('');
}

/** The story of one layer; `undefined` where the net has none of that name. */
export function explainLayer(plan: QuantPlan, name: string): string | undefined {
  const layer = plan.layers.find((candidate) => candidate.name === name);
  if (!layer) return undefined;
  const { data, weight } = layer;
  const where = fileLine({ file: plan.net.file, ...(layer.line !== undefined && { line: layer.line }) });
  const lines = [`${layer.name} (${layer.type}, ${where})`, verdictLine(layer)];
  if (data) {
    const quantizer = plan.quantizers.find((candidate) => candidate.name === data.quantizer);
    const others = quantizer?.layers.filter((other) => other !== name) ?? [];
    const shared = others.length === 0 ? '' : `, shared with ${others.join(', ')}`;
    lines.push(
      `  input: blob ${data.blob}, data quantizer ${data.quantizer}${shared}`,
      `  clip: ${rangeOf(data.clip, data.fixedMin, plan.measuredBy)}${because(data.sources.clip)}`,
      `  fixed_min: ${data.fixedMin}${because(data.sources.fixedMin)}`,
    );
    lines.push(weight ? `  channel_wise: ${weight.channelWise}${because(weight.source)}` : '  no weights to quantize');
  }
  if (layer.compatDiffers !== undefined) lines.push(`  the two readings differ: ${layer.compatDiffers}`);
  return lines.map((line) => `${line}\n`).join('');
}

function verdictLine({ quantizable, quantized, reason, source }: LayerPlan): string {
  const verdict = quantized ? 'quantized' : quantizable ? 'not quantized' : 'cannot be quantized';
  const at = source && source.level !== 'default' ? ` (${sourceOf(source)})` : '';
  return `  ${verdict}: ${reason}${at}`;
}

function because(source: ValueSource): string {
  const note = source.note === undefined ? '' : `; ${source.note}`;
  return ` (${sourceOf(source)}${note})`;
}

function rowOf(layer: LayerPlan, measuredBy: string | undefined): string[] {
  const { type, quantized, reason, source, data, weight } = layer;
  const name = layer.compatDiffers === undefined ? layer.name : `${layer.name} *`;
  if (!quantized || !data) {
    const at = source && source.level !== 'default' ? ` (${sourceOf(source)})` : '';
    return [name, type, 'no', '-', '-', '-', reason + at];
  }
  const sources: [string, ValueSource][] = [
    ['clip', data.sources.clip],
    ['fixed_min', data.sources.fixedMin],
    ...(weight ? [['channel_wise', weight.source] as [string, ValueSource]] : []),
  ];
  return [
    name,
    type,
    'yes',
    rangeOf(data.clip, data.fixedMin, measuredBy),
    String(data.fixedMin),
    weight ? String(weight.channelWise) : '-',
    sources.map(([value, from]) => `${value} ${from.level === 'default' ? 'default' : sourceOf(from)}`).join('; '),
  ];
}

function differing({ layers }: QuantPlan): string[] {
  const differing = layers.filter((layer) => layer.compatDiffers !== undefined);
  return differing.length === 0
    ? []
    : [
        '',
        '* the documented rules and AMCT itself differ:',
        ...differing.map((layer) => `  ${layer.name}: ${layer.compatDiffers}`),
      ];
}

function sharing({ quantizers }: QuantPlan): string[] {
  const shared = quantizers.filter(({ layers }) => layers.length > 1);
  return shared.length === 0
    ? []
    : ['', ...shared.map(({ blob, layers }) => `one data quantizer on blob ${blob} for ${layers.join(', ')}`)];
}

/** Columns padded to their longest cell, the last one free. */
function table(rows: string[][]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
