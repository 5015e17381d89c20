import type { GraphBuilder } from '@caffe-quant/kernels';

/**
 * Takes out what no output of the graph depends on: nodes, constants, and the further outputs of nodes. The lowerings are
 * made for training, where the indices of a MaxPool are wanted; a runtime's optimizer may leave a node that has them alone.
 */
export function pruneGraph(g: GraphBuilder): void {
  const used = new Set(g.outputs.map(({ name }) => name));
  const kept: (typeof g.nodes)[number][] = [];
  for (const node of [...g.nodes].reverse()) {
    const outputs = node.outputs.map((name) => (used.has(name) ? name : ''));
    while (outputs.length > 0 && outputs.at(-1) === '') outputs.pop();
    if (outputs.length === 0) continue;
    node.inputs.forEach((name) => used.add(name));
    kept.push({ ...node, outputs });
  }
  g.nodes.splice(0, g.nodes.length, ...kept.reverse());
  const constants = g.constants.filter(({ value }) => used.has(value.name));
  g.constants.splice(0, g.constants.length, ...constants);
}
