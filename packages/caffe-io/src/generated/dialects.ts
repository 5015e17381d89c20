// Made by tools/generate-protos.mjs from proto/dialects/*.tsv. Do not edit.
import type { JsonDescriptor } from 'caffe-prototxt-parser';

export type DialectName =
  /** AMCT's patched Caffe (suyuan32/atlas_200dk_caffe) */
  | 'amct'
  /** happynear/caffe-windows */
  | 'caffe-windows'
  /** intel/caffe */
  | 'intel'
  /** LisaAnne/lisa-caffe-public, branch lstm */
  | 'lstm'
  /** eric612/MobileNet-YOLO */
  | 'mobilenet-yolo'
  /** NVIDIA/caffe, branch caffe-0.17 */
  | 'nvidia'
  /** pmgysel/caffe (Ristretto) */
  | 'ristretto'
  /** alexgkendall/caffe-segnet */
  | 'segnet'
  /** weiliu89/caffe, branch ssd */
  | 'ssd'
  /** foss-for-synopsys-dwc-arc-processors/synopsys-caffe */
  | 'synopsys'
  /** yjxiong/caffe */
  | 'temporal-segment';

/** Where each fork is, for messages. */
export const dialectOrigins: Readonly<Record<DialectName, string>> = {
  amct: "AMCT's patched Caffe (suyuan32/atlas_200dk_caffe)",
  'caffe-windows': "happynear/caffe-windows",
  intel: "intel/caffe",
  lstm: "LisaAnne/lisa-caffe-public, branch lstm",
  'mobilenet-yolo': "eric612/MobileNet-YOLO",
  nvidia: "NVIDIA/caffe, branch caffe-0.17",
  ristretto: "pmgysel/caffe (Ristretto)",
  segnet: "alexgkendall/caffe-segnet",
  ssd: "weiliu89/caffe, branch ssd",
  synopsys: "foss-for-synopsys-dwc-arc-processors/synopsys-caffe",
  'temporal-segment': "yjxiong/caffe",
};

