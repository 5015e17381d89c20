// Made by tools/generate-protos.mjs from proto/caffe.proto and proto/dialects/*.tsv. Do not edit.

/** `LayerParameter` with the fields of every dialect. */
export interface AnyLayerParameter {
  name?: string | undefined;
  type?: string | undefined;
  bottom?: readonly string[] | undefined;
  top?: readonly string[] | undefined;
  phase?: 'TRAIN' | 'TEST' | undefined;
  loss_weight?: readonly number[] | undefined;
  param?: readonly AnyParamSpec[] | undefined;
  blobs?: readonly AnyBlobProto[] | undefined;
  propagate_down?: readonly boolean[] | undefined;
  include?: readonly AnyNetStateRule[] | undefined;
  exclude?: readonly AnyNetStateRule[] | undefined;
  transform_param?: AnyTransformationParameter | undefined;
  loss_param?: AnyLossParameter | undefined;
  accuracy_param?: AnyAccuracyParameter | undefined;
  argmax_param?: AnyArgMaxParameter | undefined;
  batch_norm_param?: AnyBatchNormParameter | undefined;
  bias_param?: AnyBiasParameter | undefined;
  clip_param?: AnyClipParameter | undefined;
  concat_param?: AnyConcatParameter | undefined;
  contrastive_loss_param?: AnyContrastiveLossParameter | undefined;
  convolution_param?: AnyConvolutionParameter | undefined;
  crop_param?: AnyCropParameter | undefined;
  data_param?: AnyDataParameter | undefined;
  dropout_param?: AnyDropoutParameter | undefined;
  dummy_data_param?: AnyDummyDataParameter | undefined;
  eltwise_param?: AnyEltwiseParameter | undefined;
  elu_param?: AnyELUParameter | undefined;
  embed_param?: AnyEmbedParameter | undefined;
  exp_param?: AnyExpParameter | undefined;
  flatten_param?: AnyFlattenParameter | undefined;
  hdf5_data_param?: AnyHDF5DataParameter | undefined;
  hdf5_output_param?: AnyHDF5OutputParameter | undefined;
  hinge_loss_param?: AnyHingeLossParameter | undefined;
  image_data_param?: AnyImageDataParameter | undefined;
  infogain_loss_param?: AnyInfogainLossParameter | undefined;
  inner_product_param?: AnyInnerProductParameter | undefined;
  input_param?: AnyInputParameter | undefined;
  log_param?: AnyLogParameter | undefined;
  lrn_param?: AnyLRNParameter | undefined;
  memory_data_param?: AnyMemoryDataParameter | undefined;
  mvn_param?: AnyMVNParameter | undefined;
  parameter_param?: AnyParameterParameter | undefined;
  pooling_param?: AnyPoolingParameter | undefined;
  power_param?: AnyPowerParameter | undefined;
  prelu_param?: AnyPReLUParameter | undefined;
  python_param?: AnyPythonParameter | undefined;
  recurrent_param?: AnyRecurrentParameter | undefined;
  reduction_param?: AnyReductionParameter | undefined;
  relu_param?: AnyReLUParameter | undefined;
  reshape_param?: AnyReshapeParameter | undefined;
  scale_param?: AnyScaleParameter | undefined;
  sigmoid_param?: AnySigmoidParameter | undefined;
  softmax_param?: AnySoftmaxParameter | undefined;
  spp_param?: AnySPPParameter | undefined;
  slice_param?: AnySliceParameter | undefined;
  swish_param?: AnySwishParameter | undefined;
  tanh_param?: AnyTanHParameter | undefined;
  threshold_param?: AnyThresholdParameter | undefined;
  tile_param?: AnyTileParameter | undefined;
  window_data_param?: AnyWindowDataParameter | undefined;
  detection_output_param?: AnyDetectionOutputParameter | undefined;
  smooth_l1_loss_param?: AnySmoothL1LossParameter | undefined;
  permute_param?: AnyPermuteParameter | undefined;
  prior_box_param?: AnyPriorBoxParameter | undefined;
  norm_param?: AnyNormalizeParameter | undefined;
  psroi_pooling_param?: AnyPSROIPoolingParameter | undefined;
  freespace_extract_param?: AnyFreespaceExtractParameter | undefined;
  postprocess_param?: AnyPostprocessParameter | undefined;
  spatial_transform_param?: AnySpatialTransformParameter | undefined;
  roi_align_param?: AnyROIAlignParameter | undefined;
  reorg_param?: AnyReorgParameter | undefined;
  region_param?: AnyRegionParameter | undefined;
  reverse_param?: AnyReverseParameter | undefined;
  interp_param?: AnyInterpParameter | undefined;
  shuffle_channel_param?: AnyShuffleChannelParameter | undefined;
  upsample_param?: AnyUpsampleParameter | undefined;
  roi_pooling_param?: AnyROIPoolingParameter | undefined;
  yolo_param?: AnyYoloParameter | undefined;
  yolov3_detection_output_param?: AnyYoloV3DetectionOutputParameter | AnyYolov3DetectionOutputParameter | undefined;
  proposal_param?: AnyProposalParameter | undefined;
  fsrdetectionoutput_param?: AnyFSRDetectionOutputParameter | undefined;
  ssddetectionoutput_param?: AnySSDDetectionOutputParameter | undefined;
  yolov2_detection_output_param?: AnyYoloV2DetectionOutputParameter | undefined;
  condtake_param?: AnyCondTakeParameter | undefined;
  matrix_inverse_param?: AnyMatrixInverseParameter | undefined;
  warp_perspective_param?: AnyWarpPerspectiveParameter | undefined;
  batch_matmul_param?: AnyBatchMatMulParameter | undefined;
  st_param?: AnySpatialTransformerParameter | undefined;
  yolov3_detection_output_v2_param?: AnyYoloV3DetectionOutputV2Parameter | undefined;
  quant_param?: AnyQuantParameter | undefined;
  dequant_param?: AnyDeQuantParameter | undefined;
  ifmr_param?: AnyIFMRParameter | undefined;
  lstm_quant_param?: AnyLSTMQuantParameter | undefined;
  search_n_param?: AnySearchNParameter | undefined;
  retrain_data_quant_param?: AnyRetrainDataQuantParameter | undefined;
  retrain_weight_quant_param?: AnyRetrainWeightQuantParameter | undefined;
  lstm_calibration_param?: AnyLstmCalibrationParameter | undefined;
  bn_param?: AnyBNParameter | undefined;
  local_param?: AnyLocalParameter | undefined;
  insanity_param?: AnyInsanityParameter | undefined;
  triplet_loss_param?: AnyTripletLossParameter | undefined;
  eltwise_affine_param?: AnyEltwiseAffineParameter | undefined;
  sub_region_param?: AnySubRegionParameter | undefined;
  noise_param?: AnyNoiseParameter | undefined;
  hotspot_param?: AnyHotspotParameter | undefined;
  predict_box_param?: AnyPredictBoxParameter | undefined;
  mil_data_param?: AnyMILDataParameter | undefined;
  mil_param?: AnyMILParameter | undefined;
  fcn_data_param?: AnyFCNDataParameter | undefined;
  center_loss_param?: AnyCenterLossParameter | undefined;
  flip_param?: AnyFlipParameter | undefined;
  inner_distance_param?: AnyInnerDistanceParameter | undefined;
  normalize_param?: AnyNormalizeParameter | undefined;
  general_contrastive_loss_param?: AnyGeneralContrastiveParameter | undefined;
  soft_contrastive_loss_param?: AnySoftContrastiveParameter | undefined;
  general_triplet_loss_param?: AnyGeneralTripletParameter | undefined;
  soft_truncation_param?: AnySoftTruncationParameter | undefined;
  pairwise_param?: AnyPairwiseParameter | undefined;
  smoothl1_param?: AnySmoothL1Parameter | undefined;
  batch_contrastive_loss_param?: AnyBatchContrastiveParameter | undefined;
  truncation_param?: AnyTruncationParameter | undefined;
  nca_param?: AnyNCAParameter | undefined;
  largemargin_inner_product_param?: AnyLargeMarginInnerProductParameter | undefined;
  label_specific_rescale_param?: AnyLabelSpecificRescaleParameter | undefined;
  infimum_loss_param?: AnyInfimumLossParamter | undefined;
  ordinal_regression_loss_param?: AnyOrdinalRegressionParameter | undefined;
  resize_param?: AnyResizeParameter | undefined;
  margin_inner_product_param?: AnyMarginInnerProductParameter | undefined;
  feature_decay_loss_param?: AnyFeatureDecayLossParameter | undefined;
  confidence_penalty_loss_param?: AnyConfidencePenaltyLossParameter | undefined;
  focal_loss_param?: AnyFocalLossParameter | undefined;
  label_specific_margin_param?: AnyLabelSpecificMarginParameter | undefined;
  channel_scale_param?: AnyChannelScaleParameter | undefined;
  label_specific_affine_param?: AnyLabelSpecificAffineParameter | undefined;
  label_specific_hard_margin_param?: AnyLabelSpecificHardMarginParameter | undefined;
  label_specific_add_param?: AnyLabelSpecificAddParameter | undefined;
  annotated_data_param?: AnyAnnotatedDataParameter | undefined;
  box_annotator_ohem_param?: AnyBoxAnnotatorOHEMParameter | undefined;
  detection_evaluate_param?: AnyDetectionEvaluateParameter | undefined;
  multibox_loss_param?: AnyMultiBoxLossParameter | undefined;
  split_param?: AnySplitParameter | undefined;
  video_data_param?: AnyVideoDataParameter | undefined;
  spatial_dropout_param?: AnySpatialDropoutParameter | undefined;
  engine?: string | undefined;
  multinode?: AnyMultinodeLayerParameter | undefined;
  mn_activation_param?: AnyMnActivationParameter | undefined;
  mn_grad_compress_param?: AnyMnParamGradCompressParameter | undefined;
  quantization_param?: AnyQuantizationParameter | undefined;
  region_loss_param?: AnyRegionLossParameter | undefined;
  eval_detection_param?: AnyEvalDetectionParameter | undefined;
  yolov3_param?: AnyYolov3Parameter | undefined;
  yolo_seg_param?: AnyYoloSegParameter | undefined;
  segmentation_evaluate_param?: AnySegmentationEvaluateParameter | undefined;
  yolo_detection_output_param?: AnyYoloDetectionOutputParameter | undefined;
  relu6_param?: AnyReLUParameter | undefined;
  forward_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  backward_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  forward_math?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  backward_math?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  debug?: boolean | undefined;
  cudnn_math_override?: number | undefined;
  trt_param?: AnyTRTParameter | undefined;
  detectnet_groundtruth_param?: AnyDetectNetGroundTruthParameter | undefined;
  detectnet_augmentation_param?: AnyDetectNetAugmentationParameter | undefined;
  dense_image_data_param?: AnyDenseImageDataParameter | undefined;
  squeeze_param?: AnySqueezeParameter | undefined;
  seg_data_param?: AnySegDataParameter | undefined;
  batch_reduction_param?: AnyBatchReductionParameter | undefined;
}

