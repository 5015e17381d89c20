import type { JsonDescriptor } from '../index.ts';
import { schemaFromDescriptor } from '../index.ts';

/** A little of caffe.proto, and one field of every kind that protobuf knows. */
export const descriptor: JsonDescriptor = {
  nested: {
    caffe: {
      nested: {
        Phase: { values: { TRAIN: 0, TEST: 1 } },
        NetParameter: {
          fields: {
            name: { type: 'string', id: 1 },
            input: { rule: 'repeated', type: 'string', id: 3 },
            input_dim: { rule: 'repeated', type: 'int32', id: 4 },
            layer: { rule: 'repeated', type: 'LayerParameter', id: 100 },
            kinds: { type: 'Kinds', id: 200 },
          },
        },
        LayerParameter: {
          fields: {
            name: { type: 'string', id: 1 },
            type: { type: 'string', id: 2 },
            bottom: { rule: 'repeated', type: 'string', id: 3 },
            top: { rule: 'repeated', type: 'string', id: 4 },
            phase: { type: 'Phase', id: 10 },
            param: { rule: 'repeated', type: 'ParamSpec', id: 6 },
            pooling_param: { type: 'PoolingParameter', id: 121 },
            quantize_param: { type: 'QuantizeParameter', id: 300 },
          },
        },
        ParamSpec: { fields: { lr_mult: { type: 'float', id: 3 }, decay_mult: { type: 'float', id: 4 } } },
        PoolingParameter: {
          fields: {
            pool: { type: 'PoolMethod', id: 1, options: { default: 'MAX' } },
            kernel_size: { type: 'uint32', id: 2 },
            stride: { type: 'uint32', id: 3, options: { default: 1 } },
          },
          nested: { PoolMethod: { values: { MAX: 0, AVE: 1, STOCHASTIC: 2 } } },
        },
        QuantizeParameter: {
          oneofs: { range: { oneof: ['clip', 'ifmr'] } },
          fields: {
            clip: { type: 'Clip', id: 1 },
            ifmr: { type: 'bool', id: 2 },
          },
          nested: {
            Clip: {
              fields: {
                clip_max: { rule: 'required', type: 'float', id: 1 },
                clip_min: { rule: 'required', type: 'float', id: 2 },
              },
            },
          },
        },
        Kinds: {
          fields: {
            f_double: { type: 'double', id: 1 },
            f_float: { type: 'float', id: 2 },
            f_int32: { type: 'int32', id: 3 },
            f_int64: { type: 'int64', id: 4 },
            f_uint32: { type: 'uint32', id: 5 },
            f_uint64: { type: 'uint64', id: 6 },
            f_bool: { type: 'bool', id: 7 },
            f_string: { type: 'string', id: 8 },
            f_bytes: { type: 'bytes', id: 9 },
            f_enum: { type: '.caffe.Phase', id: 10 },
            f_message: { type: 'Kinds', id: 11 },
            r_double: { rule: 'repeated', type: 'double', id: 21 },
            r_float: { rule: 'repeated', type: 'float', id: 22, options: { packed: true } },
            r_int32: { rule: 'repeated', type: 'sint32', id: 23 },
            r_int64: { rule: 'repeated', type: 'sfixed64', id: 24 },
            r_bool: { rule: 'repeated', type: 'bool', id: 27 },
            r_string: { rule: 'repeated', type: 'string', id: 28 },
            r_enum: { rule: 'repeated', type: 'Phase', id: 30 },
            r_message: { rule: 'repeated', type: 'Kinds', id: 31 },
          },
        },
      },
    },
  },
};

export const netSchema = schemaFromDescriptor(descriptor, 'caffe.NetParameter');
export const kindsSchema = schemaFromDescriptor(descriptor, 'caffe.Kinds');

/** A net as people write them: comments everywhere, several styles on one page. */
export const NET_TEXT = `# LeNet, shortened
name: "LeNet"   # the name
input: 'data' input_dim: [ 64, 1, 28, 28 ];

layer {
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  param { lr_mult: 1 }
  param { lr_mult: 2, decay_mult: 0 }  # bias
}

# pooling
layer: <
  name: "pool" "1";
  type: "Pooling"
  bottom: "conv1"  top: "pool1"
  pooling_param {
    pool: AVE
    # kernel
    kernel_size: 0x2
  }
>
`;
