/** What is known of each quantized layer, from plan, calibration, training and evaluation, in one place. */
import type { ClipRange, LayerPlan } from '@caffe-quant/resolver';
import { shareOutside } from './observed-share.ts';
import type { CalibratedRange, LayerResult, ObservedValues, ReportInput } from './report-input.ts';

export interface QuantizedLayer {
  /** Where it is found in the page. */
  id: string;
  result: LayerResult;
  plan?: LayerPlan;
  /** Name of its data quantizer. */
  quantizer: string;
  /** Other layers with the same data quantizer. */
  sharedWith: string[];
  observed?: ObservedValues;
  /** How its range was found, and how well that suits its input. */
  range?: Pick<CalibratedRange, 'origin' | 'sqnr' | 'ifmrSqnr'>;
  /** Range of its input before training. */
  initial?: ClipRange;
  /** Range of its input in the exported models. */
  final?: ClipRange;
  /** Whether there was a training between the two. */
  trained: boolean;
  /** How often an update had made the range illegal. */
  restores: number;
}

/** In net order. */
export function quantizedLayers({ plan, calibration, training, evaluation }: ReportInput): QuantizedLayer[] {
  const plans = new Map(plan.layers.map((layer) => [layer.name, layer]));
  const ranges = new Map(calibration.quantizers.map((range) => [range.name, range]));
  const quantizers = new Map(plan.quantizers.map((quantizer) => [quantizer.name, quantizer]));
  return evaluation.layers.flatMap((result, index) => {
    if (!result.quantized) return [];
    const planned = plans.get(result.name);
    const quantizer = result.quantizer ?? planned?.data?.quantizer ?? result.name;
    const range = ranges.get(quantizer);
    const initial = result.initialClip ?? range?.clip;
    const final = result.clip ?? own(training?.result.finalClips, quantizer);
    return [
      {
        id: `layer-${index + 1}`,
        result,
        ...(planned && { plan: planned }),
        quantizer,
        sharedWith: (quantizers.get(quantizer)?.layers ?? []).filter((name) => name !== result.name),
        ...(range && { observed: range.observed, range }),
        ...(initial && { initial }),
        ...(final && { final }),
        trained: training !== undefined,
        restores: own(training?.result.restores, quantizer) ?? 0,
      },
    ];
  });
}

/** Shares of the values seen in calibration that lie beyond the range at the start and at the end; 0 to 1. */
export function observedShares({
  observed,
  initial,
  final,
}: QuantizedLayer): { initial: number; final: number } | undefined {
  const start = initial ?? final;
  const end = final ?? initial;
  if (!observed || !start || !end) return undefined;
  return { initial: shareOutside(observed, start), final: shareOutside(observed, end) };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