/** `NetParameter` with the fields of every dialect. */
export interface AnyNetParameter {
  name?: string | undefined;
  input?: readonly string[] | undefined;
  input_shape?: readonly AnyBlobShape[] | undefined;
  input_dim?: readonly number[] | undefined;
  force_backward?: boolean | undefined;
  state?: AnyNetState | undefined;
  debug_info?: boolean | undefined;
  layer?: readonly AnyLayerParameter[] | undefined;
  layers?: readonly AnyV1LayerParameter[] | undefined;
  compile_net_state?: AnyCompileNetState | undefined;
  engine?: string | undefined;
  bn_stats_batch_size?: number | undefined;
  multinode?: AnyMultinodeParameter | undefined;
  default_forward_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  default_backward_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  default_forward_math?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  default_backward_math?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  global_grad_scale?: number | undefined;
  global_grad_scale_adaptive?: boolean | undefined;
  default_conv_algos_override?: string | undefined;
  reduce_buckets?: number | undefined;
  default_cudnn_math_override?: number | undefined;
  eltwise_mem_sharing?: boolean | undefined;
  mem_param?: AnyMemoryOptimizationParameter | undefined;
}

/** `SolverParameter` with the fields of every dialect. */
export interface AnySolverParameter {
  net?: string | undefined;
  net_param?: AnyNetParameter | undefined;
  train_net?: string | undefined;
  test_net?: readonly string[] | undefined;
  train_net_param?: AnyNetParameter | undefined;
  test_net_param?: readonly AnyNetParameter[] | undefined;
  train_state?: AnyNetState | undefined;
  test_state?: readonly AnyNetState[] | undefined;
  test_iter?: readonly number[] | undefined;
  test_interval?: number | undefined;
  test_compute_loss?: boolean | undefined;
  test_initialization?: boolean | undefined;
  base_lr?: number | undefined;
  display?: number | undefined;
  average_loss?: number | undefined;
  max_iter?: number | undefined;
  iter_size?: number | undefined;
  lr_policy?: string | undefined;
  gamma?: number | undefined;
  power?: number | undefined;
  momentum?: number | undefined;
  weight_decay?: number | undefined;
  regularization_type?: string | undefined;
  stepsize?: number | undefined;
  stepvalue?: readonly number[] | undefined;
  clip_gradients?: number | undefined;
  snapshot?: number | undefined;
  snapshot_prefix?: string | undefined;
  snapshot_diff?: boolean | undefined;
  snapshot_format?: 'HDF5' | 'BINARYPROTO' | undefined;
  solver_mode?: 'CPU' | 'GPU' | undefined;
  device_id?: number | readonly number[] | undefined;
  random_seed?: number | undefined;
  type?: string | undefined;
  delta?: number | undefined;
  momentum2?: number | undefined;
  rms_decay?: number | undefined;
  debug_info?: boolean | undefined;
  snapshot_after_train?: boolean | undefined;
  solver_type?: 'SGD' | 'NESTEROV' | 'ADAGRAD' | 'RMSPROP' | 'ADADELTA' | 'ADAM' | 'SAG' | undefined;
  layer_wise_reduce?: boolean | undefined;
  weights?: readonly string[] | undefined;
  clamp_weights_lower?: number | undefined;
  clamp_weights_upper?: number | undefined;
  clip_weights?: number | undefined;
  eval_type?: string | undefined;
  ap_version?: string | undefined;
  show_per_class_result?: boolean | undefined;
  plateau_winsize?: readonly number[] | undefined;
  stagelr?: readonly number[] | undefined;
  stageiter?: readonly number[] | undefined;
  disabled_update?: boolean | undefined;
  engine?: string | undefined;
  warmup_iter?: number | undefined;
  warmup_start_lr?: number | undefined;
  local_lr_auto?: boolean | undefined;
  local_gw_ratio?: number | undefined;
  test_offset?: number | undefined;
  rampup_interval?: number | undefined;
  rampup_lr?: number | undefined;
  min_lr?: number | undefined;
  momentum_policy?: string | undefined;
  max_momentum?: number | undefined;
  momentum_power?: number | undefined;
  larc?: boolean | undefined;
  larc_policy?: string | undefined;
  larc_eta?: number | undefined;
  larc_turbo?: boolean | undefined;
  weight_decay_policy?: string | undefined;
  weight_decay_power?: number | undefined;
  max_weight_decay?: number | undefined;
  solver_data_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  store_blobs_in_old_format?: boolean | undefined;
  test_and_snapshot_last_epochs?: number | undefined;
  group_id?: readonly number[] | undefined;
  richness?: number | undefined;
}

/** `ParamSpec` with the fields of every dialect. */
export interface AnyParamSpec {
  name?: string | undefined;
  share_mode?: 'STRICT' | 'PERMISSIVE' | undefined;
  lr_mult?: number | undefined;
  decay_mult?: number | undefined;
}

/** `BlobProto` with the fields of every dialect. */
export interface AnyBlobProto {
  shape?: AnyBlobShape | undefined;
  data?: readonly number[] | undefined;
  diff?: readonly number[] | undefined;
  double_data?: readonly number[] | undefined;
  double_diff?: readonly number[] | undefined;
  num?: number | undefined;
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
  int8_data?: Uint8Array | undefined;
  int32_data?: readonly number[] | undefined;
  uint64_data?: readonly number[] | undefined;
  raw_data_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  raw_diff_type?: 'DOUBLE' | 'FLOAT' | 'FLOAT16' | 'INT' | 'UINT' | 'BOOL' | undefined;
  raw_data?: Uint8Array | undefined;
  raw_diff?: Uint8Array | undefined;
}

/** `NetStateRule` with the fields of every dialect. */
export interface AnyNetStateRule {
  phase?: 'TRAIN' | 'TEST' | undefined;
  min_level?: number | undefined;
  max_level?: number | undefined;
  stage?: readonly string[] | undefined;
  not_stage?: readonly string[] | undefined;
}

/** `TransformationParameter` with the fields of every dialect. */
export interface AnyTransformationParameter {
  scale?: number | undefined;
  mirror?: boolean | undefined;
  crop_size?: number | undefined;
  mean_file?: string | undefined;
  mean_value?: readonly number[] | undefined;
  force_color?: boolean | undefined;
  force_gray?: boolean | undefined;
  crop_h?: number | undefined;
  crop_w?: number | undefined;
  center_crop?: boolean | undefined;
  erase_ratio?: number | undefined;
  scale_min?: number | undefined;
  scale_max?: number | undefined;
  aspect_min?: number | undefined;
  aspect_max?: number | undefined;
  resize_param?: AnyResizeParameter | readonly AnyResizeParameter[] | undefined;
  noise_param?: AnyNoiseParameter | undefined;
  distort_param?: AnyDistortionParameter | undefined;
  expand_param?: AnyExpansionParameter | undefined;
  emit_constraint?: AnyEmitConstraint | undefined;
  random_resize_param?: AnyRandomResizeParameter | undefined;
  random_aspect_ratio_param?: AnyRandomAspectRatioParameter | undefined;
  flow?: boolean | undefined;
  bgr2rgb?: boolean | undefined;
  pad?: number | undefined;
  enable_classf_aug?: boolean | undefined;
  min_scaling_factor?: number | undefined;
  max_scaling_factor?: number | undefined;
  max_rotation_angle?: number | undefined;
  contrast_brightness_adjustment?: boolean | undefined;
  smooth_filtering?: boolean | undefined;
  min_contrast?: number | undefined;
  max_contrast?: number | undefined;
  max_brightness_shift?: number | undefined;
  max_smooth?: number | undefined;
  max_color_shift?: number | undefined;
  min_side_min?: number | undefined;
  min_side_max?: number | undefined;
  min_side?: number | undefined;
  apply_probability?: number | undefined;
  debug_params?: boolean | undefined;
  cvt_bgr2rgb?: boolean | undefined;
  img_rand_resize_lower?: number | undefined;
  img_rand_resize_upper?: number | undefined;
  rand_resize_ratio_lower?: number | undefined;
  rand_resize_ratio_upper?: number | undefined;
  vertical_stretch_lower?: number | undefined;
  vertical_stretch_upper?: number | undefined;
  horizontal_stretch_lower?: number | undefined;
  horizontal_stretch_upper?: number | undefined;
  interpolation_algo_down?: 'INTER_NEAREST' | 'INTER_LINEAR' | 'INTER_CUBIC' | 'INTER_AREA' | undefined;
  interpolation_algo_up?: 'INTER_NEAREST' | 'INTER_LINEAR' | 'INTER_CUBIC' | 'INTER_AREA' | undefined;
  allow_upscale?: boolean | undefined;
  forward_packing?: 'NCHW' | 'NHWC' | undefined;
  use_gpu_transform?: boolean | undefined;
  random_seed?: number | undefined;
  display?: boolean | undefined;
  num_labels?: number | undefined;
  fix_crop?: boolean | undefined;
  more_fix_crop?: boolean | undefined;
  multi_scale?: boolean | undefined;
  scale_ratios?: readonly number[] | undefined;
  max_distort?: number | undefined;
  is_flow?: boolean | undefined;
  original_image?: boolean | undefined;
  stride?: number | undefined;
  upper_size?: number | undefined;
  upper_height?: number | undefined;
  upper_width?: number | undefined;
}

/** `LossParameter` with the fields of every dialect. */
export interface AnyLossParameter {
  ignore_label?: number | undefined;
  normalization?: 'FULL' | 'VALID' | 'BATCH_SIZE' | 'NONE' | 'PRE_FIXED' | undefined;
  normalize?: boolean | undefined;
  pre_fixed_normalizer?: number | undefined;
  label_smoothing?: number | undefined;
  weight_by_label_freqs?: boolean | undefined;
  class_weighting?: readonly number[] | undefined;
}

/** `AccuracyParameter` with the fields of every dialect. */
export interface AnyAccuracyParameter {
  top_k?: number | undefined;
  axis?: number | undefined;
  ignore_label?: number | undefined;
  min_is_better?: boolean | undefined;
  denominator?: number | undefined;
}

/** `ArgMaxParameter` with the fields of every dialect. */
export interface AnyArgMaxParameter {
  out_max_val?: boolean | undefined;
  top_k?: number | undefined;
  axis?: number | undefined;
}

