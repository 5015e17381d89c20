import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetGraph } from '@caffe-quant/caffe-io';
import {
  correctBiases,
  equalize,
  keptOutputs,
  learnRounding,
  type Batch,
  type DeviceUse,
  type NetWeights,
} from '@caffe-quant/kernels';
import type { BiasCorrectionResult, EqualizationResult, LeftOutLayer, RoundingResult } from '@caffe-quant/report';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { StageContext } from '../../stage.ts';
import { readJson, type NetWithData } from '../net-data.ts';
import { CALIBRATED_WEIGHTS, readCalibrated, writeCalibrated } from './calibrated-weights.ts';

/** What the weights are adapted on, and where that is kept. */
export interface Adaptation {
  /** The net that is calibrated. */
  readonly graph: NetGraph;
  readonly data: NetWithData['data'];
  readonly weights: NetWeights;
  readonly plan: CanonicalPlan;
  readonly use: DeviceUse;
  readonly part: StageContext['part'];
  /** What decides the result, besides the plan and the ranges. */
  readonly key: object;
}

/** What came of one way to adapt weights. */
export interface Adapted<Result> {
  /** Those that changed. */
  readonly changed: NetWeights;
  readonly result: Result;
}

/**
 * The weights after cross-layer equalization.
 *
 * @param others further forms of the net, which use the weights too
 */
export function equalized(adaptation: Adaptation, others: readonly NetGraph[]): Promise<Adapted<EqualizationResult>> {
  const { graph, data, weights, plan, use } = adaptation;
  const inputShapes = data.inputShapes();
  return keptWeights(adaptation, { crossLayerEqualization: plan }, async () => {
    const { weights: changed, ...result } = equalize({ graphs: [graph, ...others], inputShapes, weights, plan });
    const after = new Map([...weights, ...changed]);
    const sqnr = await keptOutputs({ graph, inputShapes, before: weights, after, batch: await data.batch(0), ...use });
    return { changed, result: { ...result, sqnr } as EqualizationResult };
  });
}

/**
 * The weights that ARQ rounds as is learned with these ranges.
 *
 * @param adaptation `onLayer` is told after each layer
 */
export function learnedRounding(
  adaptation: Adaptation & { onLayer(): void },
  clips: ReadonlyMap<string, ClipRange>,
): Promise<Adapted<RoundingResult>> {
  const { graph, data, weights, plan, use, onLayer } = adaptation;
  return keptWeights(adaptation, { learnedRounding: { plan, clips: [...clips] } }, async () => {
    const batch = (index: number): Promise<Batch> => data.batch(index);
    const inputShapes = data.inputShapes();
    const { weights: changed, ...result } = await learnRounding({
      ...{ graph, inputShapes, weights, plan, clips, batch, onLayer, ...use },
    });
    return { changed, result: result as RoundingResult };
  });
}

/**
 * The weights after bias correction with these ranges.
 *
 * @param adaptation its weights may be rounded as was learned: `floatWeights` are not
 */
export function biasCorrected(
  adaptation: Adaptation & { readonly floatWeights: NetWeights },
  clips: ReadonlyMap<string, ClipRange>,
): Promise<Adapted<BiasCorrectionResult>> {
  const { graph, data, weights, floatWeights, plan, use } = adaptation;
  return keptWeights(adaptation, { biasCorrection: { plan, clips: [...clips] } }, async () => {
    const batch = (index: number): Promise<Batch> => data.batch(index);
    const inputShapes = data.inputShapes();
    const { weights: changed, ...result } = await correctBiases({
      ...{ graph, inputShapes, weights, floatWeights, plan, clips, batch, ...use },
    });
    return { changed, result: result as BiasCorrectionResult };
  });
}

/** Weights that are adapted now, or were before with an equal key. */
async function keptWeights<Result>(
  { graph, data, part, key }: Adaptation,
  more: object,
  work: () => Promise<Adapted<Result>>,
): Promise<Adapted<Result>> {
  const folder = await part({ ...key, ...more }, async (draft) => {
    const { changed, result } = await work();
    writeCalibrated(join(draft, CALIBRATED_WEIGHTS), graph, data.inputShapes(), changed);
    await writeFile(join(draft, 'part.json'), JSON.stringify(result));
  });
  return {
    changed: readCalibrated(join(folder, CALIBRATED_WEIGHTS)),
    result: readJson<Result>(join(folder, 'part.json')),
  };
}

/** What is to be said of layers that an option could not be applied to; a warning where it could be to none. */
export function leftOutDiagnostics(
  option: 'crossLayerEqualization' | 'weightRounding' | 'biasCorrection',
  { file, layers }: NetGraph,
  leftOut: readonly LeftOutLayer[],
  applied: number,
): Diagnostic[] {
  const found = leftOut.map(({ layer, reason }): Diagnostic => {
    const line = layers.find(({ name }) => name === layer)?.line;
    const message = `${option} leaves this layer out: ${reason}`;
    return { code: 'left-out', severity: 'info', message, file, layer, ...(line !== undefined && { line }) };
  });
  if (applied > 0) return found;
  const message = `the option ${option} changes nothing: there is no layer in this net that it can be applied to`;
  return [
    ...found,
    { code: 'option-without-effect', severity: 'warning', message, file, hint: 'leave the option out' },
  ];
}
