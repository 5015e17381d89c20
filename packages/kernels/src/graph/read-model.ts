import type { GraphProto, ModelProto, TypeProto, ValueInfoProto } from '../generated/onnx.ts';
import { ONNX_ELEMENT_TYPE } from './graph-builder.ts';
import { decodeOnnx, encodeOnnx } from './onnx-message.ts';

/** What is read again of an ONNX model of ours. */
export interface OnnxContents {
  opset: number;
  /** Names are the layer's and a counter, see `GraphBuilder`. */
  nodes: { op: string; name: string }[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  metadata: Readonly<Record<string, string>>;
}

export interface OnnxValue {
  name: string;
  /** A free dimension is a name. Empty where the model does not tell. */
  shape: (number | string)[];
}

/** @param bytes of a model that `encodeModel` made */
export function readModel(bytes: Uint8Array): OnnxContents {
  const { opset_import: opsets, metadata_props: properties, graph } = decode(bytes);
  return {
    opset: opsets[0]!.version!,
    nodes: graph.node.map(({ op_type: op, name }) => ({ op: op!, name: name! })),
    inputs: graph.input.map(valueOf),
    outputs: graph.output.map(valueOf),
    metadata: Object.fromEntries(properties.map(({ key, value }) => [key!, value!])),
  };
}

const valueOf = ({ name, type }: ValueInfoProto): OnnxValue => ({
  name: name!,
  shape: (type!.tensor_type!.shape?.dim ?? []).map(({ dim_value: size, dim_param: symbol }) => symbol ?? size!),
});

/** A node with what decides on which processor it can be computed. */
export interface GraphNode {
  op: string;
  name: string;
  outputs: number;
  /** Of a node with a kernel's shape; 0 for any other. */
  spatialAxes: number;
  /** Whether one of its inputs is a constant of the model. */
  takesConstant: boolean;
}

/** The nodes of an encoded model, in its order. */
export function graphNodes(model: Uint8Array): GraphNode[] {
  const { node, initializer } = decode(model).graph;
  const constants = new Set(initializer.map(({ name }) => name));
  return node.map(({ op_type: op, name, input, output, attribute }) => ({
    ...{ op: op!, name: name!, outputs: output.filter((each) => each !== '').length },
    spatialAxes: attribute.find((each) => each.name === 'kernel_shape')?.ints.length ?? 0,
    takesConstant: input.some((each) => constants.has(each)),
  }));
}

/** Names of the nodes of an encoded model, in its order. */
export const nodeNames = (model: Uint8Array): string[] => decode(model).graph.node.map(({ name }) => name!);

/** An encoded model with its first `count` nodes alone, whose output is that of the last of them. */
export function firstNodes(bytes: Uint8Array, count: number): Uint8Array {
  const { graph, ...model } = decode(bytes);
  const node = graph.node.slice(0, count);
  // The engine finds the type of an output by itself.
  const output = [{ name: node.at(-1)!.output[0]! }];
  return encodeOnnx({ ...model, graph: { ...graph, node, output } });
}

/** The model with further outputs: tensors of floats, by their names. */
export function withOutputs(bytes: Uint8Array, tensors: readonly string[]): Uint8Array {
  const { graph, ...model } = decode(bytes);
  const type: TypeProto = { tensor_type: { elem_type: ONNX_ELEMENT_TYPE.float } };
  const added = tensors.map((name) => ({ name, type }));
  return encodeOnnx({ ...model, graph: { ...graph, output: [...graph.output, ...added] } });
}

const decode = (bytes: Uint8Array) => decodeOnnx(bytes) as ModelProto & { graph: GraphProto };