/** `BatchNormParameter` with the fields of every dialect. */
export interface AnyBatchNormParameter {
  use_global_stats?: boolean | undefined;
  moving_average_fraction?: number | undefined;
  eps?: number | undefined;
  disable_mean?: boolean | undefined;
  disable_variance?: boolean | undefined;
  scale_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | 'MKL2017' | 'MKLDNN' | undefined;
  use_weight_bias?: boolean | undefined;
  bias_term?: boolean | undefined;
  filler?: AnyFillerParameter | undefined;
  stats_batch_size?: number | undefined;
  relu?: boolean | undefined;
  scale_bias?: boolean | undefined;
}

/** `BiasParameter` with the fields of every dialect. */
export interface AnyBiasParameter {
  axis?: number | undefined;
  num_axes?: number | undefined;
  filler?: AnyFillerParameter | undefined;
  bias_from_blob?: boolean | undefined;
}

/** `ClipParameter` with the fields of every dialect. */
export interface AnyClipParameter {
  min?: number | undefined;
  max?: number | undefined;
}

/** `ConcatParameter` with the fields of every dialect. */
export interface AnyConcatParameter {
  axis?: number | undefined;
  concat_dim?: number | undefined;
  per_fla_fuse?: boolean | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'MKL2017' | 'MKLDNN' | undefined;
}

/** `ContrastiveLossParameter` with the fields of every dialect. */
export interface AnyContrastiveLossParameter {
  margin?: number | undefined;
  legacy_version?: boolean | undefined;
}

/** `ConvolutionParameter` with the fields of every dialect. */
export interface AnyConvolutionParameter {
  num_output?: number | undefined;
  bias_term?: boolean | undefined;
  pad?: readonly number[] | undefined;
  kernel_size?: readonly number[] | undefined;
  stride?: readonly number[] | undefined;
  dilation?: readonly number[] | undefined;
  pad_h?: number | undefined;
  pad_w?: number | undefined;
  kernel_h?: number | undefined;
  kernel_w?: number | undefined;
  stride_h?: number | undefined;
  stride_w?: number | undefined;
  group?: number | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | 'MKL2017' | 'MKLDNN' | undefined;
  axis?: number | undefined;
  force_nd_im2col?: boolean | undefined;
  cudnn_convolution_algo_seeker?: 'GET' | 'FINDEX' | undefined;
  shape_offset?: readonly number[] | undefined;
  relu?: boolean | undefined;
  negative_slope?: number | undefined;
  conv_algorithm?: string | undefined;
  coeff?: readonly number[] | undefined;
  fusion_type?: 'NONE_FUSION' | 'SUM_FUSION' | undefined;
  conv_algos_override?: string | undefined;
  pad_l?: number | undefined;
  pad_r?: number | undefined;
  pad_t?: number | undefined;
  pad_b?: number | undefined;
  dilation_h?: number | undefined;
  dilation_w?: number | undefined;
}

/** `CropParameter` with the fields of every dialect. */
export interface AnyCropParameter {
  axis?: number | undefined;
  offset?: readonly number[] | undefined;
}

/** `DataParameter` with the fields of every dialect. */
export interface AnyDataParameter {
  source?: string | undefined;
  batch_size?: number | undefined;
  rand_skip?: number | undefined;
  backend?: 'LEVELDB' | 'LMDB' | undefined;
  scale?: number | undefined;
  mean_file?: string | undefined;
  crop_size?: number | undefined;
  mirror?: boolean | undefined;
  force_encoded_color?: boolean | undefined;
  prefetch?: number | undefined;
  shuffle?: boolean | undefined;
  side?: readonly number[] | undefined;
  threads?: number | undefined;
  parser_threads?: number | undefined;
  cache?: boolean | undefined;
  precache?: boolean | undefined;
}

/** `DropoutParameter` with the fields of every dialect. */
export interface AnyDropoutParameter {
  dropout_ratio?: number | undefined;
  scale_train?: boolean | undefined;
  sqrt_scale?: boolean | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
  random_seed?: number | undefined;
}

/** `DummyDataParameter` with the fields of every dialect. */
export interface AnyDummyDataParameter {
  data_filler?: readonly AnyFillerParameter[] | undefined;
  shape?: readonly AnyBlobShape[] | undefined;
  num?: readonly number[] | undefined;
  channels?: readonly number[] | undefined;
  height?: readonly number[] | undefined;
  width?: readonly number[] | undefined;
}

/** `EltwiseParameter` with the fields of every dialect. */
export interface AnyEltwiseParameter {
  operation?: 'PROD' | 'SUM' | 'MAX' | 'SORT' | 'STOCHASTIC_SUM' | undefined;
  coeff?: readonly number[] | undefined;
  stable_prod_grad?: boolean | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'MKL2017' | 'MKLDNN' | undefined;
  coeff_blob?: boolean | undefined;
}

/** `ELUParameter` with the fields of every dialect. */
export interface AnyELUParameter {
  alpha?: number | undefined;
  lambda?: number | undefined;
}

/** `EmbedParameter` with the fields of every dialect. */
export interface AnyEmbedParameter {
  num_output?: number | undefined;
  input_dim?: number | undefined;
  bias_term?: boolean | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
}

/** `ExpParameter` with the fields of every dialect. */
export interface AnyExpParameter {
  base?: number | undefined;
  scale?: number | undefined;
  shift?: number | undefined;
}

/** `FlattenParameter` with the fields of every dialect. */
export interface AnyFlattenParameter {
  axis?: number | undefined;
  end_axis?: number | undefined;
}

/** `HDF5DataParameter` with the fields of every dialect. */
export interface AnyHDF5DataParameter {
  source?: string | undefined;
  batch_size?: number | undefined;
  shuffle?: boolean | undefined;
}

/** `HDF5OutputParameter` with the fields of every dialect. */
export interface AnyHDF5OutputParameter {
  file_name?: string | undefined;
}

/** `HingeLossParameter` with the fields of every dialect. */
export interface AnyHingeLossParameter {
  norm?: 'L1' | 'L2' | undefined;
}

/** `ImageDataParameter` with the fields of every dialect. */
export interface AnyImageDataParameter {
  source?: string | undefined;
  batch_size?: number | undefined;
  rand_skip?: number | undefined;
  shuffle?: boolean | undefined;
  new_height?: number | undefined;
  new_width?: number | undefined;
  is_color?: boolean | undefined;
  scale?: number | undefined;
  mean_file?: string | undefined;
  crop_size?: number | undefined;
  mirror?: boolean | undefined;
  root_folder?: string | undefined;
  face_transform?: boolean | undefined;
  max_shear_ratio?: number | undefined;
  max_aspect_ratio?: number | undefined;
  max_rotate_angle?: number | undefined;
  min_random_scale?: number | undefined;
  max_random_scale?: number | undefined;
  max_random_shift?: number | undefined;
  face_mirror?: boolean | undefined;
  face_point_num?: number | undefined;
  balance_class?: boolean | undefined;
  balance_by?: number | undefined;
  label_cut_start?: number | undefined;
  label_cut_end?: number | undefined;
  min_height?: number | undefined;
  min_width?: number | undefined;
  short_side?: number | undefined;
  threads?: number | undefined;
  cache?: boolean | undefined;
  precache?: boolean | undefined;
  dataset_share_per_node?: number | undefined;
}

/** `InfogainLossParameter` with the fields of every dialect. */
export interface AnyInfogainLossParameter {
  source?: string | undefined;
  axis?: number | undefined;
}

/** `InnerProductParameter` with the fields of every dialect. */
export interface AnyInnerProductParameter {
  num_output?: number | undefined;
  bias_term?: boolean | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  axis?: number | undefined;
  transpose?: boolean | undefined;
  normalize?: boolean | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | 'MKLDNN' | undefined;
  relu?: boolean | undefined;
  negative_slope?: number | undefined;
}

/** `InputParameter` with the fields of every dialect. */
export interface AnyInputParameter {
  shape?: readonly AnyBlobShape[] | undefined;
}

/** `LogParameter` with the fields of every dialect. */
export interface AnyLogParameter {
  base?: number | undefined;
  scale?: number | undefined;
  shift?: number | undefined;
}

/** `LRNParameter` with the fields of every dialect. */
export interface AnyLRNParameter {
  local_size?: number | undefined;
  alpha?: number | undefined;
  beta?: number | undefined;
  norm_region?: 'ACROSS_CHANNELS' | 'WITHIN_CHANNEL' | undefined;
  k?: number | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | 'MKL2017' | 'MKLDNN' | undefined;
}

/** `MemoryDataParameter` with the fields of every dialect. */
export interface AnyMemoryDataParameter {
  batch_size?: number | undefined;
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
  transpose?: boolean | undefined;
}

/** `MVNParameter` with the fields of every dialect. */
export interface AnyMVNParameter {
  normalize_variance?: boolean | undefined;
  across_channels?: boolean | undefined;
  eps?: number | undefined;
}

/** `ParameterParameter` with the fields of every dialect. */
export interface AnyParameterParameter {
  shape?: AnyBlobShape | undefined;
  blob_filler?: AnyFillerParameter | undefined;
}

/** `PoolingParameter` with the fields of every dialect. */
export interface AnyPoolingParameter {
  pool?: 'MAX' | 'AVE' | 'STOCHASTIC' | 'DEF' | 'DEF_ALL' | 'DEF_ALL2' | 'DEF_ALL3' | 'DEF_ALL4' | 'LOWRES' | 'AVE_EXC_PAD' | 'AVE_TF' | undefined;
  pad?: number | undefined;
  pad_h?: number | undefined;
  pad_w?: number | undefined;
  kernel_size?: number | undefined;
  kernel_h?: number | undefined;
  kernel_w?: number | undefined;
  stride?: number | undefined;
  stride_h?: number | undefined;
  stride_w?: number | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | 'MKL2017' | 'MKLDNN' | undefined;
  global_pooling?: boolean | undefined;
  round_mode?: 'CEIL' | 'FLOOR' | undefined;
  ceil_mode?: boolean | undefined;
  blobs_lr?: number | undefined;
  blobs_a_min?: number | undefined;
  pad_3d?: readonly number[] | undefined;
  kernel_size_3d?: readonly number[] | undefined;
  stride_3d?: readonly number[] | undefined;
  avg_include_pad?: boolean | undefined;
  axis?: number | undefined;
  torch_pooling?: boolean | undefined;
  pad_l?: number | undefined;
  pad_r?: number | undefined;
  pad_t?: number | undefined;
  pad_b?: number | undefined;
}

/** `PowerParameter` with the fields of every dialect. */
export interface AnyPowerParameter {
  power?: number | undefined;
  scale?: number | undefined;
  shift?: number | undefined;
}

/** `PReLUParameter` with the fields of every dialect. */
export interface AnyPReLUParameter {
  filler?: AnyFillerParameter | undefined;
  channel_shared?: boolean | undefined;
}

/** `PythonParameter` with the fields of every dialect. */
export interface AnyPythonParameter {
  module?: string | undefined;
  layer?: string | undefined;
  param_str?: string | undefined;
  share_in_parallel?: boolean | undefined;
}

