// Made by tools/generate-protos.mjs from proto/onnx.proto. Do not edit.
import type { JsonDescriptor } from 'caffe-prototxt-parser';

export type Version =
  | '_START_VERSION'
  | 'IR_VERSION_2017_10_10'
  | 'IR_VERSION_2017_10_30'
  | 'IR_VERSION_2017_11_3'
  | 'IR_VERSION_2019_1_22'
  | 'IR_VERSION_2019_3_18'
  | 'IR_VERSION_2019_9_19'
  | 'IR_VERSION_2020_5_8'
  | 'IR_VERSION';

/** A named attribute of a node; `type` says which value field is set. */
export interface AttributeProto {
  name?: string | undefined;
  ref_attr_name?: string | undefined;
  doc_string?: string | undefined;
  type?: AttributeProto_AttributeType | undefined;
  f?: number | undefined;
  i?: number | undefined;
  s?: Uint8Array | undefined;
  t?: TensorProto | undefined;
  g?: GraphProto | undefined;
  sparse_tensor?: SparseTensorProto | undefined;
  tp?: TypeProto | undefined;
  floats: number[];
  ints: number[];
  strings: Uint8Array[];
  tensors: TensorProto[];
  graphs: GraphProto[];
  sparse_tensors: SparseTensorProto[];
  type_protos: TypeProto[];
}

export type AttributeProto_AttributeType =
  | 'UNDEFINED'
  | 'FLOAT'
  | 'INT'
  | 'STRING'
  | 'TENSOR'
  | 'GRAPH'
  | 'SPARSE_TENSOR'
  | 'TYPE_PROTO'
  | 'FLOATS'
  | 'INTS'
  | 'STRINGS'
  | 'TENSORS'
  | 'GRAPHS'
  | 'SPARSE_TENSORS'
  | 'TYPE_PROTOS';

/** Name and type of a value. */
export interface ValueInfoProto {
  name?: string | undefined;
  type?: TypeProto | undefined;
  doc_string?: string | undefined;
}

/** One operator call. */
export interface NodeProto {
  input: string[];
  output: string[];
  name?: string | undefined;
  op_type?: string | undefined;
  /** operator set */
  domain?: string | undefined;
  attribute: AttributeProto[];
  doc_string?: string | undefined;
}

/** Training information. */
export interface TrainingInfoProto {
  initialization?: GraphProto | undefined;
  algorithm?: GraphProto | undefined;
  initialization_binding: StringStringEntryProto[];
  update_binding: StringStringEntryProto[];
}

/** A model: the whole file. */
export interface ModelProto {
  /** Version.IR_VERSION */
  ir_version?: number | undefined;
  opset_import: OperatorSetIdProto[];
  producer_name?: string | undefined;
  producer_version?: string | undefined;
  domain?: string | undefined;
  model_version?: number | undefined;
  doc_string?: string | undefined;
  graph?: GraphProto | undefined;
  metadata_props: StringStringEntryProto[];
  training_info: TrainingInfoProto[];
  functions: FunctionProto[];
}

export interface StringStringEntryProto {
  key?: string | undefined;
  value?: string | undefined;
}

/** Quantization parameters of a tensor. */
export interface TensorAnnotation {
  tensor_name?: string | undefined;
  quant_parameter_tensor_names: StringStringEntryProto[];
}

/** A graph: nodes in topological order, with its inputs, outputs and constants. */
export interface GraphProto {
  node: NodeProto[];
  name?: string | undefined;
  /** constants, by name */
  initializer: TensorProto[];
  sparse_initializer: SparseTensorProto[];
  doc_string?: string | undefined;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  value_info: ValueInfoProto[];
  quantization_annotation: TensorAnnotation[];
}

/** A tensor. float_data, int32_data (also for 8- and 16-bit types), int64_data, or raw_data in little-endian order. */
export interface TensorProto {
  dims: number[];
  /** a DataType */
  data_type?: number | undefined;
  segment?: TensorProto_Segment | undefined;
  float_data: number[];
  int32_data: number[];
  string_data: Uint8Array[];
  int64_data: number[];
  name?: string | undefined;
  doc_string?: string | undefined;
  /** little-endian */
  raw_data?: Uint8Array | undefined;
  external_data: StringStringEntryProto[];
  data_location?: TensorProto_DataLocation | undefined;
  double_data: number[];
  uint64_data: number[];
}

