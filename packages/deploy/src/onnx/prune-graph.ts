import type { GraphBuilder } from '@caffe-quant/kernels';

/** Operators whose further outputs ONNX lets a model leave out. All others have to have all of theirs. */
const OPTIONAL_OUTPUTS: ReadonlySet<string> = new Set(['MaxPool']);

/**
 * Takes out what no output of the graph depends on: nodes, constants, and those further outputs of nodes that may be left
 * out. The lowerings are made for training, where the indices of a MaxPool are wanted; a runtime's optimizer may leave a node
 * that has them alone.
 */
export function pruneGraph(g: GraphBuilder): void {
  const used = new Set(g.outputs.map(({ name }) => name));
  const kept: (typeof g.nodes)[number][] = [];
  for (const node of [...g.nodes].reverse()) {
    if (!node.outputs.some((name) => used.has(name))) continue;
    node.inputs.forEach((name) => used.add(name));
    const isOptional = (place: number) => place > 0 && OPTIONAL_OUTPUTS.has(node.op);
    const outputs = node.outputs.filter((name, place) => used.has(name) || !isOptional(place));
    kept.push({ ...node, outputs });
  }
  g.nodes.splice(0, g.nodes.length, ...kept.reverse());
  const constants = g.constants.filter(({ value }) => used.has(value.name));
  g.constants.splice(0, g.constants.length, ...constants);
}
