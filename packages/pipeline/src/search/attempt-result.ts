import type { EvaluationResult } from '@caffe-quant/report';
import type { StageOptions } from '../stage-options.ts';

/** What a quantized model is made by, besides the project's own files and options. */
export interface Recipe {
  /** Text of the config, where it is not the project's own. */
  readonly config?: string;
  /** Options that are not the project's own. */
  readonly options: StageOptions;
  /** Layers that stay float besides those of the project's config, the most sensitive first. */
  readonly floatLayers: readonly string[];
}

/** Layers that can only be left float together, since they share their weights; mostly one. */
export interface FloatCandidate {
  readonly layers: readonly string[];
  /** The lowest of theirs, in dB; absent where it was not measured. */
  readonly sensitivity?: number;
}

/** What the stages found of a recipe. */
export interface Measurement {
  readonly records: number;
  readonly models: Pick<EvaluationResult['models'], 'float' | 'integer'>;
  readonly accuracyMetrics: EvaluationResult['accuracyMetrics'];
  readonly better?: NonNullable<EvaluationResult['better']>;
  /** The quantized layers, those whose quantization costs most first. */
  readonly candidates: readonly FloatCandidate[];
  /** How many ranges were measured, and not given by the config. */
  readonly measuredRanges: number;
  /** Batches that they were measured on. */
  readonly batches: number;
  /** Of training; 0 without. */
  readonly iterations: number;
}

/** `attempt.json`: what became of an attempt. It follows from the attempt's inputs, so that equal ones give equal bytes. */
export type AttemptResult =
  | { readonly outcome: 'measured'; readonly recipe: Recipe; readonly measurement: Measurement }
  /** Not tried: an earlier one holds, or there is nothing to try. */
  | { readonly outcome: 'passed'; readonly reason: string }
  /** Tried, and the engine refused it. */
  | { readonly outcome: 'refused'; readonly recipe: Recipe; readonly reason: string };

/** `cost.json`: what it took. */
export interface AttemptCost {
  /** Of the run that computed it, wherever that was. */
  readonly seconds: number;
}
