import type { GraphBuilder, Value } from './graph-builder.ts';
import { WEBGPU_RULES } from './webgpu.ts';

const HIDING: ReadonlySet<string> = new Set(
  WEBGPU_RULES.filter(({ avoidedBy }) => avoidedBy === 'probe').map(({ operator }) => operator),
);

/**
 * What operators take that make a number of a NaN on WebGPU, and perhaps on another device: Relu, Sigmoid, Softmax, Clip.
 * Whoever wants to see a NaN there looks at these tensors, as `finiteness` does. Of the nodes that the outputs declared so
 * far depend on.
 */
export function hiddenInputs(g: GraphBuilder): Value[] {
  const constants = new Set(g.constants.map(({ value }) => value.name));
  const needed = new Set(g.outputs.map(({ name }) => name));
  const hidden = new Set<string>();
  for (const { op, inputs, outputs } of [...g.nodes].reverse()) {
    if (!outputs.some((output) => needed.has(output))) continue;
    for (const input of inputs) needed.add(input);
    if (HIDING.has(op) && !constants.has(inputs[0]!)) hidden.add(inputs[0]!);
  }
  return [...hidden].reverse().map((name) => g.valueOf(name)!);
}
