import type { StageName, StageOptions } from '@caffe-quant/pipeline/graph-time';
import { STAGE_NAMES } from '@caffe-quant/pipeline/graph-time';

/** The plugin's options in nx.json. */
export interface PluginOptions {
  /** Other names for the targets, by stage: `{ "retrain": "quantize" }`. Default: `quantize-<stage>`. */
  targetNames?: Partial<Record<StageName, string>>;
  /** Options of the stages of every project; a project's own win. */
  options?: StageOptions;
  /**
   * Filesets that every stage depends on. For a workspace that holds the engine's own sources: elsewhere the engine is an
   * installed package, and its version is what counts.
   */
  engineSources?: string[];
}

export interface NormalizedOptions {
  readonly targetNames: Readonly<Record<StageName, string>>;
  readonly options: StageOptions;
  readonly engineSources: readonly string[];
}

export function normalizeOptions(options: PluginOptions | undefined): NormalizedOptions {
  const names = STAGE_NAMES.map((stage) => [stage, options?.targetNames?.[stage] ?? `quantize-${stage}`]);
  return {
    targetNames: Object.fromEntries(names) as Record<StageName, string>,
    options: options?.options ?? {},
    engineSources: options?.engineSources ?? [],
  };
}