/** `RecurrentParameter` with the fields of every dialect. */
export interface AnyRecurrentParameter {
  num_output?: number | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  debug_info?: boolean | undefined;
  expose_hidden?: boolean | undefined;
}

/** `ReductionParameter` with the fields of every dialect. */
export interface AnyReductionParameter {
  operation?: 'SUM' | 'ASUM' | 'SUMSQ' | 'MEAN' | 'TOPK' | undefined;
  axis?: number | undefined;
  coeff?: number | undefined;
  k?: number | undefined;
}

/** `ReLUParameter` with the fields of every dialect. */
export interface AnyReLUParameter {
  negative_slope?: number | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | 'MKL2017' | 'MKLDNN' | undefined;
  fuse?: boolean | undefined;
  relu6?: boolean | undefined;
}

/** `ReshapeParameter` with the fields of every dialect. */
export interface AnyReshapeParameter {
  shape?: AnyBlobShape | undefined;
  axis?: number | undefined;
  num_axes?: number | undefined;
  pixelshuffler?: number | undefined;
}

/** `ScaleParameter` with the fields of every dialect. */
export interface AnyScaleParameter {
  axis?: number | undefined;
  num_axes?: number | undefined;
  filler?: AnyFillerParameter | undefined;
  bias_term?: boolean | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  scale_from_blob?: boolean | undefined;
  min_value?: number | undefined;
  max_value?: number | undefined;
}

/** `SigmoidParameter` with the fields of every dialect. */
export interface AnySigmoidParameter {
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
}

/** `SoftmaxParameter` with the fields of every dialect. */
export interface AnySoftmaxParameter {
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
  axis?: number | undefined;
  hard_ratio?: number | undefined;
  class_weight?: readonly number[] | undefined;
  hard_mining_label?: number | undefined;
  cutting_point?: number | undefined;
  normalize_type?: string | undefined;
  label_smooth_factor?: number | undefined;
}

/** `SPPParameter` with the fields of every dialect. */
export interface AnySPPParameter {
  pyramid_height?: number | undefined;
  pool?: 'MAX' | 'AVE' | 'STOCHASTIC' | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
}

/** `SliceParameter` with the fields of every dialect. */
export interface AnySliceParameter {
  axis?: number | undefined;
  slice_point?: readonly number[] | undefined;
  slice_dim?: number | undefined;
}

/** `SwishParameter` with the fields of every dialect. */
export interface AnySwishParameter {
  beta?: number | undefined;
}

/** `TanHParameter` with the fields of every dialect. */
export interface AnyTanHParameter {
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
}

/** `ThresholdParameter` with the fields of every dialect. */
export interface AnyThresholdParameter {
  threshold?: number | undefined;
}

/** `TileParameter` with the fields of every dialect. */
export interface AnyTileParameter {
  axis?: number | undefined;
  tiles?: number | undefined;
}

/** `WindowDataParameter` with the fields of every dialect. */
export interface AnyWindowDataParameter {
  source?: string | undefined;
  scale?: number | undefined;
  mean_file?: string | undefined;
  batch_size?: number | undefined;
  crop_size?: number | undefined;
  mirror?: boolean | undefined;
  fg_threshold?: number | undefined;
  bg_threshold?: number | undefined;
  fg_fraction?: number | undefined;
  context_pad?: number | undefined;
  crop_mode?: string | undefined;
  cache_images?: boolean | undefined;
  root_folder?: string | undefined;
}

/** `DetectionOutputParameter` with the fields of every dialect. */
export interface AnyDetectionOutputParameter {
  num_classes?: number | undefined;
  share_location?: boolean | undefined;
  background_label_id?: number | undefined;
  nms_param?: AnyNonMaximumSuppressionParameter | undefined;
  save_output_param?: AnySaveOutputParameter | undefined;
  code_type?: 'CORNER' | 'CENTER_SIZE' | 'CORNER_SIZE' | undefined;
  variance_encoded_in_target?: boolean | undefined;
  keep_top_k?: number | undefined;
  confidence_threshold?: number | undefined;
  nms_threshold?: number | undefined;
  top_k?: number | undefined;
  boxes?: number | undefined;
  relative?: boolean | undefined;
  objectness_threshold?: number | undefined;
  class_threshold?: number | undefined;
  biases?: readonly number[] | undefined;
  general_nms_param?: AnyGeneralNmsParameter | undefined;
  objectness_score?: number | undefined;
  visualize?: boolean | undefined;
  visualize_threshold?: number | undefined;
  save_file?: string | undefined;
}

/** `SmoothL1LossParameter` with the fields of every dialect. */
export interface AnySmoothL1LossParameter {
  sigma?: number | undefined;
}

/** `PermuteParameter` with the fields of every dialect. */
export interface AnyPermuteParameter {
  order?: readonly number[] | undefined;
}

/** `PriorBoxParameter` with the fields of every dialect. */
export interface AnyPriorBoxParameter {
  min_size?: readonly number[] | undefined;
  max_size?: readonly number[] | undefined;
  aspect_ratio?: readonly number[] | undefined;
  flip?: boolean | undefined;
  clip?: boolean | undefined;
  variance?: readonly number[] | undefined;
  img_size?: number | undefined;
  img_h?: number | undefined;
  img_w?: number | undefined;
  step?: number | undefined;
  step_h?: number | undefined;
  step_w?: number | undefined;
  offset?: number | undefined;
}

/** `NormalizeParameter` with the fields of every dialect. */
export interface AnyNormalizeParameter {
  across_spatial?: boolean | undefined;
  scale_filler?: AnyFillerParameter | undefined;
  channel_shared?: boolean | undefined;
  eps?: number | undefined;
  normalize_type?: string | undefined;
  fix_gradient?: boolean | undefined;
  bp_norm?: boolean | undefined;
}

/** `PSROIPoolingParameter` with the fields of every dialect. */
export interface AnyPSROIPoolingParameter {
  spatial_scale?: number | undefined;
  output_dim?: number | undefined;
  group_size?: number | undefined;
}

/** `FreespaceExtractParameter` with the fields of every dialect. */
export interface AnyFreespaceExtractParameter {
  org_height?: number | undefined;
}

/** `PostprocessParameter` with the fields of every dialect. */
export interface AnyPostprocessParameter {
  nms_thresh?: number | undefined;
  conf_thresh?: number | undefined;
  post_nms_topn?: number | undefined;
  cls_num?: number | undefined;
  bbox_reg_weights?: readonly number[] | undefined;
}

/** `SpatialTransformParameter` with the fields of every dialect. */
export interface AnySpatialTransformParameter {
  output_h?: number | undefined;
  output_w?: number | undefined;
  border_value?: number | undefined;
  affine_transform?: readonly number[] | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
}

/** `ROIAlignParameter` with the fields of every dialect. */
export interface AnyROIAlignParameter {
  pooled_h?: number | undefined;
  pooled_w?: number | undefined;
  spatial_scale?: number | undefined;
  sampling_ratio?: number | undefined;
  roi_end_mode?: number | undefined;
}

/** `ReorgParameter` with the fields of every dialect. */
export interface AnyReorgParameter {
  stride?: number | undefined;
  reverse?: boolean | undefined;
}

/** `RegionParameter` with the fields of every dialect. */
export interface AnyRegionParameter {
  classes?: number | undefined;
  coords?: number | undefined;
  boxes?: number | undefined;
  softmax?: number | undefined;
  softmax_tree?: string | undefined;
  background?: number | undefined;
}

/** `ReverseParameter` with the fields of every dialect. */
export interface AnyReverseParameter {
  axis?: readonly number[] | undefined;
}

/** `InterpParameter` with the fields of every dialect. */
export interface AnyInterpParameter {
  height?: number | undefined;
  width?: number | undefined;
  zoom_factor?: number | undefined;
  shrink_factor?: number | undefined;
  pad_beg?: number | undefined;
  pad_end?: number | undefined;
}

/** `ShuffleChannelParameter` with the fields of every dialect. */
export interface AnyShuffleChannelParameter {
  group?: number | undefined;
}

/** `UpsampleParameter` with the fields of every dialect. */
export interface AnyUpsampleParameter {
  scale?: number | undefined;
  stride?: number | undefined;
  stride_h?: number | undefined;
  stride_w?: number | undefined;
  scale_h?: number | undefined;
  scale_w?: number | undefined;
  pad_out_h?: boolean | undefined;
  pad_out_w?: boolean | undefined;
  upsample_h?: number | undefined;
  upsample_w?: number | undefined;
}

/** `ROIPoolingParameter` with the fields of every dialect. */
export interface AnyROIPoolingParameter {
  pooled_h?: number | undefined;
  pooled_w?: number | undefined;
  spatial_scale?: number | undefined;
  spatial_scale_h?: number | undefined;
  spatial_scale_w?: number | undefined;
  pooled_size?: readonly number[] | undefined;
}

/** `YoloParameter` with the fields of every dialect. */
export interface AnyYoloParameter {
  boxes?: number | undefined;
  coords?: number | undefined;
  classes?: number | undefined;
  yolo_version?: string | undefined;
  softmax?: boolean | undefined;
  background?: boolean | undefined;
  softmaxtree?: boolean | undefined;
}

/** `YoloV3DetectionOutputParameter` with the fields of every dialect. */
export interface AnyYoloV3DetectionOutputParameter {
  boxes?: number | undefined;
  classes?: number | undefined;
  relative?: boolean | undefined;
  obj_threshold?: number | undefined;
  score_threshold?: number | undefined;
  iou_threshold?: number | undefined;
  pre_nms_topn?: number | undefined;
  post_nms_topn?: number | undefined;
  biases_high?: readonly number[] | undefined;
  biases_mid?: readonly number[] | undefined;
  biases_low?: readonly number[] | undefined;
  coords?: number | undefined;
  biases?: readonly number[] | undefined;
  resize_origin_img_to_net?: boolean | undefined;
}

/** `Yolov3DetectionOutputParameter` with the fields of every dialect. */
export interface AnyYolov3DetectionOutputParameter {
  num_classes?: number | undefined;
  num_box?: number | undefined;
  confidence_threshold?: number | undefined;
  nms_threshold?: number | undefined;
  biases?: readonly number[] | undefined;
  anchors_scale?: readonly number[] | undefined;
  mask_group_num?: number | undefined;
  mask?: readonly number[] | undefined;
  gaussian_box?: boolean | undefined;
}

/** `ProposalParameter` with the fields of every dialect. */
export interface AnyProposalParameter {
  feat_stride?: number | undefined;
  base_size?: number | undefined;
  min_size?: number | undefined;
  ratio?: readonly number[] | undefined;
  scale?: readonly number[] | undefined;
  pre_nms_topn?: number | undefined;
  post_nms_topn?: number | undefined;
  iou_threshold?: number | undefined;
  output_actual_rois_num?: boolean | undefined;
  nms_thresh?: number | undefined;
}

