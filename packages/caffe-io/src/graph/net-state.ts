import type { LayerParameter, NetStateRule, Phase } from '../generated/caffe.ts';

/** Where a net stands: what the rules of its layers are held against. */
export interface CompleteNetState {
  phase: Phase;
  level: number;
  stages: ReadonlySet<string>;
}

/**
 * Whether a layer belongs to the net in this state: always without rules, else where one of the `include` rules holds, or
 * none of the `exclude` rules does. Source: BVLC Caffe, Net::FilterNet in src/caffe/net.cpp.
 */
export function isIncluded(layer: LayerParameter, state: CompleteNetState): boolean {
  if (layer.exclude.some((rule) => ruleHolds(rule, state))) return false;
  return layer.include.length === 0 || layer.include.some((rule) => ruleHolds(rule, state));
}

/** Source: BVLC Caffe, Net::StateMeetsRule in src/caffe/net.cpp. */
function ruleHolds(rule: NetStateRule, state: CompleteNetState): boolean {
  return (
    (rule.phase === undefined || rule.phase === state.phase) &&
    (rule.min_level === undefined || state.level >= rule.min_level) &&
    (rule.max_level === undefined || state.level <= rule.max_level) &&
    rule.stage.every((stage) => state.stages.has(stage)) &&
    !rule.not_stage.some((stage) => state.stages.has(stage))
  );
}
