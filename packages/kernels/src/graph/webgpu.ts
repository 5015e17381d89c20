import type { GraphNode } from './read-model.ts';

/** An operator that onnxruntime's WebGPU provider has wrong, or not at all, and what is done about it. */
export interface WebgpuRule {
  operator: string;
  /** When it is wrong, in words. */
  when: string;
  /** What it does then. */
  reason: string;
  /**
   * `processor`: these nodes are left to it. `layout` and `optimizer`: a setting of the session avoids it. `form`: our graphs
   * say it otherwise. `probe`: what goes into them is looked at for NaN, see `hiddenInputs`.
   */
  avoidedBy: 'processor' | 'layout' | 'optimizer' | 'form' | 'probe';
  /** Of the nodes of a model those that it is about, where they are left to the processor. */
  isOf?: (node: GraphNode) => boolean;
  /** onnxruntime with which it was seen. */
  seenWith: string;
}

/** Nodes of one operator, whatever they take. */
const every =
  (operator: string) =>
  ({ op }: GraphNode): boolean =>
    op === operator;

/** A comparison of two tensors that are computed or given, not with a number of the graph. */
const comparesTensors =
  (operator: string) =>
  ({ op, takesConstant }: GraphNode): boolean =>
    op === operator && !takesConstant;

/** Measured against the processor's provider on SwiftShader; other adapters may differ in NaN and subnormal numbers. */
export const WEBGPU_RULES: readonly WebgpuRule[] = [
  {
    operator: 'Conv',
    when: 'group > 1, where the outputs of a group are 4 or more and no multiple of the vector',
    reason: 'wrong values without an error in the layout NHWC, the default',
    avoidedBy: 'layout',
    seenWith: '1.30.0',
  },
  {
    operator: 'ConvTranspose',
    when: 'group > 1, where a group has one output and an even number of inputs',
    reason: 'wrong values without an error in the layout NHWC, the default',
    avoidedBy: 'layout',
    seenWith: '1.30.0',
  },
  {
    operator: 'ConvTranspose',
    when: 'three spatial axes',
    reason: 'taken by the provider, and fails in the run',
    avoidedBy: 'processor',
    isOf: ({ op, spatialAxes }) => op === 'ConvTranspose' && spatialAxes === 3,
    seenWith: '1.30.0',
  },
  {
    operator: 'MaxPool',
    when: 'with Indices',
    reason: 'taken by the provider, and fails in the run',
    avoidedBy: 'processor',
    isOf: ({ op, outputs }) => op === 'MaxPool' && outputs > 1,
    seenWith: '1.30.0',
  },
  {
    operator: 'Gather',
    when: 'an index is out of range',
    reason: '0, where the processor has an error: labels beyond the classes would pass',
    avoidedBy: 'processor',
    isOf: every('Gather'),
    seenWith: '1.30.0',
  },
  {
    operator: 'GatherElements',
    when: 'an index is out of range',
    reason: 'a number, where the processor has an error',
    avoidedBy: 'processor',
    isOf: every('GatherElements'),
    seenWith: '1.30.0',
  },
  {
    operator: 'ScatterElements',
    when: 'an index is out of range; several values for one place',
    reason: 'nothing, where the processor has an error; sums in another order in every run',
    avoidedBy: 'processor',
    isOf: every('ScatterElements'),
    seenWith: '1.30.0',
  },
  {
    operator: 'ReduceLogSum',
    when: 'of a negative number, of 0 and of NaN',
    reason: 'a finite number, where the processor has NaN or -infinity and the run ends',
    avoidedBy: 'processor',
    isOf: every('ReduceLogSum'),
    seenWith: '1.30.0',
  },
  {
    operator: 'Pow',
    when: 'a negative base with an exponent that is no integer; an exponent with one column over a base with several',
    reason: 'a number, where the processor has NaN and the run ends; an error in the run',
    avoidedBy: 'processor',
    isOf: every('Pow'),
    seenWith: '1.30.0',
  },
  {
    operator: 'Less',
    when: 'of two tensors, one with a subnormal number',
    reason: "taken for 0: what is just below a quantizer's range counts as inside",
    avoidedBy: 'processor',
    isOf: comparesTensors('Less'),
    seenWith: '1.30.0',
  },
  {
    operator: 'Greater',
    when: 'of two tensors, one with a subnormal number',
    reason: "taken for 0: what is just above a quantizer's range counts as inside",
    avoidedBy: 'processor',
    isOf: comparesTensors('Greater'),
    seenWith: '1.30.0',
  },
  {
    operator: 'TopK',
    when: 'an infinity, or the largest finite number, is among the k',
    reason: 'its index is -1',
    avoidedBy: 'processor',
    isOf: every('TopK'),
    seenWith: '1.30.0',
  },
  {
    operator: 'Tanh',
    when: 'after Conv, which ConvActivationFusion makes one of them',
    reason: 'NaN where |x| > 88.7',
    avoidedBy: 'optimizer',
    seenWith: '1.30.0',
  },
  {
    operator: 'Slice',
    when: 'a negative step over a part of the axis',
    reason: 'starts at the last element whatever it is told; whole reversals are right',
    avoidedBy: 'form',
    seenWith: '1.30.0',
  },
  { operator: 'Relu', when: 'of NaN', reason: '0', avoidedBy: 'probe', seenWith: '1.30.0' },
  { operator: 'Sigmoid', when: 'of NaN', reason: '0', avoidedBy: 'probe', seenWith: '1.30.0' },
  { operator: 'Softmax', when: 'of NaN', reason: '0', avoidedBy: 'probe', seenWith: '1.30.0' },
  { operator: 'Clip', when: 'of NaN', reason: 'the lower bound', avoidedBy: 'probe', seenWith: '1.30.0' },
];

/** What the provider and the session are told. */
export const WEBGPU: { readonly preferredLayout: 'NCHW' | 'NHWC'; readonly disabledOptimizers: readonly string[] } = {
  preferredLayout: 'NCHW',
  disabledOptimizers: ['ConvActivationFusion'],
};

/** The provider for a model. An empty list of nodes is an error there, so the key is left out. */
export function webgpuProvider(nodes: readonly GraphNode[]) {
  const isLeft = (node: GraphNode) => WEBGPU_RULES.some(({ isOf }) => isOf?.(node));
  const forceCpuNodeNames = nodes.filter(isLeft).map(({ name }) => name);
  const { preferredLayout } = WEBGPU;
  return { name: 'webgpu' as const, preferredLayout, ...(forceCpuNodeNames.length > 0 && { forceCpuNodeNames }) };
}