/** What each fork's caffe.proto has that BVLC/caffe has not, or has under another number. */
export const dialects: Readonly<Record<DialectName, JsonDescriptor>> = {
  amct: {
    nested: {
      caffe: {
        nested: {
          BlobProto: {
            fields: {
              int8_data: { type: 'bytes', id: 10 },
              int32_data: { rule: 'repeated', type: 'int32', id: 11, options: { packed: true } },
              uint64_data: { rule: 'repeated', type: 'uint64', id: 12, options: { packed: true } },
            },
          },
          LayerParameter: {
            fields: {
              detection_output_param: { type: 'DetectionOutputParameter', id: 150 },
              smooth_l1_loss_param: { type: 'SmoothL1LossParameter', id: 148 },
              permute_param: { type: 'PermuteParameter', id: 202 },
              prior_box_param: { type: 'PriorBoxParameter', id: 203 },
              norm_param: { type: 'NormalizeParameter', id: 206 },
              psroi_pooling_param: { type: 'PSROIPoolingParameter', id: 207 },
              freespace_extract_param: { type: 'FreespaceExtractParameter', id: 151 },
              postprocess_param: { type: 'PostprocessParameter', id: 152 },
              spatial_transform_param: { type: 'SpatialTransformParameter', id: 153 },
              roi_align_param: { type: 'ROIAlignParameter', id: 154 },
              reorg_param: { type: 'ReorgParameter', id: 155 },
              region_param: { type: 'RegionParameter', id: 156 },
              reverse_param: { type: 'ReverseParameter', id: 157 },
              interp_param: { type: 'InterpParameter', id: 158 },
              shuffle_channel_param: { type: 'ShuffleChannelParameter', id: 159 },
              upsample_param: { type: 'UpsampleParameter', id: 160 },
              roi_pooling_param: { type: 'ROIPoolingParameter', id: 161 },
              yolo_param: { type: 'YoloParameter', id: 199 },
              yolov3_detection_output_param: { type: 'YoloV3DetectionOutputParameter', id: 200 },
              proposal_param: { type: 'ProposalParameter', id: 201 },
              fsrdetectionoutput_param: { type: 'FSRDetectionOutputParameter', id: 222 },
              ssddetectionoutput_param: { type: 'SSDDetectionOutputParameter', id: 232 },
              yolov2_detection_output_param: { type: 'YoloV2DetectionOutputParameter', id: 204 },
              condtake_param: { type: 'CondTakeParameter', id: 233 },
              matrix_inverse_param: { type: 'MatrixInverseParameter', id: 210 },
              warp_perspective_param: { type: 'WarpPerspectiveParameter', id: 234 },
              batch_matmul_param: { type: 'BatchMatMulParameter', id: 235 },
              st_param: { type: 'SpatialTransformerParameter', id: 5000 },
              yolov3_detection_output_v2_param: { type: 'YoloV3DetectionOutputV2Parameter', id: 5001 },
              quant_param: { type: 'QuantParameter', id: 208 },
              dequant_param: { type: 'DeQuantParameter', id: 200000 },
              ifmr_param: { type: 'IFMRParameter', id: 200001 },
              lstm_quant_param: { type: 'LSTMQuantParameter', id: 200002 },
              search_n_param: { type: 'SearchNParameter', id: 200003 },
              retrain_data_quant_param: { type: 'RetrainDataQuantParameter', id: 200004 },
              retrain_weight_quant_param: { type: 'RetrainWeightQuantParameter', id: 200005 },
              lstm_calibration_param: { type: 'LstmCalibrationParameter', id: 200006 },
              clip_param: { type: 'ClipParameter', id: 300000 },
              swish_param: { type: 'SwishParameter', id: 300001 },
            },
          },
          BiasParameter: {
            fields: {
              bias_from_blob: { type: 'bool', id: 4, options: { default: true } },
            },
          },
          DropoutParameter: {
            fields: {
              scale_train: { type: 'bool', id: 2, options: { default: true } },
            },
          },
          PoolingParameter: {
            fields: {
              ceil_mode: { type: 'bool', id: 13, options: { default: true } },
              round_mode: { type: 'RoundMode', id: 14, options: { default: 'CEIL' } },
            },
          },
          ScaleParameter: {
            fields: {
              scale_from_blob: { type: 'bool', id: 6, options: { default: true } },
            },
          },
          SmoothL1LossParameter: {
            fields: {
              sigma: { type: 'float', id: 1, options: { default: 1 } },
            },
          },
          V1LayerParameter: {
            nested: {
              LayerType: {
                values: { QUANT: 208, DEQUANT: 209 },
              },
            },
          },
          PriorBoxParameter: {
            fields: {
              min_size: { rule: 'repeated', type: 'float', id: 1 },
              max_size: { rule: 'repeated', type: 'float', id: 2 },
              aspect_ratio: { rule: 'repeated', type: 'float', id: 3 },
              flip: { type: 'bool', id: 4, options: { default: true } },
              clip: { type: 'bool', id: 5, options: { default: false } },
              variance: { rule: 'repeated', type: 'float', id: 6 },
              img_size: { type: 'uint32', id: 7 },
              img_h: { type: 'uint32', id: 8 },
              img_w: { type: 'uint32', id: 9 },
              step: { type: 'float', id: 10 },
              step_h: { type: 'float', id: 11 },
              step_w: { type: 'float', id: 12 },
              offset: { type: 'float', id: 13, options: { default: 0.5 } },
            },
            nested: {
              CodeType: {
                values: { CORNER: 1, CENTER_SIZE: 2, CORNER_SIZE: 3 },
              },
            },
          },
          PermuteParameter: {
            fields: {
              order: { rule: 'repeated', type: 'uint32', id: 1 },
            },
          },
          NormalizeParameter: {
            fields: {
              across_spatial: { type: 'bool', id: 1, options: { default: true } },
              scale_filler: { type: 'FillerParameter', id: 2 },
              channel_shared: { type: 'bool', id: 3, options: { default: true } },
              eps: { type: 'float', id: 4, options: { default: 1e-10 } },
            },
          },
          SaveOutputParameter: {
            fields: {
              output_directory: { type: 'string', id: 1 },
              output_name_prefix: { type: 'string', id: 2 },
              output_format: { type: 'string', id: 3 },
              label_map_file: { type: 'string', id: 4 },
              name_size_file: { type: 'string', id: 5 },
              num_test_image: { type: 'uint32', id: 6 },
            },
          },
          NonMaximumSuppressionParameter: {
            fields: {
              nms_threshold: { type: 'float', id: 1, options: { default: 0.3 } },
              top_k: { type: 'int32', id: 2 },
              eta: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          GeneralNmsParameter: {
            fields: {
              post_top_k: { type: 'int32', id: 1 },
              nms_threshold: { type: 'float', id: 2, options: { default: 0 } },
              iou_threshold_decay: { type: 'float', id: 3, options: { default: 1 } },
              coor_scale_factor: { type: 'float', id: 4, options: { default: 1 } },
            },
          },
          DetectionOutputParameter: {
            fields: {
              num_classes: { type: 'int32', id: 1 },
              share_location: { type: 'bool', id: 2, options: { default: true } },
              background_label_id: { type: 'int32', id: 3, options: { default: 0 } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 4 },
              save_output_param: { type: 'SaveOutputParameter', id: 5 },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 6, options: { default: 'CENTER_SIZE' } },
              variance_encoded_in_target: { type: 'bool', id: 8, options: { default: true } },
              keep_top_k: { type: 'int32', id: 7 },
              confidence_threshold: { type: 'float', id: 9 },
              nms_threshold: { type: 'float', id: 13 },
              top_k: { type: 'int32', id: 14 },
              boxes: { type: 'int32', id: 15, options: { default: 1 } },
              relative: { type: 'bool', id: 17, options: { default: true } },
              objectness_threshold: { type: 'float', id: 18, options: { default: 0.5 } },
              class_threshold: { type: 'float', id: 19, options: { default: 0.5 } },
              biases: { rule: 'repeated', type: 'float', id: 20 },
              general_nms_param: { type: 'GeneralNmsParameter', id: 21 },
              objectness_score: { type: 'float', id: 22 },
            },
          },
          PSROIPoolingParameter: {
            fields: {
              spatial_scale: { rule: 'required', type: 'float', id: 1 },
              output_dim: { rule: 'required', type: 'int32', id: 2 },
              group_size: { rule: 'required', type: 'int32', id: 3 },
            },
          },
          FreespaceExtractParameter: {
            fields: {
              org_height: { type: 'float', id: 1 },
            },
          },
          PostprocessParameter: {
            fields: {
              nms_thresh: { type: 'float', id: 1, options: { default: 0.3 } },
              conf_thresh: { type: 'float', id: 2, options: { default: 0.5 } },
              post_nms_topn: { type: 'uint32', id: 3, options: { default: 100 } },
              cls_num: { type: 'uint32', id: 4, options: { default: 12 } },
              bbox_reg_weights: { rule: 'repeated', type: 'float', id: 5 },
            },
          },
          SpatialTransformParameter: {
            fields: {
              output_h: { type: 'uint32', id: 1, options: { default: 0 } },
              output_w: { type: 'uint32', id: 2, options: { default: 0 } },
              border_value: { type: 'float', id: 3, options: { default: 0 } },
              affine_transform: { rule: 'repeated', type: 'float', id: 4 },
              engine: { type: 'Engine', id: 15, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
              },
            },
          },
          ROIAlignParameter: {
            fields: {
              pooled_h: { type: 'uint32', id: 1, options: { default: 0 } },
              pooled_w: { type: 'uint32', id: 2, options: { default: 0 } },
              spatial_scale: { type: 'float', id: 3, options: { default: 1 } },
              sampling_ratio: { type: 'int32', id: 4, options: { default: -1 } },
              roi_end_mode: { type: 'int32', id: 5, options: { default: 0 } },
            },
          },
          RegionParameter: {
            fields: {
              classes: { type: 'uint32', id: 1, options: { default: 20 } },
              coords: { type: 'uint32', id: 2, options: { default: 4 } },
              boxes: { type: 'uint32', id: 3, options: { default: 1 } },
              softmax: { type: 'uint32', id: 4, options: { default: 0 } },
              softmax_tree: { type: 'string', id: 5 },
              background: { type: 'uint32', id: 6, options: { default: 0 } },
            },
          },
          ReorgParameter: {
            fields: {
              stride: { type: 'uint32', id: 2, options: { default: 2 } },
              reverse: { type: 'bool', id: 1, options: { default: false } },
            },
          },
          ReverseParameter: {
            fields: {
              axis: { rule: 'repeated', type: 'int32', id: 1 },
            },
          },
          InterpParameter: {
            fields: {
              height: { type: 'int32', id: 1, options: { default: 0 } },
              width: { type: 'int32', id: 2, options: { default: 0 } },
              zoom_factor: { type: 'int32', id: 3, options: { default: 1 } },
              shrink_factor: { type: 'int32', id: 4, options: { default: 1 } },
              pad_beg: { type: 'int32', id: 5, options: { default: 0 } },
              pad_end: { type: 'int32', id: 6, options: { default: 0 } },
            },
          },
          ShuffleChannelParameter: {
            fields: {
              group: { type: 'uint32', id: 1, options: { default: 1 } },
            },
          },
          UpsampleParameter: {
            fields: {
              scale: { type: 'float', id: 1, options: { default: 1 } },
              stride: { type: 'int32', id: 2, options: { default: 2 } },
              stride_h: { type: 'int32', id: 3, options: { default: 2 } },
              stride_w: { type: 'int32', id: 4, options: { default: 2 } },
            },
          },
          ROIPoolingParameter: {
            fields: {
              pooled_h: { rule: 'required', type: 'int32', id: 1 },
              pooled_w: { rule: 'required', type: 'int32', id: 2 },
              spatial_scale: { type: 'float', id: 3, options: { default: 0.0625 } },
              spatial_scale_h: { type: 'float', id: 4 },
              spatial_scale_w: { type: 'float', id: 5 },
            },
          },
          YoloParameter: {
            fields: {
              boxes: { type: 'int32', id: 1, options: { default: 3 } },
              coords: { type: 'int32', id: 2, options: { default: 4 } },
              classes: { type: 'int32', id: 3, options: { default: 80 } },
              yolo_version: { type: 'string', id: 4, options: { default: 'V3' } },
              softmax: { type: 'bool', id: 5, options: { default: false } },
              background: { type: 'bool', id: 6, options: { default: false } },
              softmaxtree: { type: 'bool', id: 7, options: { default: false } },
            },
          },
          YoloV3DetectionOutputParameter: {
            fields: {
              boxes: { type: 'int32', id: 1, options: { default: 3 } },
              classes: { type: 'int32', id: 2, options: { default: 80 } },
              relative: { type: 'bool', id: 3, options: { default: true } },
              obj_threshold: { type: 'float', id: 4, options: { default: 0.5 } },
              score_threshold: { type: 'float', id: 5, options: { default: 0.5 } },
              iou_threshold: { type: 'float', id: 6, options: { default: 0.45 } },
              pre_nms_topn: { type: 'int32', id: 7, options: { default: 512 } },
              post_nms_topn: { type: 'int32', id: 8, options: { default: 1024 } },
              biases_high: { rule: 'repeated', type: 'float', id: 9 },
              biases_mid: { rule: 'repeated', type: 'float', id: 10 },
              biases_low: { rule: 'repeated', type: 'float', id: 11 },
              coords: { type: 'int32', id: 12, options: { default: 4 } },
              biases: { rule: 'repeated', type: 'float', id: 13 },
              resize_origin_img_to_net: { type: 'bool', id: 14, options: { default: false } },
            },
          },
          YoloV3DetectionOutputV2Parameter: {
            fields: {
              boxes: { type: 'int32', id: 1, options: { default: 3 } },
              classes: { type: 'int32', id: 2, options: { default: 80 } },
              relative: { type: 'bool', id: 3, options: { default: true } },
              obj_threshold: { type: 'float', id: 4, options: { default: 0.5 } },
              score_threshold: { type: 'float', id: 5, options: { default: 0.5 } },
              iou_threshold: { type: 'float', id: 6, options: { default: 0.45 } },
              pre_nms_topn: { type: 'int32', id: 7, options: { default: 512 } },
              post_nms_topn: { type: 'int32', id: 8, options: { default: 1024 } },
              biases_high: { rule: 'repeated', type: 'float', id: 9 },
              biases_mid: { rule: 'repeated', type: 'float', id: 10 },
              biases_low: { rule: 'repeated', type: 'float', id: 11 },
              coords: { type: 'int32', id: 12, options: { default: 4 } },
              biases: { rule: 'repeated', type: 'float', id: 13 },
              resize_origin_img_to_net: { type: 'bool', id: 14, options: { default: false } },
              out_box_dim: { type: 'int32', id: 15, options: { default: 3 } },
            },
          },
          ProposalParameter: {
            fields: {
              feat_stride: { type: 'float', id: 1, options: { default: 16 } },
              base_size: { type: 'float', id: 2, options: { default: 16 } },
              min_size: { type: 'float', id: 3, options: { default: 16 } },
              ratio: { rule: 'repeated', type: 'float', id: 4 },
              scale: { rule: 'repeated', type: 'float', id: 5 },
              pre_nms_topn: { type: 'int32', id: 6, options: { default: 3000 } },
              post_nms_topn: { type: 'int32', id: 7, options: { default: 304 } },
              iou_threshold: { type: 'float', id: 8, options: { default: 0.7 } },
              output_actual_rois_num: { type: 'bool', id: 9, options: { default: false } },
            },
          },
          FSRDetectionOutputParameter: {
            fields: {
              num_classes: { rule: 'required', type: 'int32', id: 1 },
              score_threshold: { rule: 'required', type: 'float', id: 2 },
              iou_threshold: { rule: 'required', type: 'float', id: 3 },
              batch_rois: { type: 'int32', id: 4, options: { default: 1 } },
            },
          },
          SSDDetectionOutputParameter: {
            fields: {
              num_classes: { rule: 'required', type: 'int32', id: 1, options: { default: 2 } },
              share_location: { type: 'bool', id: 2, options: { default: true } },
              background_label_id: { type: 'int32', id: 3, options: { default: 0 } },
              iou_threshold: { type: 'float', id: 4, options: { default: 0.3 } },
              top_k: { type: 'int32', id: 5, options: { default: 200 } },
              eta: { type: 'float', id: 6, options: { default: 1 } },
              variance_encoded_in_target: { type: 'bool', id: 7, options: { default: false } },
              code_type: { type: 'int32', id: 8, options: { default: 1 } },
              keep_top_k: { type: 'int32', id: 9, options: { default: -1 } },
              confidence_threshold: { type: 'float', id: 10, options: { default: 0 } },
            },
          },
          YoloV2DetectionOutputParameter: {
            fields: {
              boxes: { type: 'int32', id: 1, options: { default: 5 } },
              classes: { type: 'int32', id: 2, options: { default: 80 } },
              relative: { type: 'bool', id: 3, options: { default: true } },
              obj_threshold: { type: 'float', id: 4, options: { default: 0.5 } },
              score_threshold: { type: 'float', id: 5, options: { default: 0.5 } },
              iou_threshold: { type: 'float', id: 6, options: { default: 0.45 } },
              pre_nms_topn: { type: 'int32', id: 7, options: { default: 512 } },
              post_nms_topn: { type: 'int32', id: 8, options: { default: 1024 } },
              biases: { rule: 'repeated', type: 'float', id: 9 },
              coords: { type: 'int32', id: 10, options: { default: 4 } },
              resize_origin_img_to_net: { type: 'bool', id: 11, options: { default: false } },
            },
          },
          BatchMatMulParameter: {
            fields: {
              adj_x1: { type: 'bool', id: 1, options: { default: false } },
              adj_x2: { type: 'bool', id: 2, options: { default: false } },
            },
          },
          CondTakeParameter: {
            fields: {
              mode: { rule: 'required', type: 'string', id: 1 },
              val: { rule: 'required', type: 'float', id: 2 },
              eps: { type: 'float', id: 3, options: { default: 0.000001 } },
            },
          },
          MatrixInverseParameter: {
            fields: {
              adjoint: { type: 'bool', id: 1, options: { default: false } },
            },
          },
          WarpPerspectiveParameter: {
            fields: {
              out_height: { rule: 'required', type: 'int32', id: 1 },
              out_width: { rule: 'required', type: 'int32', id: 2 },
              constant: { type: 'float', id: 3 },
              border_type: { type: 'string', id: 4, options: { default: 'BORDER_CONSTANT' } },
            },
          },
          SpatialTransformerParameter: {
            fields: {
              transform_type: { type: 'string', id: 1, options: { default: 'affine' } },
              sampler_type: { type: 'string', id: 2, options: { default: 'bilinear' } },
              output_H: { type: 'int32', id: 3 },
              output_W: { type: 'int32', id: 4 },
              to_compute_dU: { type: 'bool', id: 5, options: { default: true } },
              theta_1_1: { type: 'double', id: 6 },
              theta_1_2: { type: 'double', id: 7 },
              theta_1_3: { type: 'double', id: 8 },
              theta_2_1: { type: 'double', id: 9 },
              theta_2_2: { type: 'double', id: 10 },
              theta_2_3: { type: 'double', id: 11 },
            },
          },
          RetrainDataQuantParameter: {
            fields: {
              clip_max: { type: 'float', id: 1, options: { default: 3 } },
              clip_min: { type: 'float', id: 2, options: { default: 0 } },
              ifmr_init: { type: 'bool', id: 3, options: { default: false } },
              with_offset: { type: 'bool', id: 4, options: { default: true } },
              fixed_min: { type: 'bool', id: 5, options: { default: false } },
              object_layer: { type: 'string', id: 6 },
              record_file_path: { type: 'string', id: 7 },
            },
          },
          RetrainWeightQuantParameter: {
            fields: {
              cout: { type: 'uint32', id: 1, options: { default: 3 } },
              cin: { type: 'uint32', id: 2, options: { default: 3 } },
              h: { type: 'uint32', id: 3, options: { default: 3 } },
              w: { type: 'uint32', id: 4, options: { default: 3 } },
              channel_wise: { type: 'bool', id: 5, options: { default: true } },
              layer_type: { type: 'string', id: 6 },
              with_offset: { type: 'bool', id: 7, options: { default: false } },
            },
          },
          QuantParameter: {
            fields: {
              with_offset: { type: 'bool', id: 1 },
              scale: { type: 'float', id: 2 },
              offset: { type: 'bytes', id: 3 },
              object_layer: { type: 'string', id: 4 },
            },
          },
          DeQuantParameter: {
            fields: {
              channel_wise: { type: 'bool', id: 1 },
              need_calibration: { type: 'bool', id: 10 },
              batch_num: { type: 'uint32', id: 11 },
              object_layer: { type: 'string', id: 12 },
              layer_type: { type: 'string', id: 13 },
              deqscale: { rule: 'repeated', type: 'float', id: 20 },
              shift_bit: { rule: 'repeated', type: 'float', id: 21 },
              offset: { rule: 'repeated', type: 'float', id: 22 },
            },
          },
          IFMRParameter: {
            fields: {
              batch_num: { type: 'uint32', id: 1 },
              with_offset: { type: 'bool', id: 2 },
              search_range_start: { rule: 'required', type: 'float', id: 3 },
              search_range_end: { rule: 'required', type: 'float', id: 4 },
              search_step: { rule: 'required', type: 'float', id: 5 },
              max_percentile: { rule: 'required', type: 'float', id: 6 },
              min_percentile: { rule: 'required', type: 'float', id: 7 },
              object_layer: { rule: 'repeated', type: 'string', id: 8 },
              record_file_path: { type: 'string', id: 9 },
            },
          },
          SearchNParameter: {
            fields: {
              batch_num: { type: 'uint32', id: 1 },
              layer_name: { rule: 'repeated', type: 'string', id: 2 },
              layer_type: { rule: 'repeated', type: 'string', id: 3 },
              record_file_path: { type: 'string', id: 4 },
            },
          },
          LSTMQuantParameter: {
            fields: {
              w_x_dequant_param: { type: 'DeQuantParameter', id: 1 },
              w_x_static_dequant_param: { type: 'DeQuantParameter', id: 2 },
              w_h_quant_param: { type: 'QuantParameter', id: 3 },
              w_h_dequant_param: { type: 'DeQuantParameter', id: 4 },
            },
          },
          LstmCalibrationParameter: {
            fields: {
              ifmr_param: { type: 'IFMRParameter', id: 1 },
              static_ifmr_param: { type: 'IFMRParameter', id: 2 },
              search_n_param: { type: 'SearchNParameter', id: 3 },
              static_search_n_param: { type: 'SearchNParameter', id: 4 },
            },
          },
        },
      },
    },
  },
  'caffe-windows': {
    nested: {
      caffe: {
        nested: {
          FillerParameter: {
            fields: {
              alpha: { type: 'float', id: 9, options: { default: 0 } },
            },
          },
          SolverParameter: {
            fields: {
              clamp_weights_lower: { type: 'float', id: 42, options: { default: -999999.9 } },
              clamp_weights_upper: { type: 'float', id: 43, options: { default: 999999.9 } },
              clip_weights: { type: 'float', id: 44, options: { default: -1 } },
            },
          },
          LayerParameter: {
            fields: {
              bn_param: { type: 'BNParameter', id: 200 },
              local_param: { type: 'LocalParameter', id: 201 },
              insanity_param: { type: 'InsanityParameter', id: 202 },
              triplet_loss_param: { type: 'TripletLossParameter', id: 203 },
              roi_pooling_param: { type: 'ROIPoolingParameter', id: 204 },
              eltwise_affine_param: { type: 'EltwiseAffineParameter', id: 205 },
              sub_region_param: { type: 'SubRegionParameter', id: 206 },
              noise_param: { type: 'NoiseParameter', id: 207 },
              hotspot_param: { type: 'HotspotParameter', id: 208 },
              predict_box_param: { type: 'PredictBoxParameter', id: 209 },
              mil_data_param: { type: 'MILDataParameter', id: 5065028 },
              mil_param: { type: 'MILParameter', id: 5065036 },
              fcn_data_param: { type: 'FCNDataParameter', id: 210 },
              center_loss_param: { type: 'CenterLossParameter', id: 211 },
              flip_param: { type: 'FlipParameter', id: 212 },
              inner_distance_param: { type: 'InnerDistanceParameter', id: 213 },
              normalize_param: { type: 'NormalizeParameter', id: 214 },
              general_contrastive_loss_param: { type: 'GeneralContrastiveParameter', id: 215 },
              soft_contrastive_loss_param: { type: 'SoftContrastiveParameter', id: 216 },
              general_triplet_loss_param: { type: 'GeneralTripletParameter', id: 217 },
              soft_truncation_param: { type: 'SoftTruncationParameter', id: 218 },
              proposal_param: { type: 'ProposalParameter', id: 219 },
              psroi_pooling_param: { type: 'PSROIPoolingParameter', id: 220 },
              pairwise_param: { type: 'PairwiseParameter', id: 221 },
              smoothl1_param: { type: 'SmoothL1Parameter', id: 222 },
              batch_contrastive_loss_param: { type: 'BatchContrastiveParameter', id: 223 },
              permute_param: { type: 'PermuteParameter', id: 224 },
              truncation_param: { type: 'TruncationParameter', id: 225 },
              nca_param: { type: 'NCAParameter', id: 226 },
              largemargin_inner_product_param: { type: 'LargeMarginInnerProductParameter', id: 227 },
              label_specific_rescale_param: { type: 'LabelSpecificRescaleParameter', id: 228 },
              infimum_loss_param: { type: 'InfimumLossParamter', id: 229 },
              ordinal_regression_loss_param: { type: 'OrdinalRegressionParameter', id: 230 },
              resize_param: { type: 'ResizeParameter', id: 231 },
              margin_inner_product_param: { type: 'MarginInnerProductParameter', id: 232 },
              feature_decay_loss_param: { type: 'FeatureDecayLossParameter', id: 233 },
              confidence_penalty_loss_param: { type: 'ConfidencePenaltyLossParameter', id: 234 },
              focal_loss_param: { type: 'FocalLossParameter', id: 235 },
              label_specific_margin_param: { type: 'LabelSpecificMarginParameter', id: 236 },
              channel_scale_param: { type: 'ChannelScaleParameter', id: 237 },
              label_specific_affine_param: { type: 'LabelSpecificAffineParameter', id: 238 },
              label_specific_hard_margin_param: { type: 'LabelSpecificHardMarginParameter', id: 239 },
              label_specific_add_param: { type: 'LabelSpecificAddParameter', id: 241 },
            },
          },
          TransformationParameter: {
            fields: {
              crop_h: { type: 'uint32', id: 8, options: { default: 0 } },
              crop_w: { type: 'uint32', id: 9, options: { default: 0 } },
              center_crop: { type: 'bool', id: 10, options: { default: false } },
              erase_ratio: { type: 'float', id: 11, options: { default: 0 } },
              scale_min: { type: 'float', id: 12, options: { default: 0.02 } },
              scale_max: { type: 'float', id: 13, options: { default: 0.4 } },
              aspect_min: { type: 'float', id: 14, options: { default: 0.33 } },
              aspect_max: { type: 'float', id: 15, options: { default: 3 } },
            },
          },
          AccuracyParameter: {
            fields: {
              min_is_better: { type: 'bool', id: 4, options: { default: false } },
            },
          },
          BatchNormParameter: {
            fields: {
              moving_average_fraction: { type: 'float', id: 2, options: { default: 0.99 } },
              disable_mean: { type: 'bool', id: 4, options: { default: false } },
              disable_variance: { type: 'bool', id: 5, options: { default: false } },
              scale_filler: { type: 'FillerParameter', id: 7 },
              bias_filler: { type: 'FillerParameter', id: 8 },
              engine: { type: 'Engine', id: 15, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
              },
            },
          },
          ConvolutionParameter: {
            fields: {
              cudnn_convolution_algo_seeker: { type: 'CuDNNConvolutionAlgorithmSeeker', id: 19, options: { default: 'FINDEX' } },
              shape_offset: { rule: 'repeated', type: 'uint32', id: 20 },
            },
            nested: {
              CuDNNConvolutionAlgorithmSeeker: {
                values: { GET: 0, FINDEX: 1 },
              },
            },
          },
          DropoutParameter: {
            fields: {
              sqrt_scale: { type: 'bool', id: 2, options: { default: false } },
            },
          },
          EltwiseParameter: {
            nested: {
              EltwiseOp: {
                values: { SORT: 3 },
              },
            },
          },
          ImageDataParameter: {
            fields: {
              face_transform: { type: 'bool', id: 13, options: { default: false } },
              max_shear_ratio: { type: 'float', id: 14, options: { default: 0 } },
              max_aspect_ratio: { type: 'float', id: 15, options: { default: 0 } },
              max_rotate_angle: { type: 'float', id: 16, options: { default: 0 } },
              min_random_scale: { type: 'float', id: 17, options: { default: 1 } },
              max_random_scale: { type: 'float', id: 18, options: { default: 1 } },
              max_random_shift: { type: 'uint32', id: 19, options: { default: 0 } },
              face_mirror: { type: 'bool', id: 20, options: { default: false } },
              face_point_num: { type: 'uint32', id: 21, options: { default: 0 } },
              balance_class: { type: 'bool', id: 22, options: { default: false } },
              balance_by: { type: 'uint32', id: 23, options: { default: 0 } },
              label_cut_start: { type: 'uint32', id: 24, options: { default: 0 } },
              label_cut_end: { type: 'uint32', id: 25, options: { default: 0 } },
            },
          },
          InnerProductParameter: {
            fields: {
              normalize: { type: 'bool', id: 7, options: { default: false } },
            },
          },
          InnerDistanceParameter: {
            fields: {
              num_output: { type: 'uint32', id: 1 },
              bias_term: { type: 'bool', id: 2, options: { default: true } },
              weight_filler: { type: 'FillerParameter', id: 3 },
              bias_filler: { type: 'FillerParameter', id: 4 },
              axis: { type: 'int32', id: 5, options: { default: 1 } },
              transpose: { type: 'bool', id: 6, options: { default: false } },
              distance_type: { type: 'string', id: 7, options: { default: 'L2' } },
              normalize: { type: 'bool', id: 8, options: { default: false } },
              update_center_only: { type: 'bool', id: 9, options: { default: false } },
            },
          },
          MemoryDataParameter: {
            fields: {
              transpose: { type: 'bool', id: 5, options: { default: false } },
            },
          },
          ParameterParameter: {
            fields: {
              blob_filler: { type: 'FillerParameter', id: 2 },
            },
          },
          PoolingParameter: {
            fields: {
              blobs_lr: { type: 'float', id: 13 },
              blobs_a_min: { type: 'float', id: 14, options: { default: 0.0001 } },
            },
            nested: {
              PoolMethod: {
                values: { DEF: 3, DEF_ALL: 4, DEF_ALL2: 5, DEF_ALL3: 6, DEF_ALL4: 7, LOWRES: 8 },
              },
            },
          },
          ScaleParameter: {
            fields: {
              min_value: { type: 'float', id: 6 },
              max_value: { type: 'float', id: 7 },
            },
          },
          SoftmaxParameter: {
            fields: {
              hard_ratio: { type: 'float', id: 3, options: { default: 1 } },
              class_weight: { rule: 'repeated', type: 'float', id: 4 },
              hard_mining_label: { type: 'int32', id: 5 },
              cutting_point: { type: 'float', id: 6 },
              normalize_type: { type: 'string', id: 7, options: { default: 'Softmax' } },
              label_smooth_factor: { type: 'float', id: 8, options: { default: 0 } },
            },
          },
          MILParameter: {
            fields: {
              type: { type: 'MILType', id: 1, options: { default: 'MAX' } },
            },
            nested: {
              MILType: {
                values: { MAX: 0, NOR: 1 },
              },
            },
          },
          MILDataParameter: {
            fields: {
              source: { type: 'string', id: 1 },
              num_scales: { type: 'uint32', id: 2, options: { default: 1 } },
              scale_factor: { type: 'float', id: 6, options: { default: 1 } },
              channels: { type: 'uint32', id: 4, options: { default: 3 } },
              images_per_batch: { type: 'uint32', id: 3 },
              n_classes: { type: 'uint32', id: 5 },
              label_file: { type: 'string', id: 7 },
              root_dir: { type: 'string', id: 11 },
              ext: { type: 'string', id: 12 },
              randomize: { type: 'bool', id: 13, options: { default: true } },
            },
          },
          V1LayerParameter: {
            fields: {
              bn_param: { type: 'BNParameter', id: 43 },
              local_param: { type: 'LocalParameter', id: 44 },
              prelu_param: { type: 'PReLUParameter', id: 45 },
              insanity_param: { type: 'InsanityParameter', id: 46 },
              triplet_loss_param: { type: 'TripletLossParameter', id: 47 },
              roi_pooling_param: { type: 'ROIPoolingParameter', id: 48 },
              eltwise_affine_param: { type: 'EltwiseAffineParameter', id: 49 },
              sub_region_param: { type: 'SubRegionParameter', id: 50 },
              noise_param: { type: 'NoiseParameter', id: 51 },
            },
            nested: {
              LayerType: {
                values: { LOCAL: 41, BN: 42, NORMALIZE: 43, INSANITY: 44, TRIPLET_LOSS: 45, ROIPOOLING: 46, BATCH_NORM: 47, ELTWISE_AFFINE: 48 },
              },
            },
          },
          TripletLossParameter: {
            fields: {
              margin: { type: 'float', id: 1, options: { default: 1 } },
            },
          },
          ROIPoolingParameter: {
            fields: {
              pooled_h: { type: 'uint32', id: 1, options: { default: 0 } },
              pooled_w: { type: 'uint32', id: 2, options: { default: 0 } },
              spatial_scale: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          InsanityParameter: {
            fields: {
              lb: { type: 'float', id: 1, options: { default: 5 } },
              ub: { type: 'float', id: 2, options: { default: 10 } },
            },
          },
          BNParameter: {
            fields: {
              slope_filler: { type: 'FillerParameter', id: 1 },
              bias_filler: { type: 'FillerParameter', id: 2 },
              momentum: { type: 'float', id: 3, options: { default: 0.9 } },
              eps: { type: 'float', id: 4, options: { default: 0.00001 } },
              frozen: { type: 'bool', id: 5, options: { default: false } },
              engine: { type: 'Engine', id: 6, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
              },
            },
          },
          LocalParameter: {
            fields: {
              num_output: { type: 'uint32', id: 1 },
              bias_term: { type: 'bool', id: 2, options: { default: true } },
              pad: { type: 'uint32', id: 3, options: { default: 0 } },
              kernel_size: { type: 'uint32', id: 4 },
              stride: { type: 'uint32', id: 6, options: { default: 1 } },
              weight_filler: { type: 'FillerParameter', id: 7 },
              bias_filler: { type: 'FillerParameter', id: 8 },
            },
          },
          EltwiseAffineParameter: {
            fields: {
              slope_filler: { type: 'FillerParameter', id: 1 },
              bias_filler: { type: 'FillerParameter', id: 2 },
              channel_shared: { type: 'bool', id: 3, options: { default: false } },
            },
          },
          SubRegionParameter: {
            fields: {
              region_height: { type: 'uint32', id: 1 },
              region_width: { type: 'uint32', id: 2 },
              data_height: { type: 'uint32', id: 3 },
              data_width: { type: 'uint32', id: 4 },
              as_dim: { type: 'uint32', id: 5, options: { default: 1 } },
            },
          },
          NoiseParameter: {
            fields: {
              gaussian_std: { type: 'float', id: 1, options: { default: 0 } },
              uniform_range: { type: 'float', id: 2, options: { default: 0 } },
              bias: { type: 'float', id: 3, options: { default: 0 } },
            },
          },
          HotspotParameter: {
            fields: {
              gaussian_std: { type: 'float', id: 1, options: { default: 1 } },
              output_height: { type: 'uint32', id: 2, options: { default: 0 } },
              output_width: { type: 'uint32', id: 3, options: { default: 0 } },
              data_height: { type: 'uint32', id: 4, options: { default: 0 } },
              data_width: { type: 'uint32', id: 5, options: { default: 0 } },
              mean_removed: { type: 'bool', id: 6, options: { default: true } },
            },
          },
          PredictBoxParameter: {
            fields: {
              stride: { type: 'uint32', id: 1, options: { default: 2 } },
              receptive_field: { type: 'uint32', id: 2, options: { default: 12 } },
              nms: { type: 'bool', id: 3, options: { default: true } },
              output_vector: { type: 'bool', id: 4, options: { default: true } },
              positive_thresh: { type: 'float', id: 5, options: { default: 0.5 } },
              bbreg_exp: { type: 'bool', id: 6, options: { default: true } },
            },
          },
          FCNDataParameter: {
            fields: {
              template_h: { type: 'uint32', id: 1, options: { default: 48 } },
              template_w: { type: 'uint32', id: 2, options: { default: 42 } },
              expand_left: { type: 'float', id: 3, options: { default: 0.25 } },
              expand_right: { type: 'float', id: 4, options: { default: 0.25 } },
              expand_top: { type: 'float', id: 5, options: { default: 0.5 } },
              expand_bottom: { type: 'float', id: 6, options: { default: 0.25 } },
              roi_multiply_h: { type: 'float', id: 7, options: { default: 5 } },
              roi_multiply_w: { type: 'float', id: 8, options: { default: 5 } },
              scale_step: { type: 'float', id: 9, options: { default: 1.1 } },
              scale_step_num: { type: 'int32', id: 10, options: { default: 5 } },
              gaussian_size_h: { type: 'int32', id: 11, options: { default: 7 } },
              gaussian_size_w: { type: 'int32', id: 12, options: { default: 7 } },
              gaussian_std_h: { type: 'float', id: 13, options: { default: 1.5 } },
              gaussian_std_w: { type: 'float', id: 14, options: { default: 1.5 } },
              use_hog: { type: 'bool', id: 15, options: { default: false } },
              hog_cell_size: { type: 'int32', id: 16, options: { default: 4 } },
              min_iou: { type: 'float', id: 17, options: { default: 0.8 } },
            },
          },
          CenterLossParameter: {
            fields: {
              num_output: { type: 'uint32', id: 1 },
              center_filler: { type: 'FillerParameter', id: 2 },
              axis: { type: 'int32', id: 3, options: { default: 1 } },
              distance_type: { type: 'string', id: 29, options: { default: 'L2' } },
            },
          },
          FlipParameter: {
            fields: {
              flip_width: { type: 'bool', id: 1, options: { default: true } },
              flip_height: { type: 'bool', id: 2, options: { default: false } },
            },
          },
          NormalizeParameter: {
            fields: {
              normalize_type: { type: 'string', id: 1, options: { default: 'L2' } },
              fix_gradient: { type: 'bool', id: 2, options: { default: false } },
              bp_norm: { type: 'bool', id: 3, options: { default: false } },
            },
          },
          GeneralContrastiveParameter: {
            fields: {
              positive_margin: { type: 'float', id: 1, options: { default: 0 } },
              negative_margin: { type: 'float', id: 2, options: { default: 1 } },
              positive_weight: { type: 'float', id: 3, options: { default: 1 } },
              negative_weight: { type: 'float', id: 4, options: { default: 1 } },
              normalize_negative: { type: 'float', id: 5, options: { default: 0 } },
              positive_outlier_thresh: { type: 'float', id: 6, options: { default: 4 } },
              square: { type: 'bool', id: 7, options: { default: false } },
              max_negative_only: { type: 'bool', id: 8, options: { default: false } },
              max_positive_only: { type: 'bool', id: 9, options: { default: false } },
              positive_first: { type: 'bool', id: 10, options: { default: false } },
              positive_upper_bound: { type: 'float', id: 11, options: { default: 1 } },
              exp_negative_weight: { type: 'bool', id: 12, options: { default: false } },
              add_intra_mae: { type: 'bool', id: 13, options: { default: false } },
              max_negative_margin: { type: 'float', id: 14, options: { default: 1.2 } },
            },
          },
          BatchContrastiveParameter: {
            fields: {
              positive_margin: { type: 'float', id: 1, options: { default: 1 } },
              negative_margin: { type: 'float', id: 2, options: { default: 1 } },
              positive_weight: { type: 'float', id: 3, options: { default: 1 } },
              negative_weight: { type: 'float', id: 4, options: { default: 1 } },
              max_only: { type: 'bool', id: 5, options: { default: false } },
            },
          },
          SoftContrastiveParameter: {
            fields: {
              positive_margin: { type: 'float', id: 1, options: { default: 1 } },
              negative_margin: { type: 'float', id: 2, options: { default: 1 } },
              positive_weight: { type: 'float', id: 3, options: { default: 1 } },
              negative_weight: { type: 'float', id: 4, options: { default: 1 } },
              exponent_scale: { type: 'float', id: 5, options: { default: 1 } },
              square: { type: 'bool', id: 6, options: { default: false } },
            },
          },
          GeneralTripletParameter: {
            fields: {
              margin: { type: 'float', id: 1, options: { default: 0.2 } },
              add_center_loss: { type: 'bool', id: 2, options: { default: true } },
              hardest_only: { type: 'bool', id: 3, options: { default: false } },
              positive_first: { type: 'bool', id: 4, options: { default: false } },
              positive_upper_bound: { type: 'float', id: 5, options: { default: 1 } },
              positive_weight: { type: 'float', id: 6, options: { default: 1 } },
              negative_weight: { type: 'float', id: 7, options: { default: 1 } },
            },
          },
          SoftTruncationParameter: {
            fields: {
              c: { type: 'float', id: 1, options: { default: 2 } },
            },
          },
          TruncationParameter: {
            fields: {
              lower_bound: { type: 'float', id: 1, options: { default: 0 } },
              upper_bound: { type: 'float', id: 2, options: { default: 5 } },
            },
          },
          ProposalParameter: {
            fields: {
              feat_stride: { type: 'uint32', id: 1, options: { default: 16 } },
              base_size: { type: 'uint32', id: 2, options: { default: 16 } },
              min_size: { type: 'uint32', id: 3, options: { default: 16 } },
              ratio: { rule: 'repeated', type: 'float', id: 4 },
              scale: { rule: 'repeated', type: 'float', id: 5 },
              pre_nms_topn: { type: 'uint32', id: 6, options: { default: 6000 } },
              post_nms_topn: { type: 'uint32', id: 7, options: { default: 300 } },
              nms_thresh: { type: 'float', id: 8, options: { default: 0.7 } },
            },
          },
          PSROIPoolingParameter: {
            fields: {
              spatial_scale: { rule: 'required', type: 'float', id: 1 },
              output_dim: { rule: 'required', type: 'int32', id: 2 },
              group_size: { rule: 'required', type: 'int32', id: 3 },
            },
          },
          PairwiseParameter: {
            fields: {
              operation: { type: 'PairwiseOp', id: 1, options: { default: 'SUM' } },
              coeff: { rule: 'repeated', type: 'float', id: 2 },
            },
            nested: {
              PairwiseOp: {
                values: { SUM: 1, PROD: 2, MAX: 3 },
              },
            },
          },
          SmoothL1Parameter: {
            fields: {
              turn_point: { type: 'float', id: 1, options: { default: 1 } },
            },
          },
          PermuteParameter: {
            fields: {
              order: { rule: 'repeated', type: 'uint32', id: 1 },
            },
          },
          NCAParameter: {
            fields: {
              min_negative_only: { type: 'bool', id: 1, options: { default: false } },
            },
          },
          LargeMarginInnerProductParameter: {
            fields: {
              num_output: { type: 'uint32', id: 1 },
              type: { type: 'LargeMarginType', id: 2, options: { default: 'SINGLE' } },
              weight_filler: { type: 'FillerParameter', id: 3 },
              axis: { type: 'int32', id: 4, options: { default: 1 } },
              base: { type: 'float', id: 5, options: { default: 1 } },
              gamma: { type: 'float', id: 6, options: { default: 0 } },
              power: { type: 'float', id: 7, options: { default: 1 } },
              iteration: { type: 'int32', id: 8, options: { default: 0 } },
              lambda_min: { type: 'float', id: 9, options: { default: 0 } },
            },
            nested: {
              LargeMarginType: {
                values: { SINGLE: 0, DOUBLE: 1, TRIPLE: 2, QUADRUPLE: 3 },
              },
            },
          },
          LabelSpecificRescaleParameter: {
            fields: {
              positive_weight: { type: 'float', id: 1, options: { default: 1 } },
              negative_weight: { type: 'float', id: 2, options: { default: 1 } },
              positive_lower_bound: { type: 'float', id: 3, options: { default: 0 } },
              negative_upper_bound: { type: 'float', id: 4, options: { default: 0 } },
              rescale_test: { type: 'bool', id: 5, options: { default: false } },
              for_ip: { type: 'bool', id: 6, options: { default: false } },
              positive_weight_base: { type: 'float', id: 7, options: { default: 0 } },
              gamma: { type: 'float', id: 8, options: { default: 0 } },
              power: { type: 'float', id: 9, options: { default: 1 } },
              positive_weight_min: { type: 'float', id: 10, options: { default: 0 } },
              positive_weight_max: { type: 'float', id: 11, options: { default: 0 } },
              iteration: { type: 'uint32', id: 12, options: { default: 0 } },
              bias_fix: { type: 'bool', id: 13, options: { default: false } },
              power_on_positive: { type: 'bool', id: 14, options: { default: false } },
            },
          },
          InfimumLossParamter: {
            fields: {
              infimum: { type: 'float', id: 1, options: { default: 0.25 } },
            },
          },
          OrdinalRegressionParameter: {
            fields: {
              k: { type: 'uint32', id: 1 },
              weight_file: { type: 'string', id: 2 },
            },
          },
          ResizeParameter: {
            fields: {
              height: { type: 'uint32', id: 1 },
              width: { type: 'uint32', id: 2 },
              is_pyramid_test: { type: 'bool', id: 3, options: { default: false } },
              out_height_scale: { type: 'float', id: 4 },
              out_width_scale: { type: 'float', id: 5 },
            },
          },
          MarginInnerProductParameter: {
            fields: {
              num_output: { type: 'uint32', id: 1 },
              type: { type: 'MarginType', id: 2, options: { default: 'SINGLE' } },
              weight_filler: { type: 'FillerParameter', id: 3 },
              axis: { type: 'int32', id: 4, options: { default: 1 } },
              base: { type: 'float', id: 5, options: { default: 1 } },
              gamma: { type: 'float', id: 6, options: { default: 0 } },
              power: { type: 'float', id: 7, options: { default: 1 } },
              iteration: { type: 'int32', id: 8, options: { default: 0 } },
              lambda_min: { type: 'float', id: 9, options: { default: 0 } },
            },
            nested: {
              MarginType: {
                values: { SINGLE: 0, DOUBLE: 1, TRIPLE: 2, QUADRUPLE: 3 },
              },
            },
          },
          FeatureDecayLossParameter: {
            fields: {
              decay_threshold: { type: 'float', id: 1, options: { default: 20 } },
              force_decay: { type: 'bool', id: 2, options: { default: false } },
            },
          },
          ConfidencePenaltyLossParameter: {
            fields: {
              beta: { type: 'float', id: 1, options: { default: 0.1 } },
            },
          },
          FocalLossParameter: {
            fields: {
              type: { type: 'Type', id: 1, options: { default: 'ORIGIN' } },
              gamma: { type: 'float', id: 2, options: { default: 2 } },
              alpha: { type: 'float', id: 3, options: { default: 1 } },
              beta: { type: 'float', id: 4, options: { default: 1 } },
            },
            nested: {
              Type: {
                values: { ORIGIN: 0, LINEAR: 1, ONEADDP: 2 },
              },
            },
          },
          LabelSpecificMarginParameter: {
            fields: {
              type: { type: 'MarginType', id: 9, options: { default: 'HARD' } },
              margin_base: { type: 'float', id: 1, options: { default: 0 } },
              margin_max: { type: 'float', id: 2, options: { default: 10 } },
              power: { type: 'float', id: 3, options: { default: 1 } },
              gamma: { type: 'float', id: 4, options: { default: 1 } },
              iteration: { type: 'int32', id: 5, options: { default: 0 } },
              reset_margin: { type: 'bool', id: 6, options: { default: false } },
              margin_on_test: { type: 'bool', id: 7, options: { default: false } },
              auto_tune: { type: 'bool', id: 8, options: { default: false } },
            },
            nested: {
              MarginType: {
                values: { HARD: 0, SOFT: 1 },
              },
            },
          },
          ChannelScaleParameter: {
            fields: {
              do_forward: { type: 'bool', id: 1, options: { default: true } },
              do_backward_feature: { type: 'bool', id: 2, options: { default: true } },
              do_backward_scale: { type: 'bool', id: 3, options: { default: true } },
              global_scale: { type: 'bool', id: 4, options: { default: false } },
              max_global_scale: { type: 'float', id: 5, options: { default: 1000 } },
              min_global_scale: { type: 'float', id: 6, options: { default: 0 } },
              init_global_scale: { type: 'float', id: 7, options: { default: 1 } },
            },
          },
          LabelSpecificAffineParameter: {
            fields: {
              scale_base: { type: 'float', id: 1, options: { default: 1 } },
              scale_gamma: { type: 'float', id: 2, options: { default: 0 } },
              scale_power: { type: 'float', id: 3, options: { default: 1 } },
              scale_max: { type: 'float', id: 4, options: { default: 1 } },
              transform_test: { type: 'bool', id: 5, options: { default: false } },
              iteration: { type: 'uint32', id: 6, options: { default: 0 } },
              bias_base: { type: 'float', id: 7, options: { default: 0 } },
              bias_gamma: { type: 'float', id: 8, options: { default: 0 } },
              bias_power: { type: 'float', id: 9, options: { default: 1 } },
              bias_max: { type: 'float', id: 10, options: { default: 0 } },
              power_base: { type: 'float', id: 11, options: { default: 1 } },
              power_gamma: { type: 'float', id: 12, options: { default: 0 } },
              power_power: { type: 'float', id: 13, options: { default: -1 } },
              power_min: { type: 'float', id: 14, options: { default: 0.5 } },
              auto_tune: { type: 'bool', id: 15, options: { default: false } },
              reset: { type: 'bool', id: 16, options: { default: false } },
            },
          },
          LabelSpecificHardMarginParameter: {
            fields: {
              positive_weight: { type: 'float', id: 1, options: { default: 0.5 } },
            },
          },
          LabelSpecificAddParameter: {
            fields: {
              bias: { type: 'float', id: 1, options: { default: 0 } },
              transform_test: { type: 'bool', id: 2, options: { default: false } },
              bias_base: { type: 'float', id: 3, options: { default: 0 } },
              bias_gamma: { type: 'float', id: 4, options: { default: 0 } },
              bias_power: { type: 'float', id: 5, options: { default: 1 } },
              bias_min: { type: 'float', id: 6, options: { default: 0 } },
              bias_max: { type: 'float', id: 7, options: { default: 0 } },
              iteration: { type: 'uint32', id: 8, options: { default: 0 } },
            },
          },
        },
      },
    },
  },
  intel: {
    nested: {
      caffe: {
        nested: {
          Sampler: {
            fields: {
              min_scale: { type: 'float', id: 1, options: { default: 1 } },
              max_scale: { type: 'float', id: 2, options: { default: 1 } },
              min_aspect_ratio: { type: 'float', id: 3, options: { default: 1 } },
              max_aspect_ratio: { type: 'float', id: 4, options: { default: 1 } },
            },
          },
          SampleConstraint: {
            fields: {
              min_jaccard_overlap: { type: 'float', id: 1 },
              max_jaccard_overlap: { type: 'float', id: 2 },
              min_sample_coverage: { type: 'float', id: 3 },
              max_sample_coverage: { type: 'float', id: 4 },
              min_object_coverage: { type: 'float', id: 5 },
              max_object_coverage: { type: 'float', id: 6 },
            },
          },
          BatchSampler: {
            fields: {
              use_original_image: { type: 'bool', id: 1, options: { default: true } },
              sampler: { type: 'Sampler', id: 2 },
              sample_constraint: { type: 'SampleConstraint', id: 3 },
              max_sample: { type: 'uint32', id: 4 },
              max_trials: { type: 'uint32', id: 5, options: { default: 100 } },
            },
          },
          EmitConstraint: {
            fields: {
              emit_type: { type: 'EmitType', id: 1, options: { default: 'CENTER' } },
              emit_overlap: { type: 'float', id: 2 },
            },
            nested: {
              EmitType: {
                values: { CENTER: 0, MIN_OVERLAP: 1 },
              },
            },
          },
          AnnotatedDatum: {
            nested: {
              AnnotationType: {
                values: { BBOX: 0 },
              },
            },
          },
          FillerParameter: {
            fields: {
              scale: { type: 'float', id: 9, options: { default: 1 } },
            },
          },
          NetParameter: {
            fields: {
              compile_net_state: { type: 'CompileNetState', id: 10 },
              engine: { type: 'string', id: 9 },
              bn_stats_batch_size: { type: 'uint32', id: 11, options: { default: 0 } },
              multinode: { type: 'MultinodeParameter', id: 101 },
            },
          },
          CompileNetState: {
            fields: {
              is_init: { type: 'bool', id: 1, options: { default: true } },
              bn_scale_remove: { type: 'bool', id: 2, options: { default: false } },
              bn_scale_merge: { type: 'bool', id: 3, options: { default: false } },
              kept_bn_layers: { rule: 'repeated', type: 'string', id: 4 },
              negative_conv_names: { rule: 'repeated', type: 'string', id: 5 },
              negative_conv_indexes: { rule: 'repeated', type: 'uint32', id: 6 },
            },
          },
          MultinodeParameter: {
            fields: {
              model_parallel: { rule: 'repeated', type: 'MnModelParallelParameter', id: 1 },
              compress_layer_type_list: { type: 'MnParamGradCompressLayerTypeList', id: 2 },
            },
          },
          MnModelParallelParameter: {
            fields: {
              layer_from: { rule: 'required', type: 'string', id: 1 },
              layer_to: { type: 'string', id: 2 },
              num_nodes: { type: 'uint32', id: 3 },
              model_parts: { type: 'uint32', id: 4 },
            },
          },
          MnParamGradCompressLayerTypeList: {
            fields: {
              layer_type: { rule: 'repeated', type: 'string', id: 1 },
            },
          },
          SolverParameter: {
            fields: {
              eval_type: { type: 'string', id: 41, options: { default: 'classification' } },
              ap_version: { type: 'string', id: 42, options: { default: 'Integral' } },
              show_per_class_result: { type: 'bool', id: 43, options: { default: false } },
              plateau_winsize: { rule: 'repeated', type: 'int32', id: 44 },
              stagelr: { rule: 'repeated', type: 'float', id: 150 },
              stageiter: { rule: 'repeated', type: 'int32', id: 151 },
              disabled_update: { type: 'bool', id: 46, options: { default: false } },
              engine: { type: 'string', id: 47 },
              warmup_iter: { type: 'int32', id: 48, options: { default: 0 } },
              warmup_start_lr: { type: 'float', id: 49, options: { default: 0 } },
              local_lr_auto: { type: 'bool', id: 50, options: { default: false } },
              local_gw_ratio: { type: 'float', id: 51, options: { default: 0.001 } },
              test_offset: { type: 'int32', id: 52, options: { default: 0 } },
            },
          },
          LayerParameter: {
            fields: {
              annotated_data_param: { type: 'AnnotatedDataParameter', id: 200 },
              box_annotator_ohem_param: { type: 'BoxAnnotatorOHEMParameter', id: 152 },
              detection_evaluate_param: { type: 'DetectionEvaluateParameter', id: 205 },
              detection_output_param: { type: 'DetectionOutputParameter', id: 204 },
              multibox_loss_param: { type: 'MultiBoxLossParameter', id: 201 },
              norm_param: { type: 'NormalizeParameter', id: 206 },
              permute_param: { type: 'PermuteParameter', id: 202 },
              psroi_pooling_param: { type: 'PSROIPoolingParameter', id: 153 },
              prior_box_param: { type: 'PriorBoxParameter', id: 203 },
              roi_pooling_param: { type: 'ROIPoolingParameter', id: 154 },
              smooth_l1_loss_param: { type: 'SmoothL1LossParameter', id: 148 },
              split_param: { type: 'SplitParameter', id: 208 },
              video_data_param: { type: 'VideoDataParameter', id: 207 },
              spatial_dropout_param: { type: 'SpatialDropoutParameter', id: 155 },
              engine: { type: 'string', id: 149 },
              multinode: { type: 'MultinodeLayerParameter', id: 150 },
              mn_activation_param: { type: 'MnActivationParameter', id: 151 },
              mn_grad_compress_param: { type: 'MnParamGradCompressParameter', id: 156 },
              quantization_param: { type: 'QuantizationParameter', id: 158 },
              reorg_param: { type: 'ReorgParameter', id: 159 },
              region_loss_param: { type: 'RegionLossParameter', id: 209 },
              eval_detection_param: { type: 'EvalDetectionParameter', id: 301 },
            },
          },
          RegionLossParameter: {
            fields: {
              side: { type: 'uint32', id: 1, options: { default: 13 } },
              num_class: { type: 'uint32', id: 2, options: { default: 20 } },
              bias_match: { type: 'uint32', id: 3, options: { default: 1 } },
              coords: { type: 'uint32', id: 4, options: { default: 4 } },
              num: { type: 'uint32', id: 5, options: { default: 5 } },
              softmax: { type: 'uint32', id: 6, options: { default: 1 } },
              jitter: { type: 'float', id: 7, options: { default: 0.2 } },
              rescore: { type: 'uint32', id: 8, options: { default: 1 } },
              object_scale: { type: 'float', id: 9, options: { default: 1 } },
              class_scale: { type: 'float', id: 10, options: { default: 1 } },
              noobject_scale: { type: 'float', id: 11, options: { default: 0.5 } },
              coord_scale: { type: 'float', id: 12, options: { default: 5 } },
              absolute: { type: 'uint32', id: 13, options: { default: 1 } },
              thresh: { type: 'float', id: 14, options: { default: 0.2 } },
              random: { type: 'uint32', id: 15, options: { default: 1 } },
              biases: { rule: 'repeated', type: 'float', id: 16 },
              softmax_tree: { type: 'string', id: 17 },
              class_map: { type: 'string', id: 18 },
            },
          },
          EvalDetectionParameter: {
            fields: {
              side: { type: 'uint32', id: 1, options: { default: 7 } },
              num_class: { type: 'uint32', id: 2, options: { default: 20 } },
              num_object: { type: 'uint32', id: 3, options: { default: 2 } },
              threshold: { type: 'float', id: 4, options: { default: 0.5 } },
              sqrt: { type: 'bool', id: 5, options: { default: true } },
              constriant: { type: 'bool', id: 6, options: { default: true } },
              score_type: { type: 'ScoreType', id: 7, options: { default: 'MULTIPLY' } },
              nms: { type: 'float', id: 8, options: { default: -1 } },
              biases: { rule: 'repeated', type: 'float', id: 9 },
            },
            nested: {
              ScoreType: {
                values: { OBJ: 0, PROB: 1, MULTIPLY: 2 },
              },
            },
          },
          MultinodeLayerParameter: {
            fields: {
              num_nodes: { type: 'uint32', id: 1 },
              model_parts: { type: 'uint32', id: 2, options: { default: 1 } },
            },
          },
          MnActivationParameter: {
            fields: {
              num_nodes_in: { type: 'uint32', id: 1 },
              num_nodes_out: { type: 'uint32', id: 2 },
              model_parts_in: { type: 'uint32', id: 3, options: { default: 1 } },
              model_parts_out: { type: 'uint32', id: 4, options: { default: 1 } },
              need_reduce: { type: 'bool', id: 5, options: { default: true } },
            },
          },
          QuantizationParameter: {
            fields: {
              precision: { type: 'Precision', id: 1, options: { default: 'DYNAMIC_FIXED_POINT' } },
              rounding_scheme: { type: 'Rounding', id: 2, options: { default: 'NEAREST' } },
              bw_layer_in: { type: 'uint32', id: 3, options: { default: 32 } },
              bw_layer_out: { type: 'uint32', id: 4, options: { default: 32 } },
              bw_params: { type: 'uint32', id: 5, options: { default: 32 } },
              fl_layer_in: { rule: 'repeated', type: 'int32', id: 6 },
              fl_layer_out: { rule: 'repeated', type: 'int32', id: 7 },
              fl_params: { rule: 'repeated', type: 'int32', id: 8 },
              scale_in: { rule: 'repeated', type: 'float', id: 20 },
              scale_out: { rule: 'repeated', type: 'float', id: 21 },
              scale_params: { rule: 'repeated', type: 'float', id: 22 },
              is_negative_input: { type: 'bool', id: 23, options: { default: false } },
              force_u8_input: { type: 'bool', id: 24, options: { default: false } },
            },
            nested: {
              Precision: {
                values: { DYNAMIC_FIXED_POINT: 0 },
              },
              Rounding: {
                values: { NEAREST: 0 },
              },
            },
          },
          MnParamGradCompressParameter: {
            fields: {
              param_grad_compress_enable: { rule: 'repeated', type: 'bool', id: 1 },
            },
          },
          TransformationParameter: {
            fields: {
              crop_h: { type: 'uint32', id: 11, options: { default: 0 } },
              crop_w: { type: 'uint32', id: 12, options: { default: 0 } },
              resize_param: { type: 'ResizeParameter', id: 8 },
              noise_param: { type: 'NoiseParameter', id: 9 },
              distort_param: { type: 'DistortionParameter', id: 13 },
              expand_param: { type: 'ExpansionParameter', id: 14 },
              emit_constraint: { type: 'EmitConstraint', id: 10 },
              random_resize_param: { type: 'RandomResizeParameter', id: 15 },
              random_aspect_ratio_param: { type: 'RandomAspectRatioParameter', id: 16 },
              flow: { type: 'bool', id: 17, options: { default: false } },
              bgr2rgb: { type: 'bool', id: 18, options: { default: false } },
              pad: { type: 'uint32', id: 19, options: { default: 0 } },
            },
          },
          RandomResizeParameter: {
            fields: {
              min_size: { type: 'uint32', id: 1, options: { default: 0 } },
              max_size: { type: 'uint32', id: 2, options: { default: 0 } },
              resize_param: { type: 'ResizeParameter', id: 3 },
            },
          },
          RandomAspectRatioParameter: {
            fields: {
              min_area_ratio: { type: 'float', id: 1, options: { default: 0.5 } },
              max_area_ratio: { type: 'float', id: 2, options: { default: 1 } },
              aspect_ratio_change: { type: 'float', id: 3, options: { default: 1 } },
              max_attempt: { type: 'uint32', id: 4, options: { default: 10 } },
              resize_param: { type: 'ResizeParameter', id: 5 },
            },
          },
          ResizeParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              resize_mode: { type: 'Resize_mode', id: 2, options: { default: 'WARP' } },
              height: { type: 'uint32', id: 3, options: { default: 0 } },
              width: { type: 'uint32', id: 4, options: { default: 0 } },
              height_scale: { type: 'uint32', id: 8, options: { default: 0 } },
              width_scale: { type: 'uint32', id: 9, options: { default: 0 } },
              pad_mode: { type: 'Pad_mode', id: 5, options: { default: 'CONSTANT' } },
              pad_value: { rule: 'repeated', type: 'float', id: 6 },
              interp_mode: { rule: 'repeated', type: 'Interp_mode', id: 7 },
            },
            nested: {
              Resize_mode: {
                values: { WARP: 1, FIT_SMALL_SIZE: 2, FIT_LARGE_SIZE_AND_PAD: 3 },
              },
              Pad_mode: {
                values: { CONSTANT: 1, MIRRORED: 2, REPEAT_NEAREST: 3 },
              },
              Interp_mode: {
                values: { LINEAR: 1, AREA: 2, NEAREST: 3, CUBIC: 4, LANCZOS4: 5 },
              },
            },
          },
          SaltPepperParameter: {
            fields: {
              fraction: { type: 'float', id: 1, options: { default: 0 } },
              value: { rule: 'repeated', type: 'float', id: 2 },
            },
          },
          NoiseParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 0 } },
              hist_eq: { type: 'bool', id: 2, options: { default: false } },
              inverse: { type: 'bool', id: 3, options: { default: false } },
              decolorize: { type: 'bool', id: 4, options: { default: false } },
              gauss_blur: { type: 'bool', id: 5, options: { default: false } },
              jpeg: { type: 'float', id: 6, options: { default: -1 } },
              posterize: { type: 'bool', id: 7, options: { default: false } },
              erode: { type: 'bool', id: 8, options: { default: false } },
              saltpepper: { type: 'bool', id: 9, options: { default: false } },
              saltpepper_param: { type: 'SaltPepperParameter', id: 10 },
              clahe: { type: 'bool', id: 11, options: { default: false } },
              convert_to_hsv: { type: 'bool', id: 12, options: { default: false } },
              convert_to_lab: { type: 'bool', id: 13, options: { default: false } },
            },
          },
          DistortionParameter: {
            fields: {
              brightness_prob: { type: 'float', id: 1, options: { default: 0 } },
              brightness_delta: { type: 'float', id: 2, options: { default: 0 } },
              contrast_prob: { type: 'float', id: 3, options: { default: 0 } },
              contrast_lower: { type: 'float', id: 4, options: { default: 0 } },
              contrast_upper: { type: 'float', id: 5, options: { default: 0 } },
              hue_prob: { type: 'float', id: 6, options: { default: 0 } },
              hue_delta: { type: 'float', id: 7, options: { default: 0 } },
              saturation_prob: { type: 'float', id: 8, options: { default: 0 } },
              saturation_lower: { type: 'float', id: 9, options: { default: 0 } },
              saturation_upper: { type: 'float', id: 10, options: { default: 0 } },
              random_order_prob: { type: 'float', id: 11, options: { default: 0 } },
            },
          },
          ExpansionParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              max_expand_ratio: { type: 'float', id: 2, options: { default: 1 } },
            },
          },
          LossParameter: {
            fields: {
              pre_fixed_normalizer: { type: 'float', id: 4, options: { default: 1 } },
              label_smoothing: { type: 'float', id: 5, options: { default: 0 } },
            },
            nested: {
              NormalizationMode: {
                values: { PRE_FIXED: 3, NONE: 4 },
              },
            },
          },
          AnnotatedDataParameter: {
            fields: {
              batch_sampler: { rule: 'repeated', type: 'BatchSampler', id: 1 },
              label_map_file: { type: 'string', id: 2 },
              anno_type: { type: 'AnnotatedDatum.AnnotationType', id: 3 },
            },
          },
          ConcatParameter: {
            fields: {
              per_fla_fuse: { type: 'bool', id: 4, options: { default: false } },
              engine: { type: 'Engine', id: 3, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          BatchNormParameter: {
            fields: {
              engine: { type: 'Engine', id: 4, options: { default: 'DEFAULT' } },
              use_weight_bias: { type: 'bool', id: 5, options: { default: true } },
              bias_term: { type: 'bool', id: 6, options: { default: true } },
              filler: { type: 'FillerParameter', id: 7 },
              bias_filler: { type: 'FillerParameter', id: 8 },
              stats_batch_size: { type: 'uint32', id: 9, options: { default: 0 } },
              relu: { type: 'bool', id: 10, options: { default: false } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          SplitParameter: {
            fields: {
              engine: { type: 'Engine', id: 1, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          BoxAnnotatorOHEMParameter: {
            fields: {
              roi_per_img: { rule: 'required', type: 'uint32', id: 1 },
              ignore_label: { type: 'int32', id: 2, options: { default: -1 } },
            },
          },
          ReorgParameter: {
            fields: {
              stride: { type: 'uint32', id: 1 },
              reverse: { type: 'bool', id: 2, options: { default: false } },
            },
          },
          ConvolutionParameter: {
            fields: {
              relu: { type: 'bool', id: 19, options: { default: false } },
              negative_slope: { type: 'float', id: 20, options: { default: 0 } },
              conv_algorithm: { type: 'string', id: 21, options: { default: 'direct' } },
              coeff: { rule: 'repeated', type: 'float', id: 23 },
              fusion_type: { type: 'FusionType', id: 24, options: { default: 'NONE_FUSION' } },
            },
            nested: {
              Engine: {
                values: { MKL2017: 3, MKLDNN: 4 },
              },
              FusionType: {
                values: { NONE_FUSION: 0, SUM_FUSION: 1 },
              },
            },
          },
          DataParameter: {
            fields: {
              shuffle: { type: 'bool', id: 11, options: { default: false } },
              side: { rule: 'repeated', type: 'uint32', id: 12 },
            },
          },
          DetectionEvaluateParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              background_label_id: { type: 'uint32', id: 2, options: { default: 0 } },
              overlap_threshold: { type: 'float', id: 3, options: { default: 0.5 } },
              evaluate_difficult_gt: { type: 'bool', id: 4, options: { default: true } },
              name_size_file: { type: 'string', id: 5 },
              resize_param: { type: 'ResizeParameter', id: 6 },
            },
          },
          NonMaximumSuppressionParameter: {
            fields: {
              nms_threshold: { type: 'float', id: 1, options: { default: 0.3 } },
              top_k: { type: 'int32', id: 2 },
              eta: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          SaveOutputParameter: {
            fields: {
              output_directory: { type: 'string', id: 1 },
              output_name_prefix: { type: 'string', id: 2 },
              output_format: { type: 'string', id: 3 },
              label_map_file: { type: 'string', id: 4 },
              name_size_file: { type: 'string', id: 5 },
              num_test_image: { type: 'uint32', id: 6 },
              resize_param: { type: 'ResizeParameter', id: 7 },
            },
          },
          DetectionOutputParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              share_location: { type: 'bool', id: 2, options: { default: true } },
              background_label_id: { type: 'int32', id: 3, options: { default: 0 } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 4 },
              save_output_param: { type: 'SaveOutputParameter', id: 5 },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 6, options: { default: 'CORNER' } },
              variance_encoded_in_target: { type: 'bool', id: 8, options: { default: false } },
              keep_top_k: { type: 'int32', id: 7, options: { default: -1 } },
              confidence_threshold: { type: 'float', id: 9 },
              visualize: { type: 'bool', id: 10, options: { default: false } },
              visualize_threshold: { type: 'float', id: 11 },
              save_file: { type: 'string', id: 12 },
            },
          },
          SpatialDropoutParameter: {
            fields: {
              dropout_ratio: { type: 'float', id: 1, options: { default: 0.5 } },
            },
          },
          EltwiseParameter: {
            fields: {
              engine: { type: 'Engine', id: 4, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          ImageDataParameter: {
            fields: {
              min_height: { type: 'uint32', id: 13, options: { default: 0 } },
              min_width: { type: 'uint32', id: 14, options: { default: 0 } },
            },
          },
          InnerProductParameter: {
            fields: {
              engine: { type: 'Engine', id: 7, options: { default: 'DEFAULT' } },
              relu: { type: 'bool', id: 8, options: { default: false } },
              negative_slope: { type: 'float', id: 9, options: { default: 0 } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2, MKLDNN: 3 },
              },
            },
          },
          LRNParameter: {
            nested: {
              Engine: {
                values: { MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          MultiBoxLossParameter: {
            fields: {
              loc_loss_type: { type: 'LocLossType', id: 1, options: { default: 'SMOOTH_L1' } },
              conf_loss_type: { type: 'ConfLossType', id: 2, options: { default: 'SOFTMAX' } },
              loc_weight: { type: 'float', id: 3, options: { default: 1 } },
              num_classes: { type: 'uint32', id: 4 },
              share_location: { type: 'bool', id: 5, options: { default: true } },
              match_type: { type: 'MatchType', id: 6, options: { default: 'PER_PREDICTION' } },
              overlap_threshold: { type: 'float', id: 7, options: { default: 0.5 } },
              use_prior_for_matching: { type: 'bool', id: 8, options: { default: true } },
              background_label_id: { type: 'uint32', id: 9, options: { default: 0 } },
              use_difficult_gt: { type: 'bool', id: 10, options: { default: true } },
              do_neg_mining: { type: 'bool', id: 11 },
              neg_pos_ratio: { type: 'float', id: 12, options: { default: 3 } },
              neg_overlap: { type: 'float', id: 13, options: { default: 0.5 } },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 14, options: { default: 'CORNER' } },
              encode_variance_in_target: { type: 'bool', id: 16, options: { default: false } },
              map_object_to_agnostic: { type: 'bool', id: 17, options: { default: false } },
              ignore_cross_boundary_bbox: { type: 'bool', id: 18, options: { default: false } },
              bp_inside: { type: 'bool', id: 19, options: { default: false } },
              mining_type: { type: 'MiningType', id: 20, options: { default: 'MAX_NEGATIVE' } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 21 },
              sample_size: { type: 'int32', id: 22, options: { default: 64 } },
              use_prior_for_nms: { type: 'bool', id: 23, options: { default: false } },
            },
            nested: {
              LocLossType: {
                values: { L2: 0, SMOOTH_L1: 1 },
              },
              ConfLossType: {
                values: { SOFTMAX: 0, LOGISTIC: 1 },
              },
              MatchType: {
                values: { BIPARTITE: 0, PER_PREDICTION: 1 },
              },
              MiningType: {
                values: { NONE: 0, MAX_NEGATIVE: 1, HARD_EXAMPLE: 2 },
              },
            },
          },
          NormalizeParameter: {
            fields: {
              across_spatial: { type: 'bool', id: 1, options: { default: true } },
              scale_filler: { type: 'FillerParameter', id: 2 },
              channel_shared: { type: 'bool', id: 3, options: { default: true } },
              eps: { type: 'float', id: 4, options: { default: 1e-10 } },
            },
          },
          PermuteParameter: {
            fields: {
              order: { rule: 'repeated', type: 'uint32', id: 1 },
            },
          },
          PoolingParameter: {
            fields: {
              pad_3d: { rule: 'repeated', type: 'uint32', id: 15 },
              kernel_size_3d: { rule: 'repeated', type: 'uint32', id: 16 },
              stride_3d: { rule: 'repeated', type: 'uint32', id: 17 },
              avg_include_pad: { type: 'bool', id: 13, options: { default: true } },
              axis: { type: 'int32', id: 14, options: { default: 1 } },
            },
            nested: {
              Engine: {
                values: { MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          PriorBoxParameter: {
            fields: {
              min_size: { rule: 'repeated', type: 'float', id: 1 },
              max_size: { rule: 'repeated', type: 'float', id: 2 },
              aspect_ratio: { rule: 'repeated', type: 'float', id: 3 },
              flip: { type: 'bool', id: 4, options: { default: true } },
              clip: { type: 'bool', id: 5, options: { default: false } },
              variance: { rule: 'repeated', type: 'float', id: 6 },
              img_size: { type: 'uint32', id: 7 },
              img_h: { type: 'uint32', id: 8 },
              img_w: { type: 'uint32', id: 9 },
              step: { type: 'float', id: 10 },
              step_h: { type: 'float', id: 11 },
              step_w: { type: 'float', id: 12 },
              offset: { type: 'float', id: 13, options: { default: 0.5 } },
            },
            nested: {
              CodeType: {
                values: { CORNER: 1, CENTER_SIZE: 2, CORNER_SIZE: 3 },
              },
            },
          },
          PSROIPoolingParameter: {
            fields: {
              spatial_scale: { rule: 'required', type: 'float', id: 1 },
              output_dim: { rule: 'required', type: 'int32', id: 2 },
              group_size: { rule: 'required', type: 'int32', id: 3 },
            },
          },
          ReLUParameter: {
            fields: {
              fuse: { type: 'bool', id: 3, options: { default: false } },
            },
            nested: {
              Engine: {
                values: { MKL2017: 3, MKLDNN: 4 },
              },
            },
          },
          ReshapeParameter: {
            fields: {
              pixelshuffler: { type: 'int32', id: 4, options: { default: 1 } },
            },
          },
          ROIPoolingParameter: {
            fields: {
              pooled_h: { type: 'uint32', id: 1, options: { default: 0 } },
              pooled_w: { type: 'uint32', id: 2, options: { default: 0 } },
              spatial_scale: { type: 'float', id: 3, options: { default: 1 } },
              pooled_size: { rule: 'repeated', type: 'uint32', id: 4 },
            },
          },
          SmoothL1LossParameter: {
            fields: {
              sigma: { type: 'float', id: 1, options: { default: 1 } },
            },
          },
          VideoDataParameter: {
            fields: {
              video_type: { type: 'VideoType', id: 1, options: { default: 'WEBCAM' } },
              device_id: { type: 'int32', id: 2, options: { default: 0 } },
              video_file: { type: 'string', id: 3 },
              skip_frames: { type: 'uint32', id: 4, options: { default: 0 } },
            },
            nested: {
              VideoType: {
                values: { WEBCAM: 0, VIDEO: 1 },
              },
            },
          },
        },
      },
    },
  },
  lstm: {
    nested: {
      caffe: {
        nested: {
          LayerParameter: {
            fields: {
              embed_param: { type: 'EmbedParameter', id: 132 },
              recurrent_param: { type: 'RecurrentParameter', id: 134 },
            },
          },
          TransformationParameter: {
            fields: {
              flow: { type: 'bool', id: 6, options: { default: false } },
            },
          },
          AccuracyParameter: {
            fields: {
              denominator: { type: 'float', id: 4, options: { default: 0 } },
            },
          },
          EltwiseParameter: {
            fields: {
              coeff_blob: { type: 'bool', id: 4, options: { default: false } },
            },
          },
          ImageDataParameter: {
            fields: {
              min_height: { type: 'uint32', id: 13, options: { default: 0 } },
              min_width: { type: 'uint32', id: 14, options: { default: 0 } },
            },
          },
        },
      },
    },
  },
  'mobilenet-yolo': {
    nested: {
      caffe: {
        nested: {
          Sampler: {
            fields: {
              min_scale: { type: 'float', id: 1, options: { default: 1 } },
              max_scale: { type: 'float', id: 2, options: { default: 1 } },
              min_aspect_ratio: { type: 'float', id: 3, options: { default: 1 } },
              max_aspect_ratio: { type: 'float', id: 4, options: { default: 1 } },
            },
          },
          SampleConstraint: {
            fields: {
              min_jaccard_overlap: { type: 'float', id: 1 },
              max_jaccard_overlap: { type: 'float', id: 2 },
              min_sample_coverage: { type: 'float', id: 3 },
              max_sample_coverage: { type: 'float', id: 4 },
              min_object_coverage: { type: 'float', id: 5 },
              max_object_coverage: { type: 'float', id: 6 },
            },
          },
          BatchSampler: {
            fields: {
              use_original_image: { type: 'bool', id: 1, options: { default: true } },
              sampler: { type: 'Sampler', id: 2 },
              sample_constraint: { type: 'SampleConstraint', id: 3 },
              max_sample: { type: 'uint32', id: 4 },
              max_trials: { type: 'uint32', id: 5, options: { default: 100 } },
            },
          },
          EmitConstraint: {
            fields: {
              emit_type: { type: 'EmitType', id: 1, options: { default: 'CENTER' } },
              emit_overlap: { type: 'float', id: 2 },
            },
            nested: {
              EmitType: {
                values: { CENTER: 0, MIN_OVERLAP: 1 },
              },
            },
          },
          AnnotatedDatum: {
            nested: {
              AnnotationType: {
                values: { BBOX: 0, BBOXandSeg: 1, LANE: 2 },
              },
            },
          },
          SolverParameter: {
            fields: {
              eval_type: { type: 'string', id: 52, options: { default: 'classification' } },
              ap_version: { type: 'string', id: 53, options: { default: 'Integral' } },
              show_per_class_result: { type: 'bool', id: 44, options: { default: false } },
              stagelr: { rule: 'repeated', type: 'float', id: 50 },
              stageiter: { rule: 'repeated', type: 'int32', id: 51 },
              plateau_winsize: { rule: 'repeated', type: 'int32', id: 43 },
            },
          },
          YoloSegParameter: {
            fields: {
              num_class: { type: 'uint32', id: 1, options: { default: 0 } },
              object_scale: { type: 'float', id: 2, options: { default: 5 } },
              class_scale: { type: 'float', id: 3, options: { default: 1 } },
              use_logic_gradient: { type: 'bool', id: 4, options: { default: false } },
              use_hardsigmoid: { type: 'bool', id: 5, options: { default: false } },
            },
          },
          Yolov3Parameter: {
            fields: {
              side: { type: 'uint32', id: 1, options: { default: 13 } },
              num_class: { type: 'uint32', id: 2, options: { default: 20 } },
              num: { type: 'uint32', id: 3, options: { default: 5 } },
              object_scale: { type: 'float', id: 4, options: { default: 1 } },
              class_scale: { type: 'float', id: 5, options: { default: 1 } },
              noobject_scale: { type: 'float', id: 6, options: { default: 0.5 } },
              coord_scale: { type: 'float', id: 7, options: { default: 5 } },
              thresh: { type: 'float', id: 8, options: { default: 0.2 } },
              anchors_scale: { type: 'uint32', id: 10, options: { default: 32 } },
              biases: { rule: 'repeated', type: 'float', id: 11 },
              mask: { rule: 'repeated', type: 'uint32', id: 12 },
              use_logic_gradient: { type: 'bool', id: 13, options: { default: false } },
              use_focal_loss: { type: 'bool', id: 14, options: { default: false } },
              iou_loss: { type: 'IOU_LOSS', id: 15, options: { default: 'MSE' } },
              iou_normalizer: { type: 'float', id: 16, options: { default: 0.25 } },
              iou_thresh: { type: 'float', id: 17, options: { default: 0.5 } },
              max_delta: { type: 'float', id: 18, options: { default: 10 } },
              accumulate: { type: 'bool', id: 19, options: { default: true } },
              label_smooth_eps: { type: 'float', id: 20, options: { default: 0.1 } },
            },
            nested: {
              IOU_LOSS: {
                values: { IOU: 0, GIOU: 1, MSE: 2, DIOU: 3, CIOU: 4 },
              },
            },
          },
          RegionLossParameter: {
            fields: {
              side: { type: 'uint32', id: 1, options: { default: 13 } },
              num_class: { type: 'uint32', id: 2, options: { default: 20 } },
              bias_match: { type: 'uint32', id: 3, options: { default: 1 } },
              coords: { type: 'uint32', id: 4, options: { default: 4 } },
              num: { type: 'uint32', id: 5, options: { default: 5 } },
              softmax: { type: 'uint32', id: 6, options: { default: 1 } },
              jitter: { type: 'float', id: 7, options: { default: 0.2 } },
              rescore: { type: 'uint32', id: 8, options: { default: 1 } },
              object_scale: { type: 'float', id: 9, options: { default: 1 } },
              class_scale: { type: 'float', id: 10, options: { default: 1 } },
              noobject_scale: { type: 'float', id: 11, options: { default: 0.5 } },
              coord_scale: { type: 'float', id: 12, options: { default: 5 } },
              absolute: { type: 'uint32', id: 13, options: { default: 1 } },
              thresh: { type: 'float', id: 14, options: { default: 0.2 } },
              random: { type: 'uint32', id: 15, options: { default: 1 } },
              biases: { rule: 'repeated', type: 'float', id: 16 },
              softmax_tree: { type: 'string', id: 17 },
              class_map: { type: 'string', id: 18 },
            },
          },
          ReorgParameter: {
            fields: {
              stride: { type: 'uint32', id: 1 },
              reverse: { type: 'bool', id: 2, options: { default: false } },
            },
          },
          LayerParameter: {
            fields: {
              region_loss_param: { type: 'RegionLossParameter', id: 600 },
              yolov3_param: { type: 'Yolov3Parameter', id: 603 },
              yolo_seg_param: { type: 'YoloSegParameter', id: 604 },
              annotated_data_param: { type: 'AnnotatedDataParameter', id: 200 },
              detection_output_param: { type: 'DetectionOutputParameter', id: 204 },
              detection_evaluate_param: { type: 'DetectionEvaluateParameter', id: 205 },
              segmentation_evaluate_param: { type: 'SegmentationEvaluateParameter', id: 605 },
              yolo_detection_output_param: { type: 'YoloDetectionOutputParameter', id: 601 },
              yolov3_detection_output_param: { type: 'Yolov3DetectionOutputParameter', id: 602 },
              multibox_loss_param: { type: 'MultiBoxLossParameter', id: 201 },
              norm_param: { type: 'NormalizeParameter', id: 206 },
              permute_param: { type: 'PermuteParameter', id: 202 },
              prior_box_param: { type: 'PriorBoxParameter', id: 203 },
              relu6_param: { type: 'ReLUParameter', id: 211 },
              reorg_param: { type: 'ReorgParameter', id: 149 },
              upsample_param: { type: 'UpsampleParameter', id: 150 },
            },
          },
          TransformationParameter: {
            fields: {
              crop_h: { type: 'uint32', id: 11, options: { default: 0 } },
              crop_w: { type: 'uint32', id: 12, options: { default: 0 } },
              resize_param: { rule: 'repeated', type: 'ResizeParameter', id: 8 },
              noise_param: { type: 'NoiseParameter', id: 9 },
              distort_param: { type: 'DistortionParameter', id: 13 },
              expand_param: { type: 'ExpansionParameter', id: 14 },
              emit_constraint: { type: 'EmitConstraint', id: 10 },
              enable_classf_aug: { type: 'bool', id: 15, options: { default: false } },
              min_scaling_factor: { type: 'float', id: 16, options: { default: 0.75 } },
              max_scaling_factor: { type: 'float', id: 17, options: { default: 1.5 } },
              max_rotation_angle: { type: 'uint32', id: 18, options: { default: 0 } },
              contrast_brightness_adjustment: { type: 'bool', id: 19, options: { default: false } },
              smooth_filtering: { type: 'bool', id: 20, options: { default: false } },
              min_contrast: { type: 'float', id: 21, options: { default: 0.8 } },
              max_contrast: { type: 'float', id: 22, options: { default: 1.2 } },
              max_brightness_shift: { type: 'uint32', id: 23, options: { default: 5 } },
              max_smooth: { type: 'float', id: 24, options: { default: 6 } },
              max_color_shift: { type: 'uint32', id: 25, options: { default: 0 } },
              min_side_min: { type: 'uint32', id: 26, options: { default: 0 } },
              min_side_max: { type: 'uint32', id: 27, options: { default: 0 } },
              min_side: { type: 'uint32', id: 28, options: { default: 0 } },
              apply_probability: { type: 'float', id: 29, options: { default: 0.5 } },
              debug_params: { type: 'bool', id: 30, options: { default: false } },
              cvt_bgr2rgb: { type: 'bool', id: 31, options: { default: false } },
            },
          },
          ResizeParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              resize_mode: { type: 'Resize_mode', id: 2, options: { default: 'WARP' } },
              height: { type: 'uint32', id: 3, options: { default: 0 } },
              width: { type: 'uint32', id: 4, options: { default: 0 } },
              height_scale: { type: 'uint32', id: 8, options: { default: 0 } },
              width_scale: { type: 'uint32', id: 9, options: { default: 0 } },
              pad_mode: { type: 'Pad_mode', id: 5, options: { default: 'CONSTANT' } },
              pad_value: { rule: 'repeated', type: 'float', id: 6 },
              interp_mode: { rule: 'repeated', type: 'Interp_mode', id: 7 },
            },
            nested: {
              Resize_mode: {
                values: { WARP: 1, FIT_SMALL_SIZE: 2, FIT_LARGE_SIZE_AND_PAD: 3 },
              },
              Pad_mode: {
                values: { CONSTANT: 1, MIRRORED: 2, REPEAT_NEAREST: 3 },
              },
              Interp_mode: {
                values: { LINEAR: 1, AREA: 2, NEAREST: 3, CUBIC: 4, LANCZOS4: 5 },
              },
            },
          },
          SaltPepperParameter: {
            fields: {
              fraction: { type: 'float', id: 1, options: { default: 0 } },
              value: { rule: 'repeated', type: 'float', id: 2 },
            },
          },
          NoiseParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 0 } },
              hist_eq: { type: 'bool', id: 2, options: { default: false } },
              inverse: { type: 'bool', id: 3, options: { default: false } },
              decolorize: { type: 'bool', id: 4, options: { default: false } },
              gauss_blur: { type: 'bool', id: 5, options: { default: false } },
              jpeg: { type: 'float', id: 6, options: { default: -1 } },
              posterize: { type: 'bool', id: 7, options: { default: false } },
              erode: { type: 'bool', id: 8, options: { default: false } },
              saltpepper: { type: 'bool', id: 9, options: { default: false } },
              saltpepper_param: { type: 'SaltPepperParameter', id: 10 },
              clahe: { type: 'bool', id: 11, options: { default: false } },
              convert_to_hsv: { type: 'bool', id: 12, options: { default: false } },
              convert_to_lab: { type: 'bool', id: 13, options: { default: false } },
            },
          },
          DistortionParameter: {
            fields: {
              brightness_prob: { type: 'float', id: 1, options: { default: 0 } },
              brightness_delta: { type: 'float', id: 2, options: { default: 0 } },
              contrast_prob: { type: 'float', id: 3, options: { default: 0 } },
              contrast_lower: { type: 'float', id: 4, options: { default: 0 } },
              contrast_upper: { type: 'float', id: 5, options: { default: 0 } },
              hue_prob: { type: 'float', id: 6, options: { default: 0 } },
              hue_delta: { type: 'float', id: 7, options: { default: 0 } },
              saturation_prob: { type: 'float', id: 8, options: { default: 0 } },
              saturation_lower: { type: 'float', id: 9, options: { default: 0 } },
              saturation_upper: { type: 'float', id: 10, options: { default: 0 } },
              random_order_prob: { type: 'float', id: 11, options: { default: 0 } },
            },
          },
          ExpansionParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              max_expand_ratio: { type: 'float', id: 2, options: { default: 1 } },
            },
          },
          AnnotatedDataParameter: {
            fields: {
              batch_sampler: { rule: 'repeated', type: 'BatchSampler', id: 1 },
              label_map_file: { type: 'string', id: 2 },
              anno_type: { type: 'AnnotatedDatum.AnnotationType', id: 3 },
              yolo_data_type: { type: 'int32', id: 4, options: { default: 0 } },
              yolo_data_jitter: { type: 'float', id: 5, options: { default: 0.3 } },
              train_diffcult: { type: 'bool', id: 6, options: { default: true } },
              single_class: { type: 'bool', id: 7, options: { default: true } },
              seg_scales: { type: 'int32', id: 8, options: { default: 8 } },
              seg_resize_width: { type: 'int32', id: 9, options: { default: 0 } },
              seg_resize_height: { type: 'int32', id: 10, options: { default: 0 } },
              difficult_label_warmup: { type: 'bool', id: 11, options: { default: false } },
            },
          },
          DetectionEvaluateParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              background_label_id: { type: 'uint32', id: 2, options: { default: 0 } },
              overlap_threshold: { type: 'float', id: 3, options: { default: 0.5 } },
              evaluate_difficult_gt: { type: 'bool', id: 4, options: { default: true } },
              name_size_file: { type: 'string', id: 5 },
              resize_param: { type: 'ResizeParameter', id: 6 },
            },
          },
          SegmentationEvaluateParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1, options: { default: 1 } },
              threshold: { type: 'float', id: 2, options: { default: 0.5 } },
            },
          },
          NonMaximumSuppressionParameter: {
            fields: {
              nms_threshold: { type: 'float', id: 1, options: { default: 0.3 } },
              top_k: { type: 'int32', id: 2 },
              eta: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          SaveOutputParameter: {
            fields: {
              output_directory: { type: 'string', id: 1 },
              output_name_prefix: { type: 'string', id: 2 },
              output_format: { type: 'string', id: 3 },
              label_map_file: { type: 'string', id: 4 },
              name_size_file: { type: 'string', id: 5 },
              num_test_image: { type: 'uint32', id: 6 },
              resize_param: { type: 'ResizeParameter', id: 7 },
            },
          },
          DetectionOutputParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              share_location: { type: 'bool', id: 2, options: { default: true } },
              background_label_id: { type: 'int32', id: 3, options: { default: 0 } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 4 },
              save_output_param: { type: 'SaveOutputParameter', id: 5 },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 6, options: { default: 'CORNER' } },
              variance_encoded_in_target: { type: 'bool', id: 8, options: { default: false } },
              keep_top_k: { type: 'int32', id: 7, options: { default: -1 } },
              confidence_threshold: { type: 'float', id: 9 },
              visualize: { type: 'bool', id: 10, options: { default: false } },
              visualize_threshold: { type: 'float', id: 11 },
              save_file: { type: 'string', id: 12 },
            },
          },
          YoloDetectionOutputParameter: {
            fields: {
              side: { type: 'uint32', id: 1, options: { default: 13 } },
              num_classes: { type: 'uint32', id: 2, options: { default: 20 } },
              num_box: { type: 'uint32', id: 3, options: { default: 5 } },
              coords: { type: 'uint32', id: 4, options: { default: 4 } },
              confidence_threshold: { type: 'float', id: 5, options: { default: 0.01 } },
              nms_threshold: { type: 'float', id: 6, options: { default: 0.45 } },
              biases: { rule: 'repeated', type: 'float', id: 7 },
              label_map_file: { type: 'string', id: 8 },
            },
          },
          Yolov3DetectionOutputParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1, options: { default: 20 } },
              num_box: { type: 'uint32', id: 2, options: { default: 3 } },
              confidence_threshold: { type: 'float', id: 3, options: { default: 0.01 } },
              nms_threshold: { type: 'float', id: 4, options: { default: 0.45 } },
              biases: { rule: 'repeated', type: 'float', id: 5 },
              anchors_scale: { rule: 'repeated', type: 'uint32', id: 6 },
              mask_group_num: { type: 'uint32', id: 7, options: { default: 2 } },
              mask: { rule: 'repeated', type: 'uint32', id: 8 },
              gaussian_box: { type: 'bool', id: 9, options: { default: false } },
            },
          },
          MultiBoxLossParameter: {
            fields: {
              loc_loss_type: { type: 'LocLossType', id: 1, options: { default: 'SMOOTH_L1' } },
              conf_loss_type: { type: 'ConfLossType', id: 2, options: { default: 'SOFTMAX' } },
              loc_weight: { type: 'float', id: 3, options: { default: 1 } },
              num_classes: { type: 'uint32', id: 4 },
              share_location: { type: 'bool', id: 5, options: { default: true } },
              match_type: { type: 'MatchType', id: 6, options: { default: 'PER_PREDICTION' } },
              overlap_threshold: { type: 'float', id: 7, options: { default: 0.5 } },
              use_prior_for_matching: { type: 'bool', id: 8, options: { default: true } },
              background_label_id: { type: 'uint32', id: 9, options: { default: 0 } },
              use_difficult_gt: { type: 'bool', id: 10, options: { default: true } },
              do_neg_mining: { type: 'bool', id: 11 },
              neg_pos_ratio: { type: 'float', id: 12, options: { default: 3 } },
              neg_overlap: { type: 'float', id: 13, options: { default: 0.5 } },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 14, options: { default: 'CORNER' } },
              encode_variance_in_target: { type: 'bool', id: 16, options: { default: false } },
              map_object_to_agnostic: { type: 'bool', id: 17, options: { default: false } },
              ignore_cross_boundary_bbox: { type: 'bool', id: 18, options: { default: false } },
              bp_inside: { type: 'bool', id: 19, options: { default: false } },
              mining_type: { type: 'MiningType', id: 20, options: { default: 'MAX_NEGATIVE' } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 21 },
              sample_size: { type: 'int32', id: 22, options: { default: 64 } },
              use_prior_for_nms: { type: 'bool', id: 23, options: { default: false } },
            },
            nested: {
              LocLossType: {
                values: { L2: 0, SMOOTH_L1: 1 },
              },
              ConfLossType: {
                values: { SOFTMAX: 0, LOGISTIC: 1 },
              },
              MatchType: {
                values: { BIPARTITE: 0, PER_PREDICTION: 1 },
              },
              MiningType: {
                values: { NONE: 0, MAX_NEGATIVE: 1, HARD_EXAMPLE: 2 },
              },
            },
          },
          NormalizeParameter: {
            fields: {
              across_spatial: { type: 'bool', id: 1, options: { default: true } },
              scale_filler: { type: 'FillerParameter', id: 2 },
              channel_shared: { type: 'bool', id: 3, options: { default: true } },
              eps: { type: 'float', id: 4, options: { default: 1e-10 } },
            },
          },
          PermuteParameter: {
            fields: {
              order: { rule: 'repeated', type: 'uint32', id: 1 },
            },
          },
          PriorBoxParameter: {
            fields: {
              min_size: { rule: 'repeated', type: 'float', id: 1 },
              max_size: { rule: 'repeated', type: 'float', id: 2 },
              aspect_ratio: { rule: 'repeated', type: 'float', id: 3 },
              flip: { type: 'bool', id: 4, options: { default: true } },
              clip: { type: 'bool', id: 5, options: { default: false } },
              variance: { rule: 'repeated', type: 'float', id: 6 },
              img_size: { type: 'uint32', id: 7 },
              img_h: { type: 'uint32', id: 8 },
              img_w: { type: 'uint32', id: 9 },
              step: { type: 'float', id: 10 },
              step_h: { type: 'float', id: 11 },
              step_w: { type: 'float', id: 12 },
              offset: { type: 'float', id: 13, options: { default: 0.5 } },
            },
            nested: {
              CodeType: {
                values: { CORNER: 1, CENTER_SIZE: 2, CORNER_SIZE: 3 },
              },
            },
          },
          V1LayerParameter: {
            fields: {
              relu6_param: { type: 'ReLUParameter', id: 61 },
            },
            nested: {
              LayerType: {
                values: { RELU6: 61 },
              },
            },
          },
          UpsampleParameter: {
            fields: {
              scale: { type: 'int32', id: 1, options: { default: 1 } },
            },
          },
        },
      },
    },
  },
  nvidia: {
    nested: {
      caffe: {
        nested: {
          Type: {
            values: { DOUBLE: 0, FLOAT: 1, FLOAT16: 2, INT: 3, UINT: 4, BOOL: 5 },
          },
          Packing: {
            values: { NCHW: 0, NHWC: 1 },
          },
          BlobProto: {
            fields: {
              raw_data_type: { type: 'Type', id: 10 },
              raw_diff_type: { type: 'Type', id: 11 },
              raw_data: { type: 'bytes', id: 12 },
              raw_diff: { type: 'bytes', id: 13 },
            },
          },
          Sampler: {
            fields: {
              min_scale: { type: 'float', id: 1, options: { default: 1 } },
              max_scale: { type: 'float', id: 2, options: { default: 1 } },
              min_aspect_ratio: { type: 'float', id: 3, options: { default: 1 } },
              max_aspect_ratio: { type: 'float', id: 4, options: { default: 1 } },
            },
          },
          SampleConstraint: {
            fields: {
              min_jaccard_overlap: { type: 'float', id: 1 },
              max_jaccard_overlap: { type: 'float', id: 2 },
              min_sample_coverage: { type: 'float', id: 3 },
              max_sample_coverage: { type: 'float', id: 4 },
              min_object_coverage: { type: 'float', id: 5 },
              max_object_coverage: { type: 'float', id: 6 },
            },
          },
          BatchSampler: {
            fields: {
              use_original_image: { type: 'bool', id: 1, options: { default: true } },
              sampler: { type: 'Sampler', id: 2 },
              sample_constraint: { type: 'SampleConstraint', id: 3 },
              max_sample: { type: 'uint32', id: 4 },
              max_trials: { type: 'uint32', id: 5, options: { default: 100 } },
            },
          },
          EmitConstraint: {
            fields: {
              emit_type: { type: 'EmitType', id: 1, options: { default: 'CENTER' } },
              emit_overlap: { type: 'float', id: 2 },
            },
            nested: {
              EmitType: {
                values: { CENTER: 0, MIN_OVERLAP: 1 },
              },
            },
          },
          AnnotatedDatum: {
            nested: {
              AnnotationType: {
                values: { BBOX: 0 },
              },
            },
          },
          NetParameter: {
            fields: {
              default_forward_type: { type: 'Type', id: 11, options: { default: 'FLOAT' } },
              default_backward_type: { type: 'Type', id: 12, options: { default: 'FLOAT' } },
              default_forward_math: { type: 'Type', id: 13, options: { default: 'FLOAT' } },
              default_backward_math: { type: 'Type', id: 14, options: { default: 'FLOAT' } },
              global_grad_scale: { type: 'float', id: 15, options: { default: 1 } },
              global_grad_scale_adaptive: { type: 'bool', id: 16, options: { default: false } },
              default_conv_algos_override: { type: 'string', id: 17, options: { default: '-1,-1,-1' } },
              reduce_buckets: { type: 'int32', id: 18, options: { default: 6 } },
              default_cudnn_math_override: { type: 'int32', id: 19, options: { default: -1 } },
              eltwise_mem_sharing: { type: 'bool', id: 20, options: { default: true } },
            },
          },
          SolverParameter: {
            fields: {
              eval_type: { type: 'string', id: 241, options: { default: 'classification' } },
              ap_version: { type: 'string', id: 242, options: { default: 'Integral' } },
              show_per_class_result: { type: 'bool', id: 244, options: { default: false } },
              test_initialization: { type: 'bool', id: 32, options: { default: false } },
              rampup_interval: { type: 'int32', id: 41, options: { default: 0 } },
              rampup_lr: { type: 'float', id: 42, options: { default: 0 } },
              min_lr: { type: 'float', id: 43, options: { default: 0 } },
              momentum_policy: { type: 'string', id: 46, options: { default: 'fixed' } },
              max_momentum: { type: 'float', id: 47, options: { default: 0.99 } },
              momentum_power: { type: 'float', id: 48, options: { default: 1 } },
              larc: { type: 'bool', id: 49, options: { default: false } },
              larc_policy: { type: 'string', id: 50, options: { default: 'scale' } },
              larc_eta: { type: 'float', id: 51, options: { default: 0.001 } },
              larc_turbo: { type: 'bool', id: 55, options: { default: false } },
              weight_decay_policy: { type: 'string', id: 52, options: { default: 'fixed' } },
              weight_decay_power: { type: 'float', id: 53, options: { default: 1 } },
              max_weight_decay: { type: 'float', id: 56, options: { default: 0 } },
              plateau_winsize: { rule: 'repeated', type: 'int32', id: 243 },
              solver_data_type: { type: 'Type', id: 44, options: { default: 'FLOAT' } },
              store_blobs_in_old_format: { type: 'bool', id: 45, options: { default: false } },
              test_and_snapshot_last_epochs: { type: 'int32', id: 54, options: { default: 0 } },
            },
            nested: {
              SolverType: {
                values: { SAG: 6 },
              },
            },
          },
          LayerParameter: {
            fields: {
              forward_type: { type: 'Type', id: 145, options: { default: 'FLOAT' } },
              backward_type: { type: 'Type', id: 146, options: { default: 'FLOAT' } },
              forward_math: { type: 'Type', id: 147, options: { default: 'FLOAT' } },
              backward_math: { type: 'Type', id: 148, options: { default: 'FLOAT' } },
              debug: { type: 'bool', id: 149, options: { default: false } },
              cudnn_math_override: { type: 'int32', id: 150, options: { default: -1 } },
              annotated_data_param: { type: 'AnnotatedDataParameter', id: 200 },
              detection_evaluate_param: { type: 'DetectionEvaluateParameter', id: 205 },
              detection_output_param: { type: 'DetectionOutputParameter', id: 204 },
              multibox_loss_param: { type: 'MultiBoxLossParameter', id: 201 },
              norm_param: { type: 'NormalizeParameter', id: 206 },
              permute_param: { type: 'PermuteParameter', id: 202 },
              prior_box_param: { type: 'PriorBoxParameter', id: 203 },
              video_data_param: { type: 'VideoDataParameter', id: 207 },
              recurrent_param: { type: 'RecurrentParameter', id: 151 },
              trt_param: { type: 'TRTParameter', id: 152 },
              detectnet_groundtruth_param: { type: 'DetectNetGroundTruthParameter', id: 6801 },
              detectnet_augmentation_param: { type: 'DetectNetAugmentationParameter', id: 6802 },
            },
          },
          TransformationParameter: {
            fields: {
              img_rand_resize_lower: { type: 'uint32', id: 10, options: { default: 0 } },
              img_rand_resize_upper: { type: 'uint32', id: 11, options: { default: 0 } },
              rand_resize_ratio_lower: { type: 'float', id: 12, options: { default: 0 } },
              rand_resize_ratio_upper: { type: 'float', id: 13, options: { default: 0 } },
              vertical_stretch_lower: { type: 'float', id: 14, options: { default: 1 } },
              vertical_stretch_upper: { type: 'float', id: 15, options: { default: 1 } },
              horizontal_stretch_lower: { type: 'float', id: 16, options: { default: 1 } },
              horizontal_stretch_upper: { type: 'float', id: 17, options: { default: 1 } },
              interpolation_algo_down: { type: 'InterpolationAlgo', id: 18, options: { default: 'INTER_NEAREST' } },
              interpolation_algo_up: { type: 'InterpolationAlgo', id: 19, options: { default: 'INTER_CUBIC' } },
              allow_upscale: { type: 'bool', id: 20, options: { default: false } },
              forward_packing: { type: 'Packing', id: 21, options: { default: 'NCHW' } },
              crop_h: { type: 'uint32', id: 211, options: { default: 0 } },
              crop_w: { type: 'uint32', id: 212, options: { default: 0 } },
              use_gpu_transform: { type: 'bool', id: 8, options: { default: false } },
              random_seed: { type: 'int64', id: 9, options: { default: -1 } },
              display: { type: 'bool', id: 22, options: { default: false } },
              num_labels: { type: 'int32', id: 23, options: { default: 0 } },
              resize_param: { type: 'ResizeParameter', id: 208 },
              noise_param: { type: 'NoiseParameter', id: 209 },
              distort_param: { type: 'DistortionParameter', id: 213 },
              expand_param: { type: 'ExpansionParameter', id: 214 },
              emit_constraint: { type: 'EmitConstraint', id: 210 },
            },
            nested: {
              InterpolationAlgo: {
                values: { INTER_NEAREST: 0, INTER_LINEAR: 1, INTER_CUBIC: 2, INTER_AREA: 3 },
              },
            },
          },
          DetectNetGroundTruthParameter: {
            fields: {
              stride: { type: 'uint32', id: 1, options: { default: 4 } },
              scale_cvg: { type: 'float', id: 2, options: { default: 0.5 } },
              gridbox_type: { type: 'GridboxType', id: 3, options: { default: 'GRIDBOX_MAX' } },
              max_cvg_len: { type: 'uint32', id: 4, options: { default: 50 } },
              min_cvg_len: { type: 'uint32', id: 5, options: { default: 50 } },
              coverage_type: { type: 'CoverageType', id: 7, options: { default: 'RECTANGULAR' } },
              image_size_x: { type: 'uint32', id: 8, options: { default: 1248 } },
              image_size_y: { type: 'uint32', id: 9, options: { default: 384 } },
              obj_norm: { type: 'bool', id: 11, options: { default: false } },
              crop_bboxes: { type: 'bool', id: 12, options: { default: true } },
              object_class: { rule: 'repeated', type: 'ClassMapping', id: 13 },
            },
            nested: {
              GridboxType: {
                values: { GRIDBOX_MAX: 0, GRIDBOX_MIN: 1 },
              },
              CoverageType: {
                values: { RECTANGULAR: 0 },
              },
              ClassMapping: {
                fields: {
                  src: { rule: 'required', type: 'uint32', id: 1 },
                  dst: { rule: 'required', type: 'uint32', id: 2 },
                },
              },
            },
          },
          DetectNetAugmentationParameter: {
            fields: {
              crop_prob: { type: 'float', id: 1, options: { default: 1 } },
              shift_x: { type: 'uint32', id: 2, options: { default: 0 } },
              shift_y: { type: 'uint32', id: 3, options: { default: 0 } },
              scale_prob: { type: 'float', id: 4, options: { default: 0.33 } },
              scale_min: { type: 'float', id: 5, options: { default: 0.7 } },
              scale_max: { type: 'float', id: 6, options: { default: 1 } },
              flip_prob: { type: 'float', id: 7, options: { default: 0.33 } },
              rotation_prob: { type: 'float', id: 8, options: { default: 0.33 } },
              max_rotate_degree: { type: 'float', id: 9, options: { default: 1 } },
              hue_rotation_prob: { type: 'float', id: 10, options: { default: 0.33 } },
              hue_rotation: { type: 'float', id: 11, options: { default: 15 } },
              desaturation_prob: { type: 'float', id: 12, options: { default: 0.33 } },
              desaturation_max: { type: 'float', id: 13, options: { default: 0.5 } },
              resize_param: { type: 'ResizeParameter', id: 208 },
              noise_param: { type: 'NoiseParameter', id: 209 },
              distort_param: { type: 'DistortionParameter', id: 213 },
              expand_param: { type: 'ExpansionParameter', id: 214 },
              emit_constraint: { type: 'EmitConstraint', id: 210 },
            },
          },
          ResizeParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              resize_mode: { type: 'Resize_mode', id: 2, options: { default: 'WARP' } },
              height: { type: 'uint32', id: 3, options: { default: 0 } },
              width: { type: 'uint32', id: 4, options: { default: 0 } },
              height_scale: { type: 'uint32', id: 8, options: { default: 0 } },
              width_scale: { type: 'uint32', id: 9, options: { default: 0 } },
              pad_mode: { type: 'Pad_mode', id: 5, options: { default: 'CONSTANT' } },
              pad_value: { rule: 'repeated', type: 'float', id: 6 },
              interp_mode: { rule: 'repeated', type: 'Interp_mode', id: 7 },
            },
            nested: {
              Resize_mode: {
                values: { WARP: 1, FIT_SMALL_SIZE: 2, FIT_LARGE_SIZE_AND_PAD: 3 },
              },
              Pad_mode: {
                values: { CONSTANT: 1, MIRRORED: 2, REPEAT_NEAREST: 3 },
              },
              Interp_mode: {
                values: { LINEAR: 1, AREA: 2, NEAREST: 3, CUBIC: 4, LANCZOS4: 5 },
              },
            },
          },
          SaltPepperParameter: {
            fields: {
              fraction: { type: 'float', id: 1, options: { default: 0 } },
              value: { rule: 'repeated', type: 'float', id: 2 },
            },
          },
          NoiseParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 0 } },
              hist_eq: { type: 'bool', id: 2, options: { default: false } },
              inverse: { type: 'bool', id: 3, options: { default: false } },
              decolorize: { type: 'bool', id: 4, options: { default: false } },
              gauss_blur: { type: 'bool', id: 5, options: { default: false } },
              jpeg: { type: 'float', id: 6, options: { default: -1 } },
              posterize: { type: 'bool', id: 7, options: { default: false } },
              erode: { type: 'bool', id: 8, options: { default: false } },
              saltpepper: { type: 'bool', id: 9, options: { default: false } },
              saltpepper_param: { type: 'SaltPepperParameter', id: 10 },
              clahe: { type: 'bool', id: 11, options: { default: false } },
              convert_to_hsv: { type: 'bool', id: 12, options: { default: false } },
              convert_to_lab: { type: 'bool', id: 13, options: { default: false } },
            },
          },
          DistortionParameter: {
            fields: {
              brightness_prob: { type: 'float', id: 1, options: { default: 0 } },
              brightness_delta: { type: 'float', id: 2, options: { default: 0 } },
              contrast_prob: { type: 'float', id: 3, options: { default: 0 } },
              contrast_lower: { type: 'float', id: 4, options: { default: 0 } },
              contrast_upper: { type: 'float', id: 5, options: { default: 0 } },
              hue_prob: { type: 'float', id: 6, options: { default: 0 } },
              hue_delta: { type: 'float', id: 7, options: { default: 0 } },
              saturation_prob: { type: 'float', id: 8, options: { default: 0 } },
              saturation_lower: { type: 'float', id: 9, options: { default: 0 } },
              saturation_upper: { type: 'float', id: 10, options: { default: 0 } },
              random_order_prob: { type: 'float', id: 11, options: { default: 0 } },
            },
          },
          ExpansionParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              max_expand_ratio: { type: 'float', id: 2, options: { default: 1 } },
            },
          },
          LossParameter: {
            fields: {
              label_smoothing: { type: 'float', id: 4, options: { default: 0 } },
            },
          },
          AnnotatedDataParameter: {
            fields: {
              batch_sampler: { rule: 'repeated', type: 'BatchSampler', id: 1 },
              label_map_file: { type: 'string', id: 2 },
              anno_type: { type: 'AnnotatedDatum.AnnotationType', id: 3 },
            },
          },
          BatchNormParameter: {
            fields: {
              scale_filler: { type: 'FillerParameter', id: 5 },
              bias_filler: { type: 'FillerParameter', id: 6 },
              scale_bias: { type: 'bool', id: 7, options: { default: false } },
              engine: { type: 'Engine', id: 15, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
              },
            },
          },
          ConvolutionParameter: {
            fields: {
              cudnn_convolution_algo_seeker: { type: 'CuDNNConvolutionAlgorithmSeeker', id: 19, options: { default: 'FINDEX' } },
              conv_algos_override: { type: 'string', id: 20, options: { default: '-1,-1,-1' } },
            },
            nested: {
              CuDNNConvolutionAlgorithmSeeker: {
                values: { GET: 0, FINDEX: 1 },
              },
            },
          },
          DataParameter: {
            fields: {
              threads: { type: 'uint32', id: 11, options: { default: 0 } },
              parser_threads: { type: 'uint32', id: 12, options: { default: 0 } },
              cache: { type: 'bool', id: 13, options: { default: false } },
              shuffle: { type: 'bool', id: 14, options: { default: false } },
              precache: { type: 'bool', id: 16, options: { default: false } },
            },
          },
          DetectionEvaluateParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              background_label_id: { type: 'uint32', id: 2, options: { default: 0 } },
              overlap_threshold: { type: 'float', id: 3, options: { default: 0.5 } },
              evaluate_difficult_gt: { type: 'bool', id: 4, options: { default: true } },
              name_size_file: { type: 'string', id: 5 },
              resize_param: { type: 'ResizeParameter', id: 6 },
            },
          },
          NonMaximumSuppressionParameter: {
            fields: {
              nms_threshold: { type: 'float', id: 1, options: { default: 0.3 } },
              top_k: { type: 'int32', id: 2 },
              eta: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          SaveOutputParameter: {
            fields: {
              output_directory: { type: 'string', id: 1 },
              output_name_prefix: { type: 'string', id: 2 },
              output_format: { type: 'string', id: 3 },
              label_map_file: { type: 'string', id: 4 },
              name_size_file: { type: 'string', id: 5 },
              num_test_image: { type: 'uint32', id: 6 },
              resize_param: { type: 'ResizeParameter', id: 7 },
            },
          },
          DetectionOutputParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              share_location: { type: 'bool', id: 2, options: { default: true } },
              background_label_id: { type: 'int32', id: 3, options: { default: 0 } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 4 },
              save_output_param: { type: 'SaveOutputParameter', id: 5 },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 6, options: { default: 'CORNER' } },
              variance_encoded_in_target: { type: 'bool', id: 8, options: { default: false } },
              keep_top_k: { type: 'int32', id: 7, options: { default: -1 } },
              confidence_threshold: { type: 'float', id: 9 },
              visualize: { type: 'bool', id: 10, options: { default: false } },
              visualize_threshold: { type: 'float', id: 11 },
              save_file: { type: 'string', id: 12 },
            },
          },
          DropoutParameter: {
            fields: {
              engine: { type: 'Engine', id: 2, options: { default: 'DEFAULT' } },
              random_seed: { type: 'int64', id: 3, options: { default: -1 } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
              },
            },
          },
          ELUParameter: {
            fields: {
              lambda: { type: 'float', id: 2, options: { default: 1 } },
            },
          },
          ImageDataParameter: {
            fields: {
              short_side: { type: 'uint32', id: 13, options: { default: 0 } },
              threads: { type: 'uint32', id: 14, options: { default: 4 } },
              cache: { type: 'bool', id: 15, options: { default: false } },
              precache: { type: 'bool', id: 16, options: { default: false } },
              dataset_share_per_node: { type: 'float', id: 17, options: { default: 1 } },
            },
          },
          MultiBoxLossParameter: {
            fields: {
              loc_loss_type: { type: 'LocLossType', id: 1, options: { default: 'SMOOTH_L1' } },
              conf_loss_type: { type: 'ConfLossType', id: 2, options: { default: 'SOFTMAX' } },
              loc_weight: { type: 'float', id: 3, options: { default: 1 } },
              num_classes: { type: 'uint32', id: 4 },
              share_location: { type: 'bool', id: 5, options: { default: true } },
              match_type: { type: 'MatchType', id: 6, options: { default: 'PER_PREDICTION' } },
              overlap_threshold: { type: 'float', id: 7, options: { default: 0.5 } },
              use_prior_for_matching: { type: 'bool', id: 8, options: { default: true } },
              background_label_id: { type: 'uint32', id: 9, options: { default: 0 } },
              use_difficult_gt: { type: 'bool', id: 10, options: { default: true } },
              do_neg_mining: { type: 'bool', id: 11 },
              neg_pos_ratio: { type: 'float', id: 12, options: { default: 3 } },
              neg_overlap: { type: 'float', id: 13, options: { default: 0.5 } },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 14, options: { default: 'CORNER' } },
              encode_variance_in_target: { type: 'bool', id: 16, options: { default: false } },
              map_object_to_agnostic: { type: 'bool', id: 17, options: { default: false } },
              ignore_cross_boundary_bbox: { type: 'bool', id: 18, options: { default: false } },
              bp_inside: { type: 'bool', id: 19, options: { default: false } },
              mining_type: { type: 'MiningType', id: 20, options: { default: 'MAX_NEGATIVE' } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 21 },
              sample_size: { type: 'int32', id: 22, options: { default: 64 } },
              use_prior_for_nms: { type: 'bool', id: 23, options: { default: false } },
              ignore_difficult_gt: { type: 'bool', id: 24, options: { default: false } },
            },
            nested: {
              LocLossType: {
                values: { L2: 0, SMOOTH_L1: 1 },
              },
              ConfLossType: {
                values: { SOFTMAX: 0, LOGISTIC: 1 },
              },
              MatchType: {
                values: { BIPARTITE: 0, PER_PREDICTION: 1 },
              },
              MiningType: {
                values: { NONE: 0, MAX_NEGATIVE: 1, HARD_EXAMPLE: 2 },
              },
            },
          },
          NormalizeParameter: {
            fields: {
              across_spatial: { type: 'bool', id: 1, options: { default: true } },
              scale_filler: { type: 'FillerParameter', id: 2 },
              channel_shared: { type: 'bool', id: 3, options: { default: true } },
              eps: { type: 'float', id: 4, options: { default: 1e-10 } },
            },
          },
          PermuteParameter: {
            fields: {
              order: { rule: 'repeated', type: 'uint32', id: 1 },
            },
          },
          PoolingParameter: {
            fields: {
              torch_pooling: { type: 'bool', id: 40, options: { default: false } },
            },
          },
          PriorBoxParameter: {
            fields: {
              min_size: { rule: 'repeated', type: 'float', id: 1 },
              max_size: { rule: 'repeated', type: 'float', id: 2 },
              aspect_ratio: { rule: 'repeated', type: 'float', id: 3 },
              flip: { type: 'bool', id: 4, options: { default: true } },
              clip: { type: 'bool', id: 5, options: { default: false } },
              variance: { rule: 'repeated', type: 'float', id: 6 },
              img_size: { type: 'uint32', id: 7 },
              img_h: { type: 'uint32', id: 8 },
              img_w: { type: 'uint32', id: 9 },
              step: { type: 'float', id: 10 },
              step_h: { type: 'float', id: 11 },
              step_w: { type: 'float', id: 12 },
              offset: { type: 'float', id: 13, options: { default: 0.5 } },
            },
            nested: {
              CodeType: {
                values: { CORNER: 1, CENTER_SIZE: 2, CORNER_SIZE: 3 },
              },
            },
          },
          TRTParameter: {
            fields: {
              trt_mode: { type: 'TRTMode', id: 1, options: { default: 'INT8' } },
              top_k: { type: 'uint32', id: 2, options: { default: 1 } },
              deploy: { rule: 'required', type: 'string', id: 3 },
              model: { rule: 'required', type: 'string', id: 4 },
              deploy_outputs: { rule: 'repeated', type: 'string', id: 5 },
              calibrator: { type: 'string', id: 6 },
            },
            nested: {
              TRTMode: {
                values: { FP32: 0, FP16: 1, INT8: 2 },
              },
            },
          },
          VideoDataParameter: {
            fields: {
              video_type: { type: 'VideoType', id: 1, options: { default: 'WEBCAM' } },
              device_id: { type: 'int32', id: 2, options: { default: 0 } },
              video_file: { type: 'string', id: 3 },
              skip_frames: { type: 'uint32', id: 4, options: { default: 0 } },
            },
            nested: {
              VideoType: {
                values: { WEBCAM: 0, VIDEO: 1 },
              },
            },
          },
        },
      },
    },
  },
  ristretto: {
    nested: {
      caffe: {
        nested: {
          LayerParameter: {
            fields: {
              quantization_param: { type: 'QuantizationParameter', id: 149 },
            },
          },
          QuantizationParameter: {
            fields: {
              precision: { type: 'Precision', id: 1, options: { default: 'DYNAMIC_FIXED_POINT' } },
              rounding_scheme: { type: 'Rounding', id: 2, options: { default: 'NEAREST' } },
              bw_layer_in: { type: 'uint32', id: 3, options: { default: 32 } },
              bw_layer_out: { type: 'uint32', id: 4, options: { default: 32 } },
              bw_params: { type: 'uint32', id: 5, options: { default: 32 } },
              fl_layer_in: { type: 'int32', id: 6, options: { default: 16 } },
              fl_layer_out: { type: 'int32', id: 7, options: { default: 16 } },
              fl_params: { type: 'int32', id: 8, options: { default: 16 } },
              mant_bits: { type: 'uint32', id: 9, options: { default: 23 } },
              exp_bits: { type: 'uint32', id: 10, options: { default: 8 } },
              exp_min: { type: 'int32', id: 11, options: { default: -8 } },
              exp_max: { type: 'int32', id: 12, options: { default: -1 } },
            },
            nested: {
              Precision: {
                values: { DYNAMIC_FIXED_POINT: 0, MINIFLOAT: 1, INTEGER_POWER_OF_2_WEIGHTS: 2 },
              },
              Rounding: {
                values: { NEAREST: 0, STOCHASTIC: 1 },
              },
            },
          },
        },
      },
    },
  },
  segnet: {
    nested: {
      caffe: {
        nested: {
          LayerParameter: {
            fields: {
              bn_param: { type: 'BNParameter', id: 45 },
              dense_image_data_param: { type: 'DenseImageDataParameter', id: 138 },
              upsample_param: { type: 'UpsampleParameter', id: 137 },
            },
          },
          LossParameter: {
            fields: {
              weight_by_label_freqs: { type: 'bool', id: 3, options: { default: false } },
              class_weighting: { rule: 'repeated', type: 'float', id: 4 },
            },
          },
          BNParameter: {
            fields: {
              scale_filler: { type: 'FillerParameter', id: 1 },
              shift_filler: { type: 'FillerParameter', id: 2 },
              bn_mode: { type: 'BNMode', id: 3, options: { default: 'LEARN' } },
            },
            nested: {
              BNMode: {
                values: { LEARN: 0, INFERENCE: 1 },
              },
            },
          },
          DenseImageDataParameter: {
            fields: {
              source: { type: 'string', id: 1 },
              batch_size: { type: 'uint32', id: 2 },
              rand_skip: { type: 'uint32', id: 3, options: { default: 0 } },
              shuffle: { type: 'bool', id: 4, options: { default: false } },
              new_height: { type: 'uint32', id: 5, options: { default: 0 } },
              new_width: { type: 'uint32', id: 6, options: { default: 0 } },
              is_color: { type: 'bool', id: 7, options: { default: true } },
              mean_file: { type: 'string', id: 8 },
              root_folder: { type: 'string', id: 9 },
            },
          },
          UpsampleParameter: {
            fields: {
              scale: { type: 'uint32', id: 1, options: { default: 2 } },
              scale_h: { type: 'uint32', id: 2 },
              scale_w: { type: 'uint32', id: 3 },
              pad_out_h: { type: 'bool', id: 4, options: { default: false } },
              pad_out_w: { type: 'bool', id: 5, options: { default: false } },
              upsample_h: { type: 'uint32', id: 6 },
              upsample_w: { type: 'uint32', id: 7 },
            },
          },
        },
      },
    },
  },
  ssd: {
    nested: {
      caffe: {
        nested: {
          Sampler: {
            fields: {
              min_scale: { type: 'float', id: 1, options: { default: 1 } },
              max_scale: { type: 'float', id: 2, options: { default: 1 } },
              min_aspect_ratio: { type: 'float', id: 3, options: { default: 1 } },
              max_aspect_ratio: { type: 'float', id: 4, options: { default: 1 } },
            },
          },
          SampleConstraint: {
            fields: {
              min_jaccard_overlap: { type: 'float', id: 1 },
              max_jaccard_overlap: { type: 'float', id: 2 },
              min_sample_coverage: { type: 'float', id: 3 },
              max_sample_coverage: { type: 'float', id: 4 },
              min_object_coverage: { type: 'float', id: 5 },
              max_object_coverage: { type: 'float', id: 6 },
            },
          },
          BatchSampler: {
            fields: {
              use_original_image: { type: 'bool', id: 1, options: { default: true } },
              sampler: { type: 'Sampler', id: 2 },
              sample_constraint: { type: 'SampleConstraint', id: 3 },
              max_sample: { type: 'uint32', id: 4 },
              max_trials: { type: 'uint32', id: 5, options: { default: 100 } },
            },
          },
          EmitConstraint: {
            fields: {
              emit_type: { type: 'EmitType', id: 1, options: { default: 'CENTER' } },
              emit_overlap: { type: 'float', id: 2 },
            },
            nested: {
              EmitType: {
                values: { CENTER: 0, MIN_OVERLAP: 1 },
              },
            },
          },
          AnnotatedDatum: {
            nested: {
              AnnotationType: {
                values: { BBOX: 0 },
              },
            },
          },
          SolverParameter: {
            fields: {
              eval_type: { type: 'string', id: 41, options: { default: 'classification' } },
              ap_version: { type: 'string', id: 42, options: { default: 'Integral' } },
              show_per_class_result: { type: 'bool', id: 44, options: { default: false } },
              plateau_winsize: { rule: 'repeated', type: 'int32', id: 43 },
            },
          },
          LayerParameter: {
            fields: {
              annotated_data_param: { type: 'AnnotatedDataParameter', id: 200 },
              detection_evaluate_param: { type: 'DetectionEvaluateParameter', id: 205 },
              detection_output_param: { type: 'DetectionOutputParameter', id: 204 },
              multibox_loss_param: { type: 'MultiBoxLossParameter', id: 201 },
              norm_param: { type: 'NormalizeParameter', id: 206 },
              permute_param: { type: 'PermuteParameter', id: 202 },
              prior_box_param: { type: 'PriorBoxParameter', id: 203 },
              video_data_param: { type: 'VideoDataParameter', id: 207 },
            },
          },
          TransformationParameter: {
            fields: {
              crop_h: { type: 'uint32', id: 11, options: { default: 0 } },
              crop_w: { type: 'uint32', id: 12, options: { default: 0 } },
              resize_param: { type: 'ResizeParameter', id: 8 },
              noise_param: { type: 'NoiseParameter', id: 9 },
              distort_param: { type: 'DistortionParameter', id: 13 },
              expand_param: { type: 'ExpansionParameter', id: 14 },
              emit_constraint: { type: 'EmitConstraint', id: 10 },
            },
          },
          ResizeParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              resize_mode: { type: 'Resize_mode', id: 2, options: { default: 'WARP' } },
              height: { type: 'uint32', id: 3, options: { default: 0 } },
              width: { type: 'uint32', id: 4, options: { default: 0 } },
              height_scale: { type: 'uint32', id: 8, options: { default: 0 } },
              width_scale: { type: 'uint32', id: 9, options: { default: 0 } },
              pad_mode: { type: 'Pad_mode', id: 5, options: { default: 'CONSTANT' } },
              pad_value: { rule: 'repeated', type: 'float', id: 6 },
              interp_mode: { rule: 'repeated', type: 'Interp_mode', id: 7 },
            },
            nested: {
              Resize_mode: {
                values: { WARP: 1, FIT_SMALL_SIZE: 2, FIT_LARGE_SIZE_AND_PAD: 3 },
              },
              Pad_mode: {
                values: { CONSTANT: 1, MIRRORED: 2, REPEAT_NEAREST: 3 },
              },
              Interp_mode: {
                values: { LINEAR: 1, AREA: 2, NEAREST: 3, CUBIC: 4, LANCZOS4: 5 },
              },
            },
          },
          SaltPepperParameter: {
            fields: {
              fraction: { type: 'float', id: 1, options: { default: 0 } },
              value: { rule: 'repeated', type: 'float', id: 2 },
            },
          },
          NoiseParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 0 } },
              hist_eq: { type: 'bool', id: 2, options: { default: false } },
              inverse: { type: 'bool', id: 3, options: { default: false } },
              decolorize: { type: 'bool', id: 4, options: { default: false } },
              gauss_blur: { type: 'bool', id: 5, options: { default: false } },
              jpeg: { type: 'float', id: 6, options: { default: -1 } },
              posterize: { type: 'bool', id: 7, options: { default: false } },
              erode: { type: 'bool', id: 8, options: { default: false } },
              saltpepper: { type: 'bool', id: 9, options: { default: false } },
              saltpepper_param: { type: 'SaltPepperParameter', id: 10 },
              clahe: { type: 'bool', id: 11, options: { default: false } },
              convert_to_hsv: { type: 'bool', id: 12, options: { default: false } },
              convert_to_lab: { type: 'bool', id: 13, options: { default: false } },
            },
          },
          DistortionParameter: {
            fields: {
              brightness_prob: { type: 'float', id: 1, options: { default: 0 } },
              brightness_delta: { type: 'float', id: 2, options: { default: 0 } },
              contrast_prob: { type: 'float', id: 3, options: { default: 0 } },
              contrast_lower: { type: 'float', id: 4, options: { default: 0 } },
              contrast_upper: { type: 'float', id: 5, options: { default: 0 } },
              hue_prob: { type: 'float', id: 6, options: { default: 0 } },
              hue_delta: { type: 'float', id: 7, options: { default: 0 } },
              saturation_prob: { type: 'float', id: 8, options: { default: 0 } },
              saturation_lower: { type: 'float', id: 9, options: { default: 0 } },
              saturation_upper: { type: 'float', id: 10, options: { default: 0 } },
              random_order_prob: { type: 'float', id: 11, options: { default: 0 } },
            },
          },
          ExpansionParameter: {
            fields: {
              prob: { type: 'float', id: 1, options: { default: 1 } },
              max_expand_ratio: { type: 'float', id: 2, options: { default: 1 } },
            },
          },
          AnnotatedDataParameter: {
            fields: {
              batch_sampler: { rule: 'repeated', type: 'BatchSampler', id: 1 },
              label_map_file: { type: 'string', id: 2 },
              anno_type: { type: 'AnnotatedDatum.AnnotationType', id: 3 },
            },
          },
          DetectionEvaluateParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              background_label_id: { type: 'uint32', id: 2, options: { default: 0 } },
              overlap_threshold: { type: 'float', id: 3, options: { default: 0.5 } },
              evaluate_difficult_gt: { type: 'bool', id: 4, options: { default: true } },
              name_size_file: { type: 'string', id: 5 },
              resize_param: { type: 'ResizeParameter', id: 6 },
            },
          },
          NonMaximumSuppressionParameter: {
            fields: {
              nms_threshold: { type: 'float', id: 1, options: { default: 0.3 } },
              top_k: { type: 'int32', id: 2 },
              eta: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          SaveOutputParameter: {
            fields: {
              output_directory: { type: 'string', id: 1 },
              output_name_prefix: { type: 'string', id: 2 },
              output_format: { type: 'string', id: 3 },
              label_map_file: { type: 'string', id: 4 },
              name_size_file: { type: 'string', id: 5 },
              num_test_image: { type: 'uint32', id: 6 },
              resize_param: { type: 'ResizeParameter', id: 7 },
            },
          },
          DetectionOutputParameter: {
            fields: {
              num_classes: { type: 'uint32', id: 1 },
              share_location: { type: 'bool', id: 2, options: { default: true } },
              background_label_id: { type: 'int32', id: 3, options: { default: 0 } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 4 },
              save_output_param: { type: 'SaveOutputParameter', id: 5 },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 6, options: { default: 'CORNER' } },
              variance_encoded_in_target: { type: 'bool', id: 8, options: { default: false } },
              keep_top_k: { type: 'int32', id: 7, options: { default: -1 } },
              confidence_threshold: { type: 'float', id: 9 },
              visualize: { type: 'bool', id: 10, options: { default: false } },
              visualize_threshold: { type: 'float', id: 11 },
              save_file: { type: 'string', id: 12 },
            },
          },
          MultiBoxLossParameter: {
            fields: {
              loc_loss_type: { type: 'LocLossType', id: 1, options: { default: 'SMOOTH_L1' } },
              conf_loss_type: { type: 'ConfLossType', id: 2, options: { default: 'SOFTMAX' } },
              loc_weight: { type: 'float', id: 3, options: { default: 1 } },
              num_classes: { type: 'uint32', id: 4 },
              share_location: { type: 'bool', id: 5, options: { default: true } },
              match_type: { type: 'MatchType', id: 6, options: { default: 'PER_PREDICTION' } },
              overlap_threshold: { type: 'float', id: 7, options: { default: 0.5 } },
              use_prior_for_matching: { type: 'bool', id: 8, options: { default: true } },
              background_label_id: { type: 'uint32', id: 9, options: { default: 0 } },
              use_difficult_gt: { type: 'bool', id: 10, options: { default: true } },
              do_neg_mining: { type: 'bool', id: 11 },
              neg_pos_ratio: { type: 'float', id: 12, options: { default: 3 } },
              neg_overlap: { type: 'float', id: 13, options: { default: 0.5 } },
              code_type: { type: 'PriorBoxParameter.CodeType', id: 14, options: { default: 'CORNER' } },
              encode_variance_in_target: { type: 'bool', id: 16, options: { default: false } },
              map_object_to_agnostic: { type: 'bool', id: 17, options: { default: false } },
              ignore_cross_boundary_bbox: { type: 'bool', id: 18, options: { default: false } },
              bp_inside: { type: 'bool', id: 19, options: { default: false } },
              mining_type: { type: 'MiningType', id: 20, options: { default: 'MAX_NEGATIVE' } },
              nms_param: { type: 'NonMaximumSuppressionParameter', id: 21 },
              sample_size: { type: 'int32', id: 22, options: { default: 64 } },
              use_prior_for_nms: { type: 'bool', id: 23, options: { default: false } },
            },
            nested: {
              LocLossType: {
                values: { L2: 0, SMOOTH_L1: 1 },
              },
              ConfLossType: {
                values: { SOFTMAX: 0, LOGISTIC: 1 },
              },
              MatchType: {
                values: { BIPARTITE: 0, PER_PREDICTION: 1 },
              },
              MiningType: {
                values: { NONE: 0, MAX_NEGATIVE: 1, HARD_EXAMPLE: 2 },
              },
            },
          },
          NormalizeParameter: {
            fields: {
              across_spatial: { type: 'bool', id: 1, options: { default: true } },
              scale_filler: { type: 'FillerParameter', id: 2 },
              channel_shared: { type: 'bool', id: 3, options: { default: true } },
              eps: { type: 'float', id: 4, options: { default: 1e-10 } },
            },
          },
          PermuteParameter: {
            fields: {
              order: { rule: 'repeated', type: 'uint32', id: 1 },
            },
          },
          PriorBoxParameter: {
            fields: {
              min_size: { rule: 'repeated', type: 'float', id: 1 },
              max_size: { rule: 'repeated', type: 'float', id: 2 },
              aspect_ratio: { rule: 'repeated', type: 'float', id: 3 },
              flip: { type: 'bool', id: 4, options: { default: true } },
              clip: { type: 'bool', id: 5, options: { default: false } },
              variance: { rule: 'repeated', type: 'float', id: 6 },
              img_size: { type: 'uint32', id: 7 },
              img_h: { type: 'uint32', id: 8 },
              img_w: { type: 'uint32', id: 9 },
              step: { type: 'float', id: 10 },
              step_h: { type: 'float', id: 11 },
              step_w: { type: 'float', id: 12 },
              offset: { type: 'float', id: 13, options: { default: 0.5 } },
            },
            nested: {
              CodeType: {
                values: { CORNER: 1, CENTER_SIZE: 2, CORNER_SIZE: 3 },
              },
            },
          },
          VideoDataParameter: {
            fields: {
              video_type: { type: 'VideoType', id: 1, options: { default: 'WEBCAM' } },
              device_id: { type: 'int32', id: 2, options: { default: 0 } },
              video_file: { type: 'string', id: 3 },
              skip_frames: { type: 'uint32', id: 4, options: { default: 0 } },
            },
            nested: {
              VideoType: {
                values: { WEBCAM: 0, VIDEO: 1 },
              },
            },
          },
        },
      },
    },
  },
  synopsys: {
    nested: {
      caffe: {
        nested: {
          LayerParameter: {
            fields: {
              squeeze_param: { type: 'SqueezeParameter', id: 241 },
            },
          },
          ConvolutionParameter: {
            fields: {
              pad_l: { type: 'uint32', id: 26, options: { default: 0 } },
              pad_r: { type: 'uint32', id: 27, options: { default: 0 } },
              pad_t: { type: 'uint32', id: 28, options: { default: 0 } },
              pad_b: { type: 'uint32', id: 29, options: { default: 0 } },
            },
          },
          PoolingParameter: {
            fields: {
              pad_l: { type: 'uint32', id: 16, options: { default: 0 } },
              pad_r: { type: 'uint32', id: 17, options: { default: 0 } },
              pad_t: { type: 'uint32', id: 18, options: { default: 0 } },
              pad_b: { type: 'uint32', id: 19, options: { default: 0 } },
              ceil_mode: { type: 'bool', id: 14, options: { default: true } },
            },
            nested: {
              PoolMethod: {
                values: { AVE_EXC_PAD: 3, AVE_TF: 3 },
              },
            },
          },
          ReLUParameter: {
            fields: {
              relu6: { type: 'bool', id: 3, options: { default: false } },
            },
          },
          ReshapeParameter: {
            fields: {
              pixelshuffler: { type: 'int32', id: 4, options: { default: 1 } },
            },
          },
          SqueezeParameter: {
            fields: {
              axis: { rule: 'repeated', type: 'int32', id: 1 },
            },
          },
        },
      },
    },
  },
  'temporal-segment': {
    nested: {
      caffe: {
        nested: {
          NetParameter: {
            fields: {
              mem_param: { type: 'MemoryOptimizationParameter', id: 200 },
            },
          },
          SolverParameter: {
            fields: {
              device_id: { rule: 'repeated', type: 'int32', id: 18 },
              group_id: { rule: 'repeated', type: 'int32', id: 38 },
              richness: { type: 'int32', id: 37, options: { default: 300 } },
            },
          },
          LayerParameter: {
            fields: {
              bn_param: { type: 'BNParameter', id: 137 },
              seg_data_param: { type: 'SegDataParameter', id: 141 },
              video_data_param: { type: 'VideoDataParameter', id: 140 },
              roi_pooling_param: { type: 'ROIPoolingParameter', id: 150 },
              scale_param: { type: 'ScaleParameter', id: 160 },
              bias_param: { type: 'BiasParameter', id: 161 },
              batch_reduction_param: { type: 'BatchReductionParameter', id: 162 },
            },
          },
          TransformationParameter: {
            fields: {
              fix_crop: { type: 'bool', id: 10, options: { default: false } },
              more_fix_crop: { type: 'bool', id: 15, options: { default: false } },
              multi_scale: { type: 'bool', id: 11, options: { default: false } },
              scale_ratios: { rule: 'repeated', type: 'float', id: 12 },
              max_distort: { type: 'int32', id: 13, options: { default: 1 } },
              is_flow: { type: 'bool', id: 14, options: { default: false } },
              original_image: { type: 'bool', id: 20, options: { default: false } },
              stride: { type: 'int32', id: 16, options: { default: 1 } },
              upper_size: { type: 'int32', id: 17 },
              upper_height: { type: 'int32', id: 18 },
              upper_width: { type: 'int32', id: 19 },
            },
          },
          BNParameter: {
            fields: {
              slope_filler: { type: 'FillerParameter', id: 1 },
              bias_filler: { type: 'FillerParameter', id: 2 },
              momentum: { type: 'float', id: 3, options: { default: 0.9 } },
              eps: { type: 'float', id: 4, options: { default: 0.00001 } },
              frozen: { type: 'bool', id: 5, options: { default: false } },
              engine: { type: 'Engine', id: 6, options: { default: 'DEFAULT' } },
            },
            nested: {
              Engine: {
                values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
              },
            },
          },
          ConvolutionParameter: {
            fields: {
              dilation: { type: 'uint32', id: 16, options: { default: 1 } },
              dilation_h: { type: 'uint32', id: 17 },
              dilation_w: { type: 'uint32', id: 18 },
            },
          },
          DataParameter: {
            fields: {
              shuffle: { type: 'bool', id: 10, options: { default: false } },
            },
          },
          EltwiseParameter: {
            nested: {
              EltwiseOp: {
                values: { STOCHASTIC_SUM: 3 },
              },
            },
          },
          VideoDataParameter: {
            fields: {
              source: { type: 'string', id: 1 },
              batch_size: { type: 'uint32', id: 4 },
              rand_skip: { type: 'uint32', id: 7, options: { default: 0 } },
              shuffle: { type: 'bool', id: 8, options: { default: false } },
              new_height: { type: 'uint32', id: 9, options: { default: 0 } },
              new_width: { type: 'uint32', id: 10, options: { default: 0 } },
              new_length: { type: 'uint32', id: 11, options: { default: 1 } },
              num_segments: { type: 'uint32', id: 12, options: { default: 1 } },
              scale: { type: 'float', id: 2, options: { default: 1 } },
              mean_file: { type: 'string', id: 3 },
              crop_size: { type: 'uint32', id: 5, options: { default: 0 } },
              mirror: { type: 'bool', id: 6, options: { default: false } },
              modality: { type: 'Modality', id: 13, options: { default: 'FLOW' } },
              name_pattern: { type: 'string', id: 14 },
              encoded: { type: 'bool', id: 15, options: { default: false } },
              grayscale: { type: 'bool', id: 16, options: { default: false } },
            },
            nested: {
              Modality: {
                values: { RGB: 0, FLOW: 1 },
              },
            },
          },
          ReductionParameter: {
            fields: {
              k: { type: 'int32', id: 4, options: { default: 1 } },
            },
            nested: {
              ReductionOp: {
                values: { TOPK: 5 },
              },
            },
          },
          SegDataParameter: {
            fields: {
              source: { type: 'string', id: 1 },
              root_dir: { type: 'string', id: 2 },
              shuffle: { type: 'bool', id: 3, options: { default: false } },
              balance: { type: 'bool', id: 4, options: { default: false } },
            },
          },
          ROIPoolingParameter: {
            fields: {
              pooled_h: { type: 'uint32', id: 1, options: { default: 0 } },
              pooled_w: { type: 'uint32', id: 2, options: { default: 0 } },
              spatial_scale: { type: 'float', id: 3, options: { default: 1 } },
            },
          },
          BatchReductionParameter: {
            fields: {
              level: { rule: 'repeated', type: 'int32', id: 1 },
              reduction_param: { type: 'ReductionParameter', id: 2 },
              pos: { type: 'bool', id: 3, options: { default: false } },
            },
          },
          MemoryOptimizationParameter: {
            fields: {
              optimize_train: { type: 'bool', id: 1, options: { default: true } },
              optimize_test: { type: 'bool', id: 2, options: { default: false } },
              exclude_blob: { rule: 'repeated', type: 'string', id: 3 },
            },
          },
        },
      },
    },
  },
};
