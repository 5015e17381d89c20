import protobuf from 'protobufjs';
import { descriptor } from '../generated/onnx.ts';
import { ONNX_ELEMENT_TYPE, type Attribute, type GraphBuilder, type Value } from './graph-builder.ts';
import { atLowestOpset, irVersion } from './lowest-opset.ts';

export interface ModelOptions {
  /** Name of the graph, shown by model viewers. */
  name: string;
  /** Free text for the model, e.g. how its input has to be scaled. */
  docString?: string;
  /** Key-value pairs of `metadata_props`. */
  metadata?: Readonly<Record<string, string>>;
  /**
   * Shapes of graph inputs and outputs, by name, where they have free dimensions: a name stands for one. Default: as the
   * graph has them.
   */
  shapes?: ReadonlyMap<string, readonly (number | string)[]>;
  /** true: for the oldest runtimes that can run the graph, see `atLowestOpset`. Default: for the installed onnxruntime. */
  lowestOpset?: boolean;
}

/** Version of the standard ONNX operators: the first in which every reduction takes its axes as an input. */
const OPSET = 18;

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

const root = protobuf.Root.fromJSON(descriptor as protobuf.INamespace);
export const ModelProto = root.lookupType('onnx.ModelProto');

/** Serializes the graph as an ONNX ModelProto. The same graph gives the same bytes. */
export function encodeModel(graph: GraphBuilder, options: ModelOptions): Uint8Array {
  const { opset, nodes, constants } = options.lowestOpset
    ? atLowestOpset(graph)
    : { opset: OPSET, nodes: graph.nodes, constants: graph.constants };
  const model = {
    ir_version: irVersion(opset),
    opset_import: [
      { domain: '', version: opset },
      ...[...new Set(nodes.map(({ domain }) => domain))]
        .filter((domain) => domain !== '')
        .map((domain) => ({ domain, version: 1 })),
    ],
    producer_name: 'caffe-quant',
    graph: {
      name: options.name,
      node: nodes.map((node) => ({
        op_type: node.op,
        name: node.name,
        domain: node.domain,
        input: node.inputs,
        output: node.outputs,
        attribute: [...node.attributes].map(([name, attribute]) => encodeAttribute(name, attribute)),
      })),
      initializer: constants.map(({ value, bytes }) => ({
        name: value.name,
        dims: value.shape,
        data_type: ONNX_ELEMENT_TYPE[value.type],
        raw_data: bytes,
      })),
      input: graph.inputs.map((value) => encodeValueInfo(value, options.shapes)),
      output: graph.outputs.map((output) => encodeValueInfo(output.value, options.shapes)),
      doc_string: options.docString,
    },
    metadata_props: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
  };
  return ModelProto.encode(ModelProto.fromObject(model)).finish();
}

/** Names of the nodes of an encoded model, in its order. */
export const nodeNames = (model: Uint8Array): string[] => decode(model).graph.node.map(({ name }) => name);

/** An encoded model with its first `count` nodes alone, whose output is that of the last of them. */
export function firstNodes(model: Uint8Array, count: number): Uint8Array {
  const decoded = decode(model);
  const { graph } = decoded;
  graph.node = graph.node.slice(0, count);
  // The engine finds the type of an output by itself.
  graph.output = [{ name: graph.node.at(-1)!.output[0]! }];
  return ModelProto.encode(ModelProto.fromObject(decoded)).finish();
}

interface DecodedModel {
  graph: { node: { name: string; output: string[] }[]; output: { name: string }[] };
}

const decode = (model: Uint8Array) => ModelProto.decode(model) as unknown as DecodedModel;

function encodeAttribute(name: string, attribute: Attribute): object {
  const type = ATTRIBUTE_TYPE[attribute.kind];
  switch (attribute.kind) {
    case 'float':
      return { name, type, f: attribute.value };
    case 'int':
      return { name, type, i: attribute.value };
    case 'string':
      return { name, type, s: Buffer.from(attribute.value, 'utf8') };
    case 'ints':
      return { name, type, ints: attribute.value };
  }
}

function encodeValueInfo(value: Value, shapes: ModelOptions['shapes']): object {
  const dim = (shapes?.get(value.name) ?? value.shape).map((size) =>
    typeof size === 'string' ? { dim_param: size } : { dim_value: size },
  );
  return { name: value.name, type: { tensor_type: { elem_type: ONNX_ELEMENT_TYPE[value.type], shape: { dim } } } };
}