/** `FSRDetectionOutputParameter` with the fields of every dialect. */
export interface AnyFSRDetectionOutputParameter {
  num_classes?: number | undefined;
  score_threshold?: number | undefined;
  iou_threshold?: number | undefined;
  batch_rois?: number | undefined;
}

/** `SSDDetectionOutputParameter` with the fields of every dialect. */
export interface AnySSDDetectionOutputParameter {
  num_classes?: number | undefined;
  share_location?: boolean | undefined;
  background_label_id?: number | undefined;
  iou_threshold?: number | undefined;
  top_k?: number | undefined;
  eta?: number | undefined;
  variance_encoded_in_target?: boolean | undefined;
  code_type?: number | undefined;
  keep_top_k?: number | undefined;
  confidence_threshold?: number | undefined;
}

/** `YoloV2DetectionOutputParameter` with the fields of every dialect. */
export interface AnyYoloV2DetectionOutputParameter {
  boxes?: number | undefined;
  classes?: number | undefined;
  relative?: boolean | undefined;
  obj_threshold?: number | undefined;
  score_threshold?: number | undefined;
  iou_threshold?: number | undefined;
  pre_nms_topn?: number | undefined;
  post_nms_topn?: number | undefined;
  biases?: readonly number[] | undefined;
  coords?: number | undefined;
  resize_origin_img_to_net?: boolean | undefined;
}

/** `CondTakeParameter` with the fields of every dialect. */
export interface AnyCondTakeParameter {
  mode?: string | undefined;
  val?: number | undefined;
  eps?: number | undefined;
}

/** `MatrixInverseParameter` with the fields of every dialect. */
export interface AnyMatrixInverseParameter {
  adjoint?: boolean | undefined;
}

/** `WarpPerspectiveParameter` with the fields of every dialect. */
export interface AnyWarpPerspectiveParameter {
  out_height?: number | undefined;
  out_width?: number | undefined;
  constant?: number | undefined;
  border_type?: string | undefined;
}

/** `BatchMatMulParameter` with the fields of every dialect. */
export interface AnyBatchMatMulParameter {
  adj_x1?: boolean | undefined;
  adj_x2?: boolean | undefined;
}

/** `SpatialTransformerParameter` with the fields of every dialect. */
export interface AnySpatialTransformerParameter {
  transform_type?: string | undefined;
  sampler_type?: string | undefined;
  output_H?: number | undefined;
  output_W?: number | undefined;
  to_compute_dU?: boolean | undefined;
  theta_1_1?: number | undefined;
  theta_1_2?: number | undefined;
  theta_1_3?: number | undefined;
  theta_2_1?: number | undefined;
  theta_2_2?: number | undefined;
  theta_2_3?: number | undefined;
}

/** `YoloV3DetectionOutputV2Parameter` with the fields of every dialect. */
export interface AnyYoloV3DetectionOutputV2Parameter {
  boxes?: number | undefined;
  classes?: number | undefined;
  relative?: boolean | undefined;
  obj_threshold?: number | undefined;
  score_threshold?: number | undefined;
  iou_threshold?: number | undefined;
  pre_nms_topn?: number | undefined;
  post_nms_topn?: number | undefined;
  biases_high?: readonly number[] | undefined;
  biases_mid?: readonly number[] | undefined;
  biases_low?: readonly number[] | undefined;
  coords?: number | undefined;
  biases?: readonly number[] | undefined;
  resize_origin_img_to_net?: boolean | undefined;
  out_box_dim?: number | undefined;
}

/** `QuantParameter` with the fields of every dialect. */
export interface AnyQuantParameter {
  with_offset?: boolean | undefined;
  scale?: number | undefined;
  offset?: Uint8Array | undefined;
  object_layer?: string | undefined;
}

/** `DeQuantParameter` with the fields of every dialect. */
export interface AnyDeQuantParameter {
  channel_wise?: boolean | undefined;
  need_calibration?: boolean | undefined;
  batch_num?: number | undefined;
  object_layer?: string | undefined;
  layer_type?: string | undefined;
  deqscale?: readonly number[] | undefined;
  shift_bit?: readonly number[] | undefined;
  offset?: readonly number[] | undefined;
}

/** `IFMRParameter` with the fields of every dialect. */
export interface AnyIFMRParameter {
  batch_num?: number | undefined;
  with_offset?: boolean | undefined;
  search_range_start?: number | undefined;
  search_range_end?: number | undefined;
  search_step?: number | undefined;
  max_percentile?: number | undefined;
  min_percentile?: number | undefined;
  object_layer?: readonly string[] | undefined;
  record_file_path?: string | undefined;
}

/** `LSTMQuantParameter` with the fields of every dialect. */
export interface AnyLSTMQuantParameter {
  w_x_dequant_param?: AnyDeQuantParameter | undefined;
  w_x_static_dequant_param?: AnyDeQuantParameter | undefined;
  w_h_quant_param?: AnyQuantParameter | undefined;
  w_h_dequant_param?: AnyDeQuantParameter | undefined;
}

/** `SearchNParameter` with the fields of every dialect. */
export interface AnySearchNParameter {
  batch_num?: number | undefined;
  layer_name?: readonly string[] | undefined;
  layer_type?: readonly string[] | undefined;
  record_file_path?: string | undefined;
}

/** `RetrainDataQuantParameter` with the fields of every dialect. */
export interface AnyRetrainDataQuantParameter {
  clip_max?: number | undefined;
  clip_min?: number | undefined;
  ifmr_init?: boolean | undefined;
  with_offset?: boolean | undefined;
  fixed_min?: boolean | undefined;
  object_layer?: string | undefined;
  record_file_path?: string | undefined;
}

/** `RetrainWeightQuantParameter` with the fields of every dialect. */
export interface AnyRetrainWeightQuantParameter {
  cout?: number | undefined;
  cin?: number | undefined;
  h?: number | undefined;
  w?: number | undefined;
  channel_wise?: boolean | undefined;
  layer_type?: string | undefined;
  with_offset?: boolean | undefined;
}

/** `LstmCalibrationParameter` with the fields of every dialect. */
export interface AnyLstmCalibrationParameter {
  ifmr_param?: AnyIFMRParameter | undefined;
  static_ifmr_param?: AnyIFMRParameter | undefined;
  search_n_param?: AnySearchNParameter | undefined;
  static_search_n_param?: AnySearchNParameter | undefined;
}

/** `BNParameter` with the fields of every dialect. */
export interface AnyBNParameter {
  slope_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  momentum?: number | undefined;
  eps?: number | undefined;
  frozen?: boolean | undefined;
  engine?: 'DEFAULT' | 'CAFFE' | 'CUDNN' | undefined;
  scale_filler?: AnyFillerParameter | undefined;
  shift_filler?: AnyFillerParameter | undefined;
  bn_mode?: 'LEARN' | 'INFERENCE' | undefined;
}

/** `LocalParameter` with the fields of every dialect. */
export interface AnyLocalParameter {
  num_output?: number | undefined;
  bias_term?: boolean | undefined;
  pad?: number | undefined;
  kernel_size?: number | undefined;
  stride?: number | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
}

/** `InsanityParameter` with the fields of every dialect. */
export interface AnyInsanityParameter {
  lb?: number | undefined;
  ub?: number | undefined;
}

/** `TripletLossParameter` with the fields of every dialect. */
export interface AnyTripletLossParameter {
  margin?: number | undefined;
}

/** `EltwiseAffineParameter` with the fields of every dialect. */
export interface AnyEltwiseAffineParameter {
  slope_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  channel_shared?: boolean | undefined;
}

/** `SubRegionParameter` with the fields of every dialect. */
export interface AnySubRegionParameter {
  region_height?: number | undefined;
  region_width?: number | undefined;
  data_height?: number | undefined;
  data_width?: number | undefined;
  as_dim?: number | undefined;
}

/** `NoiseParameter` with the fields of every dialect. */
export interface AnyNoiseParameter {
  gaussian_std?: number | undefined;
  uniform_range?: number | undefined;
  bias?: number | undefined;
  prob?: number | undefined;
  hist_eq?: boolean | undefined;
  inverse?: boolean | undefined;
  decolorize?: boolean | undefined;
  gauss_blur?: boolean | undefined;
  jpeg?: number | undefined;
  posterize?: boolean | undefined;
  erode?: boolean | undefined;
  saltpepper?: boolean | undefined;
  saltpepper_param?: AnySaltPepperParameter | undefined;
  clahe?: boolean | undefined;
  convert_to_hsv?: boolean | undefined;
  convert_to_lab?: boolean | undefined;
}

/** `HotspotParameter` with the fields of every dialect. */
export interface AnyHotspotParameter {
  gaussian_std?: number | undefined;
  output_height?: number | undefined;
  output_width?: number | undefined;
  data_height?: number | undefined;
  data_width?: number | undefined;
  mean_removed?: boolean | undefined;
}

/** `PredictBoxParameter` with the fields of every dialect. */
export interface AnyPredictBoxParameter {
  stride?: number | undefined;
  receptive_field?: number | undefined;
  nms?: boolean | undefined;
  output_vector?: boolean | undefined;
  positive_thresh?: number | undefined;
  bbreg_exp?: boolean | undefined;
}

/** `MILDataParameter` with the fields of every dialect. */
export interface AnyMILDataParameter {
  source?: string | undefined;
  num_scales?: number | undefined;
  scale_factor?: number | undefined;
  channels?: number | undefined;
  images_per_batch?: number | undefined;
  n_classes?: number | undefined;
  label_file?: string | undefined;
  root_dir?: string | undefined;
  ext?: string | undefined;
  randomize?: boolean | undefined;
}

/** `MILParameter` with the fields of every dialect. */
export interface AnyMILParameter {
  type?: 'MAX' | 'NOR' | undefined;
}

/** `FCNDataParameter` with the fields of every dialect. */
export interface AnyFCNDataParameter {
  template_h?: number | undefined;
  template_w?: number | undefined;
  expand_left?: number | undefined;
  expand_right?: number | undefined;
  expand_top?: number | undefined;
  expand_bottom?: number | undefined;
  roi_multiply_h?: number | undefined;
  roi_multiply_w?: number | undefined;
  scale_step?: number | undefined;
  scale_step_num?: number | undefined;
  gaussian_size_h?: number | undefined;
  gaussian_size_w?: number | undefined;
  gaussian_std_h?: number | undefined;
  gaussian_std_w?: number | undefined;
  use_hog?: boolean | undefined;
  hog_cell_size?: number | undefined;
  min_iou?: number | undefined;
}

/** `CenterLossParameter` with the fields of every dialect. */
export interface AnyCenterLossParameter {
  num_output?: number | undefined;
  center_filler?: AnyFillerParameter | undefined;
  axis?: number | undefined;
  distance_type?: string | undefined;
}

