// Made by tools/generate-protos.mjs from proto/scale_offset_record_caffe.proto. Do not edit.
import type { JsonDescriptor } from 'caffe-prototxt-parser';

/** The quantization factors of one layer. */
export interface SingleLayerRecord {
  /** data */
  scale_d?: number | undefined;
  /** data, in [-128, 127] */
  offset_d?: number | undefined;
  /** weights: one, or one per output channel; none for AVE pooling */
  scale_w: number[];
  /** weights: as many as scale_w, all 0 */
  offset_w: number[];
  /** right shift of old chips: all 0, or all in [1, 16] */
  shift_bit: number[];
  /** of the layer's input */
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
  /** do not fold BatchNorm into this layer. Default false. */
  skip_fusion?: boolean | undefined;
}

export interface ScaleOffsetRecord {
  record: ScaleOffsetRecord_MapFiledEntry[];
}

/** The spelling is AMCT's. */
export interface ScaleOffsetRecord_MapFiledEntry {
  /** layer name */
  key?: string | undefined;
  value?: SingleLayerRecord | undefined;
}

/** Every message by its name in the schema. */
export interface Messages {
  SingleLayerRecord: SingleLayerRecord;
  ScaleOffsetRecord: ScaleOffsetRecord;
  'ScaleOffsetRecord.MapFiledEntry': ScaleOffsetRecord_MapFiledEntry;
}

/** The schema as protobufjs's JSON descriptor. */
export const descriptor: JsonDescriptor = {
  nested: {
    AMCT: {
      nested: {
        SingleLayerRecord: {
          fields: {
            scale_d: { type: 'float', id: 1 },
            offset_d: { type: 'int32', id: 2 },
            scale_w: { rule: 'repeated', type: 'float', id: 3 },
            offset_w: { rule: 'repeated', type: 'int32', id: 4 },
            shift_bit: { rule: 'repeated', type: 'uint32', id: 5 },
            channels: { type: 'uint32', id: 6 },
            height: { type: 'uint32', id: 7 },
            width: { type: 'uint32', id: 8 },
            skip_fusion: { type: 'bool', id: 9, options: { default: false } },
          },
        },
        ScaleOffsetRecord: {
          fields: {
            record: { rule: 'repeated', type: 'MapFiledEntry', id: 1 },
          },
          nested: {
            MapFiledEntry: {
              fields: {
                key: { type: 'string', id: 1 },
                value: { type: 'SingleLayerRecord', id: 2 },
              },
            },
          },
        },
      },
    },
  },
};
