import type { Constant, GraphBuilder, GraphNode } from './graph-builder.ts';
import { BLOCKED } from './in-blocks.ts';

/** What a model is made of, in an order in which every node comes after those that it takes from. */
export interface GraphContents {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
}

/**
 * The graph without what no output depends on, with activations and sums behind convolutions in blocks computed by the
 * convolution, and with outputs made where they are computed instead of copied there.
 */
export function simplified(graph: GraphBuilder): GraphContents {
  let nodes = withoutUnused(graph, graph.nodes);
  if (!graph.plain) {
    nodes = withRelus(nodes);
    nodes = withSums(nodes);
    nodes = withoutCopies(graph, nodes);
  }
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return { nodes, constants: graph.constants.filter(({ value }) => used.has(value.name)) };
}

function withoutUnused(graph: GraphBuilder, nodes: readonly GraphNode[]): GraphNode[] {
  const used = new Set(graph.outputs.map(({ name }) => name));
  const kept: GraphNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((output) => used.has(output))) continue;
    kept.push(node);
    for (const input of node.inputs) used.add(input);
  }
  return kept.reverse();
}

/** By a tensor's name how many inputs it is. */
function useCounts(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { inputs } of nodes) for (const input of inputs) counts.set(input, (counts.get(input) ?? 0) + 1);
  return counts;
}

const isConvolution = ({ domain, op }: GraphNode): boolean => domain === BLOCKED && op === 'Conv';

/** `nodes` with some that are computed by later ones: by a node's name what it becomes, or undefined where it is gone. */
const replaced = (nodes: readonly GraphNode[], changes: ReadonlyMap<string, GraphNode | undefined>): GraphNode[] =>
  nodes.flatMap((node) => (changes.has(node.name) ? (changes.get(node.name) ?? []) : node));

/** ReLUs of what only they read. */
function withRelus(nodes: readonly GraphNode[]): GraphNode[] {
  const uses = useCounts(nodes);
  const byOutput = new Map(nodes.map((node) => [node.outputs[0]!, node]));
  const changes = new Map<string, GraphNode | undefined>();
  for (const node of nodes) {
    const source = node.op === 'Relu' ? byOutput.get(node.inputs[0]!) : undefined;
    if (!source || !isConvolution(source) || source.attributes.has('activation')) continue;
    if (uses.get(source.outputs[0]!) !== 1) continue;
    const attributes = new Map([...source.attributes, ['activation', { kind: 'string', value: 'Relu' }] as const]);
    changes.set(source.name, undefined);
    changes.set(node.name, { ...source, name: node.name, outputs: node.outputs, attributes });
  }
  return replaced(nodes, changes);
}

/** Inputs of a convolution in blocks: image, kernel, bias, and what is added to the result. */
const SUM = 3;

/**
 * Sums of which one term is a convolution that only they read. It adds to the memory of the other term, so that that is
 * copied where others read it too: a map of one pass would gain nothing by it.
 */
function withSums(nodes: readonly GraphNode[]): GraphNode[] {
  const uses = useCounts(nodes);
  const byOutput = new Map(nodes.map((node) => [node.outputs[0]!, node]));
  const changes = new Map<string, GraphNode | undefined>();
  for (const node of nodes) {
    if (node.op !== 'Add') continue;
    const [a, b] = node.inputs as [string, string];
    const choices = [
      [a, b],
      [b, a],
    ] as const;
    for (const [term, other] of choices) {
      const source = byOutput.get(term);
      if (!source || changes.has(source.name) || !isConvolution(source)) continue;
      if (source.attributes.has('activation') || source.inputs[SUM] || uses.get(term) !== 1) continue;
      if (uses.get(other) !== 1 || !byOutput.has(other)) continue;
      const [image, kernel, bias = ''] = source.inputs;
      changes.set(source.name, undefined);
      changes.set(node.name, {
        ...source,
        name: node.name,
        outputs: node.outputs,
        inputs: [image!, kernel!, bias, other],
      });
      byOutput.set(node.outputs[0]!, changes.get(node.name)!);
      break;
    }
  }
  return replaced(nodes, changes);
}

/** Outputs that are copies of what a node makes are that node's own, under their names. */
function withoutCopies(graph: GraphBuilder, nodes: readonly GraphNode[]): GraphNode[] {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const names = new Map<string, string>();
  for (const {
    op,
    inputs,
    outputs: [output],
  } of nodes) {
    const [input] = inputs as [string];
    if (op !== 'Identity' || !outputs.has(output!) || outputs.has(input) || names.has(input) || !made.has(input))
      continue;
    names.set(input, output!);
  }
  const renamed = (name: string) => names.get(name) ?? name;
  return nodes
    .filter(({ op, inputs, outputs: [output] }) => !(op === 'Identity' && names.get(inputs[0]!) === output))
    .map((node) => ({ ...node, inputs: node.inputs.map(renamed), outputs: node.outputs.map(renamed) }));
}
