import { DATA_LAYERS, type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import { isDataLayer, layersBehind, type Batch } from '@caffe-quant/kernels';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';

export interface DataToCheck {
  /** The net that reads the data. */
  readonly graph: NetGraph;
  /** The net whose data layers bring them in: the same, or that of another phase. */
  readonly sources: NetGraph;
  /** Its quantizers say which data count: labels may be all alike. */
  readonly plan: CanonicalPlan;
  /** What the data are for, in a message: `calibration` or `test`. */
  readonly purpose: string;
  readonly batches: number;
  batch(index: number): Promise<Batch>;
}

/** Batches in which every input should show two values. */
const FEW = 4;

/**
 * Looks whether the data that quantizers depend on hold anything: nothing can be calibrated or measured on zeros. Batches are
 * read until there are two different values in each input, which are hardly ever more than one.
 *
 * @returns warnings about inputs that are zero, where others are not, or hold one value throughout
 * @throws DiagnosticsError where all are zero
 */
export async function checkDataContent(check: DataToCheck): Promise<Diagnostic[]> {
  const inputs = new Map(inputsOf(check).map((name) => [name, undefined as number | undefined]));
  const blank = new Set(inputs.keys());
  for (let index = 0; index < check.batches && blank.size > 0; index++) {
    // An input that is one value by its nature, as the size of images, is not followed through a whole data set.
    if (index === FEW && blank.size < inputs.size) return [];
    const batch = await check.batch(index);
    for (const name of blank) {
      const values = batch.get(name)!;
      const value = inputs.get(name) ?? values[0]!;
      inputs.set(name, value);
      if (values.some((each) => each !== value)) blank.delete(name);
    }
  }
  const zero = [...blank].filter((name) => inputs.get(name) === 0);
  const isError = zero.length > 0 && zero.length === inputs.size;
  const findings = [...blank].map((name) => finding(check, name, inputs.get(name)!, isError));
  if (isError) throw new DiagnosticsError(findings);
  return findings;
}

/** Names of the data that the inputs of the quantizers are computed of. */
function inputsOf({ graph, plan }: DataToCheck): string[] {
  const names = new Set(plan.quantizers.map(({ name }) => name));
  const blobs = graph.layers.filter(({ name }) => names.has(name)).map(({ bottoms }) => bottoms[0]!.id);
  const layers = layersBehind(graph, blobs).filter(isDataLayer);
  const behind = new Set(layersBehind(graph, blobs).flatMap(({ bottoms }) => bottoms.map(({ id }) => id)));
  return layers
    .flatMap(({ tops }) => tops)
    .filter(({ id }) => behind.has(id) || blobs.includes(id))
    .map(({ name }) => name);
}

function finding({ sources, purpose }: DataToCheck, input: string, value: number, isError: boolean): Diagnostic {
  const layer = sources.layers.find(({ tops }) => tops.some(({ name }) => name === input));
  const source = layer && sourceOf(layer);
  const from = source === undefined ? '' : ` from ${source}`;
  const at = {
    file: sources.file,
    ...(layer && { layer: layer.name }),
    ...(layer?.line !== undefined && { line: layer.line }),
  };
  if (value === 0) {
    return {
      ...at,
      code: 'data-all-zero',
      severity: isError ? 'error' : 'warning',
      message: `the ${purpose} data are all zero: '${input}'${from} holds nothing else`,
      hint: 'see whether the data set was written right, and scale and mean in transform_param; take real inputs of the net',
    };
  }
  return {
    ...at,
    code: 'data-constant',
    severity: 'warning',
    message: `the ${purpose} data hold one value throughout: ${value}, in '${input}'${from}`,
    hint: 'take real inputs of the net: ranges that are found on one value fit no other',
  };
}

function sourceOf({ type, param }: GraphLayer): string | undefined {
  const data = DATA_LAYERS.get(type);
  return data?.reads(settingsOf(data, param), () => true)[0]?.path;
}