export type TensorProto_DataType =
  | 'UNDEFINED'
  | 'FLOAT'
  | 'UINT8'
  | 'INT8'
  | 'UINT16'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'STRING'
  | 'BOOL'
  | 'FLOAT16'
  | 'DOUBLE'
  | 'UINT32'
  | 'UINT64'
  | 'COMPLEX64'
  | 'COMPLEX128'
  | 'BFLOAT16';

export interface TensorProto_Segment {
  begin?: number | undefined;
  end?: number | undefined;
}

export type TensorProto_DataLocation =
  | 'DEFAULT'
  | 'EXTERNAL';

/** A sparse tensor in coordinate form. */
export interface SparseTensorProto {
  values?: TensorProto | undefined;
  indices?: TensorProto | undefined;
  dims: number[];
}

/** A shape; each dimension is a number or a symbol. */
export interface TensorShapeProto {
  dim: TensorShapeProto_Dimension[];
}

export interface TensorShapeProto_Dimension {
  dim_value?: number | undefined;
  dim_param?: string | undefined;
  denotation?: string | undefined;
}

/** The type of a value. */
export interface TypeProto {
  tensor_type?: TypeProto_Tensor | undefined;
  sequence_type?: TypeProto_Sequence | undefined;
  map_type?: TypeProto_Map | undefined;
  optional_type?: TypeProto_Optional | undefined;
  sparse_tensor_type?: TypeProto_SparseTensor | undefined;
  denotation?: string | undefined;
}

export interface TypeProto_Tensor {
  /** a DataType */
  elem_type?: number | undefined;
  shape?: TensorShapeProto | undefined;
}

export interface TypeProto_Sequence {
  elem_type?: TypeProto | undefined;
}

export interface TypeProto_Map {
  key_type?: number | undefined;
  value_type?: TypeProto | undefined;
}

export interface TypeProto_Optional {
  elem_type?: TypeProto | undefined;
}

export interface TypeProto_SparseTensor {
  elem_type?: number | undefined;
  shape?: TensorShapeProto | undefined;
}

/** An operator set; domain "" is ONNX's own. */
export interface OperatorSetIdProto {
  domain?: string | undefined;
  version?: number | undefined;
}

export type OperatorStatus =
  | 'EXPERIMENTAL'
  | 'STABLE';

/** A model-local function. */
export interface FunctionProto {
  name?: string | undefined;
  input: string[];
  output: string[];
  attribute: string[];
  node: NodeProto[];
  doc_string?: string | undefined;
  opset_import: OperatorSetIdProto[];
  domain?: string | undefined;
}

/** Every message by its name in the schema. */
export interface Messages {
  AttributeProto: AttributeProto;
  ValueInfoProto: ValueInfoProto;
  NodeProto: NodeProto;
  TrainingInfoProto: TrainingInfoProto;
  ModelProto: ModelProto;
  StringStringEntryProto: StringStringEntryProto;
  TensorAnnotation: TensorAnnotation;
  GraphProto: GraphProto;
  TensorProto: TensorProto;
  'TensorProto.Segment': TensorProto_Segment;
  SparseTensorProto: SparseTensorProto;
  TensorShapeProto: TensorShapeProto;
  'TensorShapeProto.Dimension': TensorShapeProto_Dimension;
  TypeProto: TypeProto;
  'TypeProto.Tensor': TypeProto_Tensor;
  'TypeProto.Sequence': TypeProto_Sequence;
  'TypeProto.Map': TypeProto_Map;
  'TypeProto.Optional': TypeProto_Optional;
  'TypeProto.SparseTensor': TypeProto_SparseTensor;
  OperatorSetIdProto: OperatorSetIdProto;
  FunctionProto: FunctionProto;
}

