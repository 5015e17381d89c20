import type { PartialMessage } from '@caffe-quant/caffe-io';
import type { AttributeProto, ValueInfoProto } from '../generated/onnx.ts';
import { ONNX_ELEMENT_TYPE, type Attribute, type GraphBuilder, type Value } from './graph-builder.ts';
import { atLowestOpset, irVersion } from './lowest-opset.ts';
import { encodeOnnx } from './onnx-message.ts';
import { simplified } from './simplify.ts';
import { UNCOPIED_NODES, UNCOPIED_OUTPUTS } from './uncopied-run.ts';

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
  /** Names of the outputs that the model gives, of the graph's. Default: all. */
  outputs?: readonly string[];
  /** true: for `runInto`. */
  uncopied?: boolean;
  /** true: for the oldest runtimes that can run the graph, see `atLowestOpset`. Default: for the installed onnxruntime. */
  lowestOpset?: boolean;
}

/** Version of the standard ONNX operators: the first in which every reduction takes its axes as an input. */
const OPSET = 18;

/** Serializes the graph as an ONNX ModelProto. The same graph gives the same bytes. */
export function encodeModel(graph: GraphBuilder, options: ModelOptions): Uint8Array {
  const { opset, nodes, constants } = options.lowestOpset
    ? atLowestOpset(graph)
    : { opset: OPSET, ...simplified(graph) };
  return encodeOnnx({
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
      node: (options.uncopied ? [...UNCOPIED_NODES] : []).concat(
        nodes.map((node) => ({
          op_type: node.op,
          name: node.name,
          domain: node.domain,
          input: node.inputs,
          output: node.outputs,
          attribute: [...node.attributes].map(([name, attribute]) => encodeAttribute(name, attribute)),
        })),
      ),
      initializer: constants.map(({ value, bytes }) => ({
        name: value.name,
        dims: value.shape,
        data_type: ONNX_ELEMENT_TYPE[value.type],
        raw_data: bytes,
      })),
      input: graph.inputs.map((value) => encodeValueInfo(value, options.shapes)),
      output: (options.uncopied ? [...UNCOPIED_OUTPUTS] : []).concat(
        graph.outputs
          .filter(({ name }) => options.outputs?.includes(name) ?? true)
          .map((output) => encodeValueInfo(output.value, options.shapes)),
      ),
      doc_string: options.docString,
    },
    metadata_props: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
  });
}

function encodeAttribute(name: string, attribute: Attribute): PartialMessage<AttributeProto> {
  switch (attribute.kind) {
    case 'float':
      return { name, type: 'FLOAT', f: attribute.value };
    case 'int':
      return { name, type: 'INT', i: attribute.value };
    case 'string':
      return { name, type: 'STRING', s: Buffer.from(attribute.value, 'utf8') };
    case 'ints':
      return { name, type: 'INTS', ints: attribute.value };
    case 'floats':
      return { name, type: 'FLOATS', floats: attribute.value };
  }
}

function encodeValueInfo(value: Value, shapes: ModelOptions['shapes']): PartialMessage<ValueInfoProto> {
  const dim = (shapes?.get(value.name) ?? value.shape).map((size) =>
    typeof size === 'string' ? { dim_param: size } : { dim_value: size },
  );
  return { name: value.name, type: { tensor_type: { elem_type: ONNX_ELEMENT_TYPE[value.type], shape: { dim } } } };
}