/** `FlipParameter` with the fields of every dialect. */
export interface AnyFlipParameter {
  flip_width?: boolean | undefined;
  flip_height?: boolean | undefined;
}

/** `InnerDistanceParameter` with the fields of every dialect. */
export interface AnyInnerDistanceParameter {
  num_output?: number | undefined;
  bias_term?: boolean | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  axis?: number | undefined;
  transpose?: boolean | undefined;
  distance_type?: string | undefined;
  normalize?: boolean | undefined;
  update_center_only?: boolean | undefined;
}

/** `GeneralContrastiveParameter` with the fields of every dialect. */
export interface AnyGeneralContrastiveParameter {
  positive_margin?: number | undefined;
  negative_margin?: number | undefined;
  positive_weight?: number | undefined;
  negative_weight?: number | undefined;
  normalize_negative?: number | undefined;
  positive_outlier_thresh?: number | undefined;
  square?: boolean | undefined;
  max_negative_only?: boolean | undefined;
  max_positive_only?: boolean | undefined;
  positive_first?: boolean | undefined;
  positive_upper_bound?: number | undefined;
  exp_negative_weight?: boolean | undefined;
  add_intra_mae?: boolean | undefined;
  max_negative_margin?: number | undefined;
}

/** `SoftContrastiveParameter` with the fields of every dialect. */
export interface AnySoftContrastiveParameter {
  positive_margin?: number | undefined;
  negative_margin?: number | undefined;
  positive_weight?: number | undefined;
  negative_weight?: number | undefined;
  exponent_scale?: number | undefined;
  square?: boolean | undefined;
}

/** `GeneralTripletParameter` with the fields of every dialect. */
export interface AnyGeneralTripletParameter {
  margin?: number | undefined;
  add_center_loss?: boolean | undefined;
  hardest_only?: boolean | undefined;
  positive_first?: boolean | undefined;
  positive_upper_bound?: number | undefined;
  positive_weight?: number | undefined;
  negative_weight?: number | undefined;
}

/** `SoftTruncationParameter` with the fields of every dialect. */
export interface AnySoftTruncationParameter {
  c?: number | undefined;
}

/** `PairwiseParameter` with the fields of every dialect. */
export interface AnyPairwiseParameter {
  operation?: 'SUM' | 'PROD' | 'MAX' | undefined;
  coeff?: readonly number[] | undefined;
}

/** `SmoothL1Parameter` with the fields of every dialect. */
export interface AnySmoothL1Parameter {
  turn_point?: number | undefined;
}

/** `BatchContrastiveParameter` with the fields of every dialect. */
export interface AnyBatchContrastiveParameter {
  positive_margin?: number | undefined;
  negative_margin?: number | undefined;
  positive_weight?: number | undefined;
  negative_weight?: number | undefined;
  max_only?: boolean | undefined;
}

/** `TruncationParameter` with the fields of every dialect. */
export interface AnyTruncationParameter {
  lower_bound?: number | undefined;
  upper_bound?: number | undefined;
}

/** `NCAParameter` with the fields of every dialect. */
export interface AnyNCAParameter {
  min_negative_only?: boolean | undefined;
}

/** `LargeMarginInnerProductParameter` with the fields of every dialect. */
export interface AnyLargeMarginInnerProductParameter {
  num_output?: number | undefined;
  type?: 'SINGLE' | 'DOUBLE' | 'TRIPLE' | 'QUADRUPLE' | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  axis?: number | undefined;
  base?: number | undefined;
  gamma?: number | undefined;
  power?: number | undefined;
  iteration?: number | undefined;
  lambda_min?: number | undefined;
}

/** `LabelSpecificRescaleParameter` with the fields of every dialect. */
export interface AnyLabelSpecificRescaleParameter {
  positive_weight?: number | undefined;
  negative_weight?: number | undefined;
  positive_lower_bound?: number | undefined;
  negative_upper_bound?: number | undefined;
  rescale_test?: boolean | undefined;
  for_ip?: boolean | undefined;
  positive_weight_base?: number | undefined;
  gamma?: number | undefined;
  power?: number | undefined;
  positive_weight_min?: number | undefined;
  positive_weight_max?: number | undefined;
  iteration?: number | undefined;
  bias_fix?: boolean | undefined;
  power_on_positive?: boolean | undefined;
}

/** `InfimumLossParamter` with the fields of every dialect. */
export interface AnyInfimumLossParamter {
  infimum?: number | undefined;
}

/** `OrdinalRegressionParameter` with the fields of every dialect. */
export interface AnyOrdinalRegressionParameter {
  k?: number | undefined;
  weight_file?: string | undefined;
}

/** `ResizeParameter` with the fields of every dialect. */
export interface AnyResizeParameter {
  height?: number | undefined;
  width?: number | undefined;
  is_pyramid_test?: boolean | undefined;
  out_height_scale?: number | undefined;
  out_width_scale?: number | undefined;
  prob?: number | undefined;
  resize_mode?: 'WARP' | 'FIT_SMALL_SIZE' | 'FIT_LARGE_SIZE_AND_PAD' | undefined;
  height_scale?: number | undefined;
  width_scale?: number | undefined;
  pad_mode?: 'CONSTANT' | 'MIRRORED' | 'REPEAT_NEAREST' | undefined;
  pad_value?: readonly number[] | undefined;
  interp_mode?: readonly ('LINEAR' | 'AREA' | 'NEAREST' | 'CUBIC' | 'LANCZOS4')[] | undefined;
}

/** `MarginInnerProductParameter` with the fields of every dialect. */
export interface AnyMarginInnerProductParameter {
  num_output?: number | undefined;
  type?: 'SINGLE' | 'DOUBLE' | 'TRIPLE' | 'QUADRUPLE' | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  axis?: number | undefined;
  base?: number | undefined;
  gamma?: number | undefined;
  power?: number | undefined;
  iteration?: number | undefined;
  lambda_min?: number | undefined;
}

/** `FeatureDecayLossParameter` with the fields of every dialect. */
export interface AnyFeatureDecayLossParameter {
  decay_threshold?: number | undefined;
  force_decay?: boolean | undefined;
}

/** `ConfidencePenaltyLossParameter` with the fields of every dialect. */
export interface AnyConfidencePenaltyLossParameter {
  beta?: number | undefined;
}

/** `FocalLossParameter` with the fields of every dialect. */
export interface AnyFocalLossParameter {
  type?: 'ORIGIN' | 'LINEAR' | 'ONEADDP' | undefined;
  gamma?: number | undefined;
  alpha?: number | undefined;
  beta?: number | undefined;
}

/** `LabelSpecificMarginParameter` with the fields of every dialect. */
export interface AnyLabelSpecificMarginParameter {
  type?: 'HARD' | 'SOFT' | undefined;
  margin_base?: number | undefined;
  margin_max?: number | undefined;
  power?: number | undefined;
  gamma?: number | undefined;
  iteration?: number | undefined;
  reset_margin?: boolean | undefined;
  margin_on_test?: boolean | undefined;
  auto_tune?: boolean | undefined;
}

/** `ChannelScaleParameter` with the fields of every dialect. */
export interface AnyChannelScaleParameter {
  do_forward?: boolean | undefined;
  do_backward_feature?: boolean | undefined;
  do_backward_scale?: boolean | undefined;
  global_scale?: boolean | undefined;
  max_global_scale?: number | undefined;
  min_global_scale?: number | undefined;
  init_global_scale?: number | undefined;
}

/** `LabelSpecificAffineParameter` with the fields of every dialect. */
export interface AnyLabelSpecificAffineParameter {
  scale_base?: number | undefined;
  scale_gamma?: number | undefined;
  scale_power?: number | undefined;
  scale_max?: number | undefined;
  transform_test?: boolean | undefined;
  iteration?: number | undefined;
  bias_base?: number | undefined;
  bias_gamma?: number | undefined;
  bias_power?: number | undefined;
  bias_max?: number | undefined;
  power_base?: number | undefined;
  power_gamma?: number | undefined;
  power_power?: number | undefined;
  power_min?: number | undefined;
  auto_tune?: boolean | undefined;
  reset?: boolean | undefined;
}

/** `LabelSpecificHardMarginParameter` with the fields of every dialect. */
export interface AnyLabelSpecificHardMarginParameter {
  positive_weight?: number | undefined;
}

/** `LabelSpecificAddParameter` with the fields of every dialect. */
export interface AnyLabelSpecificAddParameter {
  bias?: number | undefined;
  transform_test?: boolean | undefined;
  bias_base?: number | undefined;
  bias_gamma?: number | undefined;
  bias_power?: number | undefined;
  bias_min?: number | undefined;
  bias_max?: number | undefined;
  iteration?: number | undefined;
}

/** `AnnotatedDataParameter` with the fields of every dialect. */
export interface AnyAnnotatedDataParameter {
  batch_sampler?: readonly AnyBatchSampler[] | undefined;
  label_map_file?: string | undefined;
  anno_type?: 'BBOX' | 'BBOXandSeg' | 'LANE' | undefined;
  yolo_data_type?: number | undefined;
  yolo_data_jitter?: number | undefined;
  train_diffcult?: boolean | undefined;
  single_class?: boolean | undefined;
  seg_scales?: number | undefined;
  seg_resize_width?: number | undefined;
  seg_resize_height?: number | undefined;
  difficult_label_warmup?: boolean | undefined;
}

/** `BoxAnnotatorOHEMParameter` with the fields of every dialect. */
export interface AnyBoxAnnotatorOHEMParameter {
  roi_per_img?: number | undefined;
  ignore_label?: number | undefined;
}

/** `DetectionEvaluateParameter` with the fields of every dialect. */
export interface AnyDetectionEvaluateParameter {
  num_classes?: number | undefined;
  background_label_id?: number | undefined;
  overlap_threshold?: number | undefined;
  evaluate_difficult_gt?: boolean | undefined;
  name_size_file?: string | undefined;
  resize_param?: AnyResizeParameter | undefined;
}

/** `MultiBoxLossParameter` with the fields of every dialect. */
export interface AnyMultiBoxLossParameter {
  loc_loss_type?: 'L2' | 'SMOOTH_L1' | undefined;
  conf_loss_type?: 'SOFTMAX' | 'LOGISTIC' | undefined;
  loc_weight?: number | undefined;
  num_classes?: number | undefined;
  share_location?: boolean | undefined;
  match_type?: 'BIPARTITE' | 'PER_PREDICTION' | undefined;
  overlap_threshold?: number | undefined;
  use_prior_for_matching?: boolean | undefined;
  background_label_id?: number | undefined;
  use_difficult_gt?: boolean | undefined;
  do_neg_mining?: boolean | undefined;
  neg_pos_ratio?: number | undefined;
  neg_overlap?: number | undefined;
  code_type?: 'CORNER' | 'CENTER_SIZE' | 'CORNER_SIZE' | undefined;
  encode_variance_in_target?: boolean | undefined;
  map_object_to_agnostic?: boolean | undefined;
  ignore_cross_boundary_bbox?: boolean | undefined;
  bp_inside?: boolean | undefined;
  mining_type?: 'NONE' | 'MAX_NEGATIVE' | 'HARD_EXAMPLE' | undefined;
  nms_param?: AnyNonMaximumSuppressionParameter | undefined;
  sample_size?: number | undefined;
  use_prior_for_nms?: boolean | undefined;
  ignore_difficult_gt?: boolean | undefined;
}