/** The schema as protobufjs's JSON descriptor. */
export const descriptor: JsonDescriptor = {
  nested: {
    onnx: {
      nested: {
        Version: {
          values: { _START_VERSION: 0, IR_VERSION_2017_10_10: 1, IR_VERSION_2017_10_30: 2, IR_VERSION_2017_11_3: 3, IR_VERSION_2019_1_22: 4, IR_VERSION_2019_3_18: 5, IR_VERSION_2019_9_19: 6, IR_VERSION_2020_5_8: 7, IR_VERSION: 8 },
        },
        AttributeProto: {
          fields: {
            name: { type: 'string', id: 1 },
            ref_attr_name: { type: 'string', id: 21 },
            doc_string: { type: 'string', id: 13 },
            type: { type: 'AttributeType', id: 20 },
            f: { type: 'float', id: 2 },
            i: { type: 'int64', id: 3 },
            s: { type: 'bytes', id: 4 },
            t: { type: 'TensorProto', id: 5 },
            g: { type: 'GraphProto', id: 6 },
            sparse_tensor: { type: 'SparseTensorProto', id: 22 },
            tp: { type: 'TypeProto', id: 14 },
            floats: { rule: 'repeated', type: 'float', id: 7 },
            ints: { rule: 'repeated', type: 'int64', id: 8 },
            strings: { rule: 'repeated', type: 'bytes', id: 9 },
            tensors: { rule: 'repeated', type: 'TensorProto', id: 10 },
            graphs: { rule: 'repeated', type: 'GraphProto', id: 11 },
            sparse_tensors: { rule: 'repeated', type: 'SparseTensorProto', id: 23 },
            type_protos: { rule: 'repeated', type: 'TypeProto', id: 15 },
          },
          nested: {
            AttributeType: {
              values: { UNDEFINED: 0, FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, GRAPH: 5, SPARSE_TENSOR: 11, TYPE_PROTO: 13, FLOATS: 6, INTS: 7, STRINGS: 8, TENSORS: 9, GRAPHS: 10, SPARSE_TENSORS: 12, TYPE_PROTOS: 14 },
            },
          },
        },
        ValueInfoProto: {
          fields: {
            name: { type: 'string', id: 1 },
            type: { type: 'TypeProto', id: 2 },
            doc_string: { type: 'string', id: 3 },
          },
        },
        NodeProto: {
          fields: {
            input: { rule: 'repeated', type: 'string', id: 1 },
            output: { rule: 'repeated', type: 'string', id: 2 },
            name: { type: 'string', id: 3 },
            op_type: { type: 'string', id: 4 },
            domain: { type: 'string', id: 7 },
            attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
            doc_string: { type: 'string', id: 6 },
          },
        },
        TrainingInfoProto: {
          fields: {
            initialization: { type: 'GraphProto', id: 1 },
            algorithm: { type: 'GraphProto', id: 2 },
            initialization_binding: { rule: 'repeated', type: 'StringStringEntryProto', id: 3 },
            update_binding: { rule: 'repeated', type: 'StringStringEntryProto', id: 4 },
          },
        },
        ModelProto: {
          fields: {
            ir_version: { type: 'int64', id: 1 },
            opset_import: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
            producer_name: { type: 'string', id: 2 },
            producer_version: { type: 'string', id: 3 },
            domain: { type: 'string', id: 4 },
            model_version: { type: 'int64', id: 5 },
            doc_string: { type: 'string', id: 6 },
            graph: { type: 'GraphProto', id: 7 },
            metadata_props: { rule: 'repeated', type: 'StringStringEntryProto', id: 14 },
            training_info: { rule: 'repeated', type: 'TrainingInfoProto', id: 20 },
            functions: { rule: 'repeated', type: 'FunctionProto', id: 25 },
          },
        },
        StringStringEntryProto: {
          fields: {
            key: { type: 'string', id: 1 },
            value: { type: 'string', id: 2 },
          },
        },
        TensorAnnotation: {
          fields: {
            tensor_name: { type: 'string', id: 1 },
            quant_parameter_tensor_names: { rule: 'repeated', type: 'StringStringEntryProto', id: 2 },
          },
        },
        GraphProto: {
          fields: {
            node: { rule: 'repeated', type: 'NodeProto', id: 1 },
            name: { type: 'string', id: 2 },
            initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
            sparse_initializer: { rule: 'repeated', type: 'SparseTensorProto', id: 15 },
            doc_string: { type: 'string', id: 10 },
            input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
            output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
            value_info: { rule: 'repeated', type: 'ValueInfoProto', id: 13 },
            quantization_annotation: { rule: 'repeated', type: 'TensorAnnotation', id: 14 },
          },
        },
        TensorProto: {
          fields: {
            dims: { rule: 'repeated', type: 'int64', id: 1 },
            data_type: { type: 'int32', id: 2 },
            segment: { type: 'Segment', id: 3 },
            float_data: { rule: 'repeated', type: 'float', id: 4, options: { packed: true } },
            int32_data: { rule: 'repeated', type: 'int32', id: 5, options: { packed: true } },
            string_data: { rule: 'repeated', type: 'bytes', id: 6 },
            int64_data: { rule: 'repeated', type: 'int64', id: 7, options: { packed: true } },
            name: { type: 'string', id: 8 },
            doc_string: { type: 'string', id: 12 },
            raw_data: { type: 'bytes', id: 9 },
            external_data: { rule: 'repeated', type: 'StringStringEntryProto', id: 13 },
            data_location: { type: 'DataLocation', id: 14 },
            double_data: { rule: 'repeated', type: 'double', id: 10, options: { packed: true } },
            uint64_data: { rule: 'repeated', type: 'uint64', id: 11, options: { packed: true } },
          },
          nested: {
            DataType: {
              values: { UNDEFINED: 0, FLOAT: 1, UINT8: 2, INT8: 3, UINT16: 4, INT16: 5, INT32: 6, INT64: 7, STRING: 8, BOOL: 9, FLOAT16: 10, DOUBLE: 11, UINT32: 12, UINT64: 13, COMPLEX64: 14, COMPLEX128: 15, BFLOAT16: 16 },
            },
            Segment: {
              fields: {
                begin: { type: 'int64', id: 1 },
                end: { type: 'int64', id: 2 },
              },
            },
            DataLocation: {
              values: { DEFAULT: 0, EXTERNAL: 1 },
            },
          },
        },
        SparseTensorProto: {
          fields: {
            values: { type: 'TensorProto', id: 1 },
            indices: { type: 'TensorProto', id: 2 },
            dims: { rule: 'repeated', type: 'int64', id: 3 },
          },
        },
        TensorShapeProto: {
          fields: {
            dim: { rule: 'repeated', type: 'Dimension', id: 1 },
          },
          nested: {
            Dimension: {
              fields: {
                dim_value: { type: 'int64', id: 1 },
                dim_param: { type: 'string', id: 2 },
                denotation: { type: 'string', id: 3 },
              },
              oneofs: {
                value: { oneof: ['dim_value', 'dim_param'] },
              },
            },
          },
        },
        TypeProto: {
          fields: {
            tensor_type: { type: 'Tensor', id: 1 },
            sequence_type: { type: 'Sequence', id: 4 },
            map_type: { type: 'Map', id: 5 },
            optional_type: { type: 'Optional', id: 9 },
            sparse_tensor_type: { type: 'SparseTensor', id: 8 },
            denotation: { type: 'string', id: 6 },
          },
          oneofs: {
            value: { oneof: ['tensor_type', 'sequence_type', 'map_type', 'optional_type', 'sparse_tensor_type'] },
          },
          nested: {
            Tensor: {
              fields: {
                elem_type: { type: 'int32', id: 1 },
                shape: { type: 'TensorShapeProto', id: 2 },
              },
            },
            Sequence: {
              fields: {
                elem_type: { type: 'TypeProto', id: 1 },
              },
            },
            Map: {
              fields: {
                key_type: { type: 'int32', id: 1 },
                value_type: { type: 'TypeProto', id: 2 },
              },
            },
            Optional: {
              fields: {
                elem_type: { type: 'TypeProto', id: 1 },
              },
            },
            SparseTensor: {
              fields: {
                elem_type: { type: 'int32', id: 1 },
                shape: { type: 'TensorShapeProto', id: 2 },
              },
            },
          },
        },
        OperatorSetIdProto: {
          fields: {
            domain: { type: 'string', id: 1 },
            version: { type: 'int64', id: 2 },
          },
        },
        OperatorStatus: {
          values: { EXPERIMENTAL: 0, STABLE: 1 },
        },
        FunctionProto: {
          fields: {
            name: { type: 'string', id: 1 },
            input: { rule: 'repeated', type: 'string', id: 4 },
            output: { rule: 'repeated', type: 'string', id: 5 },
            attribute: { rule: 'repeated', type: 'string', id: 6 },
            node: { rule: 'repeated', type: 'NodeProto', id: 7 },
            doc_string: { type: 'string', id: 8 },
            opset_import: { rule: 'repeated', type: 'OperatorSetIdProto', id: 9 },
            domain: { type: 'string', id: 10 },
          },
        },
      },
    },
  },
};
