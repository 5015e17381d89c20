import { ELEMENT_BYTES } from './graph-limits.ts';
import { elementCount, type GraphBuilder, type GraphNode, type Value } from './graph-builder.ts';
import { simplified } from './simplify.ts';

/** What a run of a graph has in memory when that is most: tensors that nodes made and later ones read. */
export interface PeakMemory {
  readonly bytes: number;
  /** The tensors that are there then, by the name of the node that made each, largest first. */
  readonly tensors: readonly { readonly node: string; readonly bytes: number }[];
}

/**
 * The tensors of a run, one node after the other as onnxruntime goes through them, each given up behind its last reader. What comes
 * from outside or is a constant is not among them, nor is what is written into the caller's arrays.
 *
 * @param handedOut names of outputs that the run allocates and hands out; others are written where the caller says
 */
export function peakMemory(graph: GraphBuilder, handedOut: ReadonlySet<string> = new Set()): PeakMemory {
  const { nodes } = simplified(graph);
  const ordered = inOrderOfRun(nodes);
  const memory = new Memory(graph, ordered, handedOut);
  const needs = ordered.map((node) => memory.run(node).bytes);
  const bytes = needs.reduce((most, need) => Math.max(most, need), 0);
  const again = new Memory(graph, ordered, handedOut);
  const steps = ordered.slice(0, needs.indexOf(bytes) + 1).map((node) => again.run(node));
  const tensors = steps.at(-1)?.tensors() ?? [];
  return { bytes, tensors: tensors.sort((a, b) => b.bytes - a.bytes) };
}

/** What is there while a node runs. */
interface Moment {
  readonly bytes: number;
  /** To be asked before the next node runs. */
  tensors(): { node: string; bytes: number }[];
}

/** Operators whose output is their first input's memory. */
const VIEWS = new Set(['Reshape', 'Flatten', 'Identity']);

/** Operators that write into the memory of an input that nobody reads after them, where that is as large. */
const IN_PLACE = new Set(
  ['Add', 'Sub', 'Mul', 'Div', 'Relu', 'Clip', 'Sigmoid', 'Tanh', 'Exp', 'Sqrt', 'Abs', 'Neg', 'Floor', 'Not'].concat([
    'Softmax',
    'Conv',
  ]),
);

/** Tensors lie in multiples of so many bytes. */
const ALIGNMENT = 256;

/** A tensor's memory, which views of it share. */
interface Held {
  readonly node: string;
  readonly bytes: number;
  /** Readers that are still to come. */
  readers: number;
}

class Memory {
  readonly #graph: GraphBuilder;
  readonly #readers = new Map<string, number>();
  readonly #byName = new Map<string, Held>();
  readonly #live = new Set<Held>();
  readonly #elsewhere: ReadonlySet<string>;
  /** Given up behind the last node. */
  readonly #dead: Held[] = [];
  #bytes = 0;

  constructor(graph: GraphBuilder, nodes: readonly GraphNode[], handedOut: ReadonlySet<string>) {
    this.#graph = graph;
    for (const { inputs } of nodes) {
      for (const input of inputs) this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
    }
    this.#elsewhere = new Set(graph.outputs.map(({ name }) => name).filter((name) => !handedOut.has(name)));
    // Nobody's reading ends them.
    for (const name of handedOut) this.#readers.set(name, Infinity);
  }