/** `SplitParameter` with the fields of every dialect. */
export interface AnySplitParameter {
  engine?: 'DEFAULT' | 'CAFFE' | 'MKL2017' | 'MKLDNN' | undefined;
}

/** `VideoDataParameter` with the fields of every dialect. */
export interface AnyVideoDataParameter {
  video_type?: 'WEBCAM' | 'VIDEO' | undefined;
  device_id?: number | undefined;
  video_file?: string | undefined;
  skip_frames?: number | undefined;
  source?: string | undefined;
  batch_size?: number | undefined;
  rand_skip?: number | undefined;
  shuffle?: boolean | undefined;
  new_height?: number | undefined;
  new_width?: number | undefined;
  new_length?: number | undefined;
  num_segments?: number | undefined;
  scale?: number | undefined;
  mean_file?: string | undefined;
  crop_size?: number | undefined;
  mirror?: boolean | undefined;
  modality?: 'RGB' | 'FLOW' | undefined;
  name_pattern?: string | undefined;
  encoded?: boolean | undefined;
  grayscale?: boolean | undefined;
}

/** `SpatialDropoutParameter` with the fields of every dialect. */
export interface AnySpatialDropoutParameter {
  dropout_ratio?: number | undefined;
}

/** `MultinodeLayerParameter` with the fields of every dialect. */
export interface AnyMultinodeLayerParameter {
  num_nodes?: number | undefined;
  model_parts?: number | undefined;
}

/** `MnActivationParameter` with the fields of every dialect. */
export interface AnyMnActivationParameter {
  num_nodes_in?: number | undefined;
  num_nodes_out?: number | undefined;
  model_parts_in?: number | undefined;
  model_parts_out?: number | undefined;
  need_reduce?: boolean | undefined;
}

/** `MnParamGradCompressParameter` with the fields of every dialect. */
export interface AnyMnParamGradCompressParameter {
  param_grad_compress_enable?: readonly boolean[] | undefined;
}

/** `QuantizationParameter` with the fields of every dialect. */
export interface AnyQuantizationParameter {
  precision?: 'DYNAMIC_FIXED_POINT' | 'MINIFLOAT' | 'INTEGER_POWER_OF_2_WEIGHTS' | undefined;
  rounding_scheme?: 'NEAREST' | 'STOCHASTIC' | undefined;
  bw_layer_in?: number | undefined;
  bw_layer_out?: number | undefined;
  bw_params?: number | undefined;
  fl_layer_in?: readonly number[] | number | undefined;
  fl_layer_out?: readonly number[] | number | undefined;
  fl_params?: readonly number[] | number | undefined;
  scale_in?: readonly number[] | undefined;
  scale_out?: readonly number[] | undefined;
  scale_params?: readonly number[] | undefined;
  is_negative_input?: boolean | undefined;
  force_u8_input?: boolean | undefined;
  mant_bits?: number | undefined;
  exp_bits?: number | undefined;
  exp_min?: number | undefined;
  exp_max?: number | undefined;
}

/** `RegionLossParameter` with the fields of every dialect. */
export interface AnyRegionLossParameter {
  side?: number | undefined;
  num_class?: number | undefined;
  bias_match?: number | undefined;
  coords?: number | undefined;
  num?: number | undefined;
  softmax?: number | undefined;
  jitter?: number | undefined;
  rescore?: number | undefined;
  object_scale?: number | undefined;
  class_scale?: number | undefined;
  noobject_scale?: number | undefined;
  coord_scale?: number | undefined;
  absolute?: number | undefined;
  thresh?: number | undefined;
  random?: number | undefined;
  biases?: readonly number[] | undefined;
  softmax_tree?: string | undefined;
  class_map?: string | undefined;
}

/** `EvalDetectionParameter` with the fields of every dialect. */
export interface AnyEvalDetectionParameter {
  side?: number | undefined;
  num_class?: number | undefined;
  num_object?: number | undefined;
  threshold?: number | undefined;
  sqrt?: boolean | undefined;
  constriant?: boolean | undefined;
  score_type?: 'OBJ' | 'PROB' | 'MULTIPLY' | undefined;
  nms?: number | undefined;
  biases?: readonly number[] | undefined;
}

/** `Yolov3Parameter` with the fields of every dialect. */
export interface AnyYolov3Parameter {
  side?: number | undefined;
  num_class?: number | undefined;
  num?: number | undefined;
  object_scale?: number | undefined;
  class_scale?: number | undefined;
  noobject_scale?: number | undefined;
  coord_scale?: number | undefined;
  thresh?: number | undefined;
  anchors_scale?: number | undefined;
  biases?: readonly number[] | undefined;
  mask?: readonly number[] | undefined;
  use_logic_gradient?: boolean | undefined;
  use_focal_loss?: boolean | undefined;
  iou_loss?: 'IOU' | 'GIOU' | 'MSE' | 'DIOU' | 'CIOU' | undefined;
  iou_normalizer?: number | undefined;
  iou_thresh?: number | undefined;
  max_delta?: number | undefined;
  accumulate?: boolean | undefined;
  label_smooth_eps?: number | undefined;
}

/** `YoloSegParameter` with the fields of every dialect. */
export interface AnyYoloSegParameter {
  num_class?: number | undefined;
  object_scale?: number | undefined;
  class_scale?: number | undefined;
  use_logic_gradient?: boolean | undefined;
  use_hardsigmoid?: boolean | undefined;
}

/** `SegmentationEvaluateParameter` with the fields of every dialect. */
export interface AnySegmentationEvaluateParameter {
  num_classes?: number | undefined;
  threshold?: number | undefined;
}

/** `YoloDetectionOutputParameter` with the fields of every dialect. */
export interface AnyYoloDetectionOutputParameter {
  side?: number | undefined;
  num_classes?: number | undefined;
  num_box?: number | undefined;
  coords?: number | undefined;
  confidence_threshold?: number | undefined;
  nms_threshold?: number | undefined;
  biases?: readonly number[] | undefined;
  label_map_file?: string | undefined;
}

/** `TRTParameter` with the fields of every dialect. */
export interface AnyTRTParameter {
  trt_mode?: 'FP32' | 'FP16' | 'INT8' | undefined;
  top_k?: number | undefined;
  deploy?: string | undefined;
  model?: string | undefined;
  deploy_outputs?: readonly string[] | undefined;
  calibrator?: string | undefined;
}

/** `DetectNetGroundTruthParameter` with the fields of every dialect. */
export interface AnyDetectNetGroundTruthParameter {
  stride?: number | undefined;
  scale_cvg?: number | undefined;
  gridbox_type?: 'GRIDBOX_MAX' | 'GRIDBOX_MIN' | undefined;
  max_cvg_len?: number | undefined;
  min_cvg_len?: number | undefined;
  coverage_type?: 'RECTANGULAR' | undefined;
  image_size_x?: number | undefined;
  image_size_y?: number | undefined;
  obj_norm?: boolean | undefined;
  crop_bboxes?: boolean | undefined;
  object_class?: readonly AnyDetectNetGroundTruthParameter_ClassMapping[] | undefined;
}

/** `DetectNetAugmentationParameter` with the fields of every dialect. */
export interface AnyDetectNetAugmentationParameter {
  crop_prob?: number | undefined;
  shift_x?: number | undefined;
  shift_y?: number | undefined;
  scale_prob?: number | undefined;
  scale_min?: number | undefined;
  scale_max?: number | undefined;
  flip_prob?: number | undefined;
  rotation_prob?: number | undefined;
  max_rotate_degree?: number | undefined;
  hue_rotation_prob?: number | undefined;
  hue_rotation?: number | undefined;
  desaturation_prob?: number | undefined;
  desaturation_max?: number | undefined;
  resize_param?: AnyResizeParameter | undefined;
  noise_param?: AnyNoiseParameter | undefined;
  distort_param?: AnyDistortionParameter | undefined;
  expand_param?: AnyExpansionParameter | undefined;
  emit_constraint?: AnyEmitConstraint | undefined;
}

/** `DenseImageDataParameter` with the fields of every dialect. */
export interface AnyDenseImageDataParameter {
  source?: string | undefined;
  batch_size?: number | undefined;
  rand_skip?: number | undefined;
  shuffle?: boolean | undefined;
  new_height?: number | undefined;
  new_width?: number | undefined;
  is_color?: boolean | undefined;
  mean_file?: string | undefined;
  root_folder?: string | undefined;
}

/** `SqueezeParameter` with the fields of every dialect. */
export interface AnySqueezeParameter {
  axis?: readonly number[] | undefined;
}

/** `SegDataParameter` with the fields of every dialect. */
export interface AnySegDataParameter {
  source?: string | undefined;
  root_dir?: string | undefined;
  shuffle?: boolean | undefined;
  balance?: boolean | undefined;
}

/** `BatchReductionParameter` with the fields of every dialect. */
export interface AnyBatchReductionParameter {
  level?: readonly number[] | undefined;
  reduction_param?: AnyReductionParameter | undefined;
  pos?: boolean | undefined;
}

/** `BlobShape` with the fields of every dialect. */
export interface AnyBlobShape {
  dim?: readonly number[] | undefined;
}

/** `NetState` with the fields of every dialect. */
export interface AnyNetState {
  phase?: 'TRAIN' | 'TEST' | undefined;
  level?: number | undefined;
  stage?: readonly string[] | undefined;
}

