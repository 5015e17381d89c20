import { elementCount, type Attribute, type Constant, type GraphBuilder, type GraphNode } from './graph-builder.ts';

/**
 * The lowest version of ONNX's operators that holds a graph: runtimes refuse models of versions that they do not know, so
 * that a delivered model should not ask for a newer one than it needs. Source: "since version" and the differences between
 * versions in ONNX's `docs/Changelog.md`.
 */

/** The oldest version that onnxruntime promises to run. */
const OLDEST = 7;

/** The first version in which an operator has the form in which the graph uses it. */
type Since = number | ((node: GraphNode, graph: GraphBuilder) => number);

const typeOfFirst = (node: GraphNode, graph: GraphBuilder) => graph.valueOf(node.inputs[0]!)?.type;

/** Floats are older than integers for most operators. */
const byType =
  (floats: number, others: number): Since =>
  (node, graph) =>
    typeOfFirst(node, graph) === 'float' ? floats : others;

/** Scales per channel came with an axis. */
const perAxis: Since = ({ attributes }) => (attributes.has('axis') ? 13 : 10);

const SINCE: Readonly<Record<string, Since>> = {
  Abs: 6,
  Add: 7,
  And: 7,
  ArgMax: ({ attributes }) => (attributes.has('select_last_index') ? 12 : 1),
  AveragePool: ({ attributes }) => (attributes.has('dilations') ? 19 : attributes.has('ceil_mode') ? 10 : 7),
  Cast: 6,
  Compress: 9,
  Concat: 4,
  ConstantOfShape: 9,
  Conv: 1,
  ConvTranspose: 1,
  CumSum: 11,
  DequantizeLinear: perAxis,
  Div: 7,
  Equal: byType(11, 7),
  Exp: 6,
  Expand: 8,
  Flatten: byType(1, 9),
  Floor: 6,
  Gather: 1,
  GatherElements: 11,
  // The third operand may be left out.
  Gemm: ({ inputs }) => (inputs.length < 3 ? 11 : 7),
  Greater: byType(7, 9),
  GreaterOrEqual: 12,
  Identity: 1,
  Less: byType(7, 9),
  Log: 6,
  Max: byType(8, 12),
  MaxPool: ({ attributes, outputs }) =>
    attributes.has('dilations') || attributes.has('ceil_mode') ? 10 : outputs.length > 1 ? 8 : 1,
  Min: byType(8, 12),
  Mod: 10,
  Mul: 7,
  Neg: 6,
  Not: 1,
  Or: 7,
  Pad: 11,
  Pow: 7,
  QuantizeLinear: perAxis,
  Relu: byType(6, 14),
  Reshape: 5,
  ScatterElements: ({ attributes }) => (!attributes.has('reduction') ? 11 : isMaxOrMin(attributes) ? 18 : 16),
  Shape: 1,
  Sigmoid: 6,
  Sign: 9,
  Slice: 10,
  // Older ones join all axes from `axis` on.
  Softmax: (node, graph) => (elementCount(shapeBehind(node, graph)) === 1 ? 1 : 13),
  Sqrt: 6,
  Sub: 7,
  Tanh: 6,
  Tile: 6,
  TopK: 11,
  Transpose: 1,
  Where: 9,
};

const isMaxOrMin = (attributes: GraphNode['attributes']): boolean =>
  ['max', 'min'].includes(String(attributes.get('reduction')?.value));

function shapeBehind({ inputs, attributes }: GraphNode, graph: GraphBuilder): readonly number[] {
  const axis = Number(attributes.get('axis')?.value ?? -1);
  return axis < 0 ? [] : graph.valueOf(inputs[0]!)!.shape.slice(axis + 1);
}

/** Reductions, with the version from which on their axes are an input; before it they are an attribute. */
const AXES_AS_INPUT: Readonly<Record<string, number>> = {
  ReduceSum: 13,
  ReduceLogSum: 18,
  ReduceMax: 18,
  ReduceMean: 18,
  ReduceMin: 18,
};

/** Version of the file format by that of the operators. Source: `onnx.helper.VERSION_TABLE`. */
export const irVersion = (opset: number): number =>
  // Before 4 every constant is an input of the graph too.
  opset <= 9 ? 4 : opset === 10 ? 5 : opset === 11 ? 6 : opset <= 14 ? 7 : opset <= 18 ? 8 : 9;

/** @throws Error for an operator whose versions are not in the table: nobody may guess them. */
function since(node: GraphNode, graph: GraphBuilder): number {
  if (node.op in AXES_AS_INPUT) return OLDEST;
  const rule = SINCE[node.op];
  if (rule === undefined || node.domain !== '') throw new Error(`no version is known of ${node.domain} ${node.op}`);
  return typeof rule === 'number' ? rule : rule(node, graph);
}

/** The nodes and constants of a graph in the forms of the lowest version that holds it. */
export function atLowestOpset(graph: GraphBuilder): {
  opset: number;
  nodes: readonly GraphNode[];
  constants: readonly Constant[];
} {
  const opset = Math.max(OLDEST, ...new Set(graph.nodes.map((node) => since(node, graph))));
  const constants = new Map(graph.constants.map((constant) => [constant.value.name, constant]));
  const nodes = graph.nodes.map((node) => {
    if (opset >= (AXES_AS_INPUT[node.op] ?? 0)) return node;
    const [x, axes] = node.inputs as [string, string];
    const attributes = new Map<string, Attribute>([...node.attributes, ['axes', intsOf(constants.get(axes)!)]]);
    return { ...node, inputs: [x], attributes };
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return { opset, nodes, constants: graph.constants.filter(({ value }) => used.has(value.name)) };
}

function intsOf({ bytes }: Constant): Attribute {
  const elements = new BigInt64Array(bytes.slice().buffer);
  return { kind: 'ints', value: Array.from(elements, Number) };
}