  run(node: GraphNode): Moment {
    this.#dead.forEach((held) => this.#live.delete(held));
    this.#dead.length = 0;
    for (const output of node.outputs) this.#make(node, output);
    const scratch = this.#scratchOf(node);
    const bytes = this.#bytes + scratch;
    for (const output of node.outputs) if (!this.#readers.has(output)) this.#release(output);
    for (const input of node.inputs) this.#release(input);
    const own = scratch > 0 ? [{ node: node.name, bytes: scratch }] : [];
    return {
      bytes,
      tensors: () => [...own, ...[...this.#live].map(({ node: name, bytes }) => ({ node: name, bytes }))],
    };
  }

  #make(node: GraphNode, output: string): void {
    const readers = this.#readers.get(output) ?? 0;
    const source = this.#byName.get(node.inputs[0] ?? '');
    if (VIEWS.has(node.op)) {
      if (source) this.#share(output, source, readers);
      return;
    }
    if (this.#elsewhere.has(output)) return;
    const value = this.#valueOf(output);
    if (!value) return;
    const bytes = bytesOf(value);
    const reused = IN_PLACE.has(node.op) ? this.#lastRead(node, bytes) : undefined;
    if (reused) return this.#share(output, reused, readers);
    const held = { node: node.name, bytes, readers };
    this.#byName.set(output, held);
    this.#live.add(held);
    this.#bytes += bytes;
  }

  #share(output: string, held: Held, readers: number): void {
    held.readers += readers;
    this.#byName.set(output, held);
  }

  /** An input that this node is the last to read, of the size of its output. */
  #lastRead({ op, inputs }: GraphNode, bytes: number): Held | undefined {
    // A convolution takes over what it adds itself to.
    const candidates = op === 'Conv' ? inputs.slice(3) : inputs;
    for (const input of candidates) {
      const held = this.#byName.get(input);
      const reads = inputs.filter((each) => this.#byName.get(each) === held).length;
      if (held && held.bytes === bytes && held.readers === reads) return held;
    }
    return undefined;
  }

  #release(name: string): void {
    const held = this.#byName.get(name);
    if (!held) return;
    if (this.#readers.has(name)) held.readers--;
    if (held.readers > 0 || this.#dead.includes(held)) return;
    this.#dead.push(held);
    this.#bytes -= held.bytes;
  }

  /** What a kernel needs beside its inputs and outputs: a transposed convolution lays the windows of an image side by side. */
  #scratchOf({ op, inputs, outputs }: GraphNode): number {
    if (op !== 'ConvTranspose') return 0;
    const [x, w, y] = [inputs[0], inputs[1], outputs[0]].map((name) => this.#valueOf(name ?? ''));
    if (!x || !w || !y) return 0;
    return elementCount(x.shape.slice(2)) * elementCount(w.shape.slice(1)) * ELEMENT_BYTES.float;
  }

  #valueOf(name: string): Value | undefined {
    return this.#graph.valueOf(name);
  }
}

const bytesOf = ({ shape, type }: Value): number =>
  Math.ceil((elementCount(shape) * ELEMENT_BYTES[type]) / ALIGNMENT) * ALIGNMENT;

/**
 * The order in which onnxruntime goes through a graph: back from the nodes that nobody reads, the last of them first, each behind
 * what it takes, of which the node that stands last comes first. Source: `ReverseDFSFrom` in its `graph.cc`, as `GraphViewer` uses it.
 */
function inOrderOfRun(nodes: readonly GraphNode[]): GraphNode[] {
  const producers = new Map(nodes.flatMap((node, place) => node.outputs.map((output) => [output, place] as const)));
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const seen = new Uint8Array(nodes.length);
  const ordered: GraphNode[] = [];
  const stack: { place: number; isLeft: boolean }[] = [];
  nodes.forEach(({ outputs }, place) => {
    if (!outputs.some((output) => read.has(output))) stack.push({ place, isLeft: false });
  });
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { place, isLeft } = entry;
    if (isLeft) {
      ordered.push(nodes[place]!);
      continue;
    }
    if (seen[place]) continue;
    seen[place] = 1;
    stack.push({ place, isLeft: true });
    const sources = nodes[place]!.inputs.flatMap((input) => producers.get(input) ?? []);
    for (const source of [...new Set(sources)].sort((a, b) => a - b)) {
      if (!seen[source]) stack.push({ place: source, isLeft: false });
    }
  }
  return ordered;
}