/** `V1LayerParameter` with the fields of every dialect. */
export interface AnyV1LayerParameter {
  bottom?: readonly string[] | undefined;
  top?: readonly string[] | undefined;
  name?: string | undefined;
  include?: readonly AnyNetStateRule[] | undefined;
  exclude?: readonly AnyNetStateRule[] | undefined;
  type?: 'NONE' | 'ABSVAL' | 'ACCURACY' | 'ARGMAX' | 'BNLL' | 'CONCAT' | 'CONTRASTIVE_LOSS' | 'CONVOLUTION' | 'DATA' | 'DECONVOLUTION' | 'DROPOUT' | 'DUMMY_DATA' | 'EUCLIDEAN_LOSS' | 'ELTWISE' | 'EXP' | 'FLATTEN' | 'HDF5_DATA' | 'HDF5_OUTPUT' | 'HINGE_LOSS' | 'IM2COL' | 'IMAGE_DATA' | 'INFOGAIN_LOSS' | 'INNER_PRODUCT' | 'LRN' | 'MEMORY_DATA' | 'MULTINOMIAL_LOGISTIC_LOSS' | 'MVN' | 'POOLING' | 'POWER' | 'RELU' | 'SIGMOID' | 'SIGMOID_CROSS_ENTROPY_LOSS' | 'SILENCE' | 'SOFTMAX' | 'SOFTMAX_LOSS' | 'SPLIT' | 'SLICE' | 'TANH' | 'WINDOW_DATA' | 'THRESHOLD' | 'QUANT' | 'DEQUANT' | 'LOCAL' | 'BN' | 'NORMALIZE' | 'INSANITY' | 'TRIPLET_LOSS' | 'ROIPOOLING' | 'BATCH_NORM' | 'ELTWISE_AFFINE' | 'RELU6' | undefined;
  blobs?: readonly AnyBlobProto[] | undefined;
  param?: readonly string[] | undefined;
  blob_share_mode?: readonly ('STRICT' | 'PERMISSIVE')[] | undefined;
  blobs_lr?: readonly number[] | undefined;
  weight_decay?: readonly number[] | undefined;
  loss_weight?: readonly number[] | undefined;
  accuracy_param?: AnyAccuracyParameter | undefined;
  argmax_param?: AnyArgMaxParameter | undefined;
  concat_param?: AnyConcatParameter | undefined;
  contrastive_loss_param?: AnyContrastiveLossParameter | undefined;
  convolution_param?: AnyConvolutionParameter | undefined;
  data_param?: AnyDataParameter | undefined;
  dropout_param?: AnyDropoutParameter | undefined;
  dummy_data_param?: AnyDummyDataParameter | undefined;
  eltwise_param?: AnyEltwiseParameter | undefined;
  exp_param?: AnyExpParameter | undefined;
  hdf5_data_param?: AnyHDF5DataParameter | undefined;
  hdf5_output_param?: AnyHDF5OutputParameter | undefined;
  hinge_loss_param?: AnyHingeLossParameter | undefined;
  image_data_param?: AnyImageDataParameter | undefined;
  infogain_loss_param?: AnyInfogainLossParameter | undefined;
  inner_product_param?: AnyInnerProductParameter | undefined;
  lrn_param?: AnyLRNParameter | undefined;
  memory_data_param?: AnyMemoryDataParameter | undefined;
  mvn_param?: AnyMVNParameter | undefined;
  pooling_param?: AnyPoolingParameter | undefined;
  power_param?: AnyPowerParameter | undefined;
  relu_param?: AnyReLUParameter | undefined;
  sigmoid_param?: AnySigmoidParameter | undefined;
  softmax_param?: AnySoftmaxParameter | undefined;
  slice_param?: AnySliceParameter | undefined;
  tanh_param?: AnyTanHParameter | undefined;
  threshold_param?: AnyThresholdParameter | undefined;
  window_data_param?: AnyWindowDataParameter | undefined;
  transform_param?: AnyTransformationParameter | undefined;
  loss_param?: AnyLossParameter | undefined;
  layer?: AnyV0LayerParameter | undefined;
  bn_param?: AnyBNParameter | undefined;
  local_param?: AnyLocalParameter | undefined;
  prelu_param?: AnyPReLUParameter | undefined;
  insanity_param?: AnyInsanityParameter | undefined;
  triplet_loss_param?: AnyTripletLossParameter | undefined;
  roi_pooling_param?: AnyROIPoolingParameter | undefined;
  eltwise_affine_param?: AnyEltwiseAffineParameter | undefined;
  sub_region_param?: AnySubRegionParameter | undefined;
  noise_param?: AnyNoiseParameter | undefined;
  relu6_param?: AnyReLUParameter | undefined;
}

/** `CompileNetState` with the fields of every dialect. */
export interface AnyCompileNetState {
  is_init?: boolean | undefined;
  bn_scale_remove?: boolean | undefined;
  bn_scale_merge?: boolean | undefined;
  kept_bn_layers?: readonly string[] | undefined;
  negative_conv_names?: readonly string[] | undefined;
  negative_conv_indexes?: readonly number[] | undefined;
}

/** `MultinodeParameter` with the fields of every dialect. */
export interface AnyMultinodeParameter {
  model_parallel?: readonly AnyMnModelParallelParameter[] | undefined;
  compress_layer_type_list?: AnyMnParamGradCompressLayerTypeList | undefined;
}

/** `MemoryOptimizationParameter` with the fields of every dialect. */
export interface AnyMemoryOptimizationParameter {
  optimize_train?: boolean | undefined;
  optimize_test?: boolean | undefined;
  exclude_blob?: readonly string[] | undefined;
}

/** `DistortionParameter` with the fields of every dialect. */
export interface AnyDistortionParameter {
  brightness_prob?: number | undefined;
  brightness_delta?: number | undefined;
  contrast_prob?: number | undefined;
  contrast_lower?: number | undefined;
  contrast_upper?: number | undefined;
  hue_prob?: number | undefined;
  hue_delta?: number | undefined;
  saturation_prob?: number | undefined;
  saturation_lower?: number | undefined;
  saturation_upper?: number | undefined;
  random_order_prob?: number | undefined;
}

/** `ExpansionParameter` with the fields of every dialect. */
export interface AnyExpansionParameter {
  prob?: number | undefined;
  max_expand_ratio?: number | undefined;
}

/** `EmitConstraint` with the fields of every dialect. */
export interface AnyEmitConstraint {
  emit_type?: 'CENTER' | 'MIN_OVERLAP' | undefined;
  emit_overlap?: number | undefined;
}

/** `RandomResizeParameter` with the fields of every dialect. */
export interface AnyRandomResizeParameter {
  min_size?: number | undefined;
  max_size?: number | undefined;
  resize_param?: AnyResizeParameter | undefined;
}

/** `RandomAspectRatioParameter` with the fields of every dialect. */
export interface AnyRandomAspectRatioParameter {
  min_area_ratio?: number | undefined;
  max_area_ratio?: number | undefined;
  aspect_ratio_change?: number | undefined;
  max_attempt?: number | undefined;
  resize_param?: AnyResizeParameter | undefined;
}

/** `FillerParameter` with the fields of every dialect. */
export interface AnyFillerParameter {
  type?: string | undefined;
  value?: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
  mean?: number | undefined;
  std?: number | undefined;
  sparse?: number | undefined;
  variance_norm?: 'FAN_IN' | 'FAN_OUT' | 'AVERAGE' | undefined;
  alpha?: number | undefined;
  scale?: number | undefined;
}

/** `NonMaximumSuppressionParameter` with the fields of every dialect. */
export interface AnyNonMaximumSuppressionParameter {
  nms_threshold?: number | undefined;
  top_k?: number | undefined;
  eta?: number | undefined;
}

/** `SaveOutputParameter` with the fields of every dialect. */
export interface AnySaveOutputParameter {
  output_directory?: string | undefined;
  output_name_prefix?: string | undefined;
  output_format?: string | undefined;
  label_map_file?: string | undefined;
  name_size_file?: string | undefined;
  num_test_image?: number | undefined;
  resize_param?: AnyResizeParameter | undefined;
}

/** `GeneralNmsParameter` with the fields of every dialect. */
export interface AnyGeneralNmsParameter {
  post_top_k?: number | undefined;
  nms_threshold?: number | undefined;
  iou_threshold_decay?: number | undefined;
  coor_scale_factor?: number | undefined;
}

/** `SaltPepperParameter` with the fields of every dialect. */
export interface AnySaltPepperParameter {
  fraction?: number | undefined;
  value?: readonly number[] | undefined;
}

/** `BatchSampler` with the fields of every dialect. */
export interface AnyBatchSampler {
  use_original_image?: boolean | undefined;
  sampler?: AnySampler | undefined;
  sample_constraint?: AnySampleConstraint | undefined;
  max_sample?: number | undefined;
  max_trials?: number | undefined;
}

/** `DetectNetGroundTruthParameter.ClassMapping` with the fields of every dialect. */
export interface AnyDetectNetGroundTruthParameter_ClassMapping {
  src?: number | undefined;
  dst?: number | undefined;
}

/** `V0LayerParameter` with the fields of every dialect. */
export interface AnyV0LayerParameter {
  name?: string | undefined;
  type?: string | undefined;
  num_output?: number | undefined;
  biasterm?: boolean | undefined;
  weight_filler?: AnyFillerParameter | undefined;
  bias_filler?: AnyFillerParameter | undefined;
  pad?: number | undefined;
  kernelsize?: number | undefined;
  group?: number | undefined;
  stride?: number | undefined;
  pool?: 'MAX' | 'AVE' | 'STOCHASTIC' | undefined;
  dropout_ratio?: number | undefined;
  local_size?: number | undefined;
  alpha?: number | undefined;
  beta?: number | undefined;
  k?: number | undefined;
  source?: string | undefined;
  scale?: number | undefined;
  meanfile?: string | undefined;
  batchsize?: number | undefined;
  cropsize?: number | undefined;
  mirror?: boolean | undefined;
  blobs?: readonly AnyBlobProto[] | undefined;
  blobs_lr?: readonly number[] | undefined;
  weight_decay?: readonly number[] | undefined;
  rand_skip?: number | undefined;
  det_fg_threshold?: number | undefined;
  det_bg_threshold?: number | undefined;
  det_fg_fraction?: number | undefined;
  det_context_pad?: number | undefined;
  det_crop_mode?: string | undefined;
  new_num?: number | undefined;
  new_channels?: number | undefined;
  new_height?: number | undefined;
  new_width?: number | undefined;
  shuffle_images?: boolean | undefined;
  concat_dim?: number | undefined;
  hdf5_output_param?: AnyHDF5OutputParameter | undefined;
}

/** `MnModelParallelParameter` with the fields of every dialect. */
export interface AnyMnModelParallelParameter {
  layer_from?: string | undefined;
  layer_to?: string | undefined;
  num_nodes?: number | undefined;
  model_parts?: number | undefined;
}

/** `MnParamGradCompressLayerTypeList` with the fields of every dialect. */
export interface AnyMnParamGradCompressLayerTypeList {
  layer_type?: readonly string[] | undefined;
}

/** `Sampler` with the fields of every dialect. */
export interface AnySampler {
  min_scale?: number | undefined;
  max_scale?: number | undefined;
  min_aspect_ratio?: number | undefined;
  max_aspect_ratio?: number | undefined;
}

/** `SampleConstraint` with the fields of every dialect. */
export interface AnySampleConstraint {
  min_jaccard_overlap?: number | undefined;
  max_jaccard_overlap?: number | undefined;
  min_sample_coverage?: number | undefined;
  max_sample_coverage?: number | undefined;
  min_object_coverage?: number | undefined;
  max_object_coverage?: number | undefined;
}
