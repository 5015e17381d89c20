import { ModelProto } from './encode-model.ts';
import { ONNX_ELEMENT_TYPE } from './graph-builder.ts';

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

interface ValueInfo {
  name: string;
  type: { tensor_type: { elem_type: number; shape: { dim: { dim_value?: unknown; dim_param?: string }[] } | null } };
}

interface Model {
  opset_import: { version: unknown }[];
  metadata_props: { key: string; value: string }[];
  graph: { node: { op_type: string; name: string }[]; input: ValueInfo[]; output: ValueInfo[] };
}

const decode = (bytes: Uint8Array): Model => ModelProto.decode(bytes) as unknown as Model;

/** @param bytes of a model that `encodeModel` made */
export function readModel(bytes: Uint8Array): OnnxContents {
  const { opset_import: opsets, metadata_props: properties, graph } = decode(bytes);
  return {
    opset: Number(opsets[0]!.version),
    nodes: graph.node.map(({ op_type: op, name }) => ({ op, name })),
    inputs: graph.input.map(valueOf),
    outputs: graph.output.map(valueOf),
    metadata: Object.fromEntries(properties.map(({ key, value }) => [key, value])),
  };
}

const valueOf = ({ name, type }: ValueInfo): OnnxValue => ({
  name,
  shape: (type.tensor_type.shape?.dim ?? []).map(({ dim_value: size, dim_param: symbol }) => symbol || Number(size)),
});

/** The model with further outputs: tensors of floats, by their names. */
export function withOutputs(bytes: Uint8Array, tensors: readonly string[]): Uint8Array {
  const model = decode(bytes);
  const type = { tensor_type: { elem_type: ONNX_ELEMENT_TYPE.float } };
  const added = tensors.map((name) => ({ name, type }) as ValueInfo);
  const graph = { ...model.graph, output: [...model.graph.output, ...added] };
  return ModelProto.encode(ModelProto.fromObject({ ...model, graph })).finish();
}
