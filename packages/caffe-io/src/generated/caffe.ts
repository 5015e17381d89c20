// Made by tools/generate-protos.mjs from proto/caffe.proto. Do not edit.
import type { JsonDescriptor } from 'caffe-prototxt-parser';

/** The shape of a blob, outermost axis first. */
export interface BlobShape {
  dim: number[];
}

/** A blob: one array of numbers with its shape. Values are in exactly one of the data fields. */
export interface BlobProto {
  shape?: BlobShape | undefined;
  /** float32 */
  data: number[];
  diff: number[];
  /** of Caffe built with Dtype double */
  double_data: number[];
  double_diff: number[];
  /** legacy shape of four axes, instead of `shape`. Default 0. */
  num?: number | undefined;
  /** Default 0. */
  channels?: number | undefined;
  /** Default 0. */
  height?: number | undefined;
  /** Default 0. */
  width?: number | undefined;
  /** a deploy model's weights, one byte each */
  int8_data?: Uint8Array | undefined;
  /** a deploy model's biases */
  int32_data: number[];
  /** packed dequantization factors */
  uint64_data: number[];
}

/** Several blobs in one file. */
export interface BlobProtoVector {
  blobs: BlobProto[];
}

/** One record of an LMDB or LevelDB data set. */
export interface Datum {
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
  /** uint8 values in [channels, height, width], or an encoded image */
  data?: Uint8Array | undefined;
  label?: number | undefined;
  /** instead of data */
  float_data: number[];
  /** data is an image file (JPEG, PNG). Default false. */
  encoded?: boolean | undefined;
}

/** How a parameter blob is initialised. */
export interface FillerParameter {
  /** Default "constant". */
  type?: string | undefined;
  /** Default 0. */
  value?: number | undefined;
  /** Default 0. */
  min?: number | undefined;
  /** Default 1. */
  max?: number | undefined;
  /** Default 0. */
  mean?: number | undefined;
  /** Default 1. */
  std?: number | undefined;
  /** non-zero weights per output (gaussian); -1: all. Default -1. */
  sparse?: number | undefined;
  /** xavier and msra: divide by fan-in, fan-out or their mean. Default "FAN_IN". */
  variance_norm?: FillerParameter_VarianceNorm | undefined;
}

export type FillerParameter_VarianceNorm =
  | 'FAN_IN'
  | 'FAN_OUT'
  | 'AVERAGE';

/** A net: the whole of a .prototxt, or of a .caffemodel. */
export interface NetParameter {
  name?: string | undefined;
  /** legacy: blobs fed from outside, with input_shape or input_dim; now an Input layer */
  input: string[];
  input_shape: BlobShape[];
  /** legacy: four numbers per input */
  input_dim: number[];
  /** Default false. */
  force_backward?: boolean | undefined;
  state?: NetState | undefined;
  /** Default false. */
  debug_info?: boolean | undefined;
  /** the layers, bottom up */
  layer: LayerParameter[];
  /** legacy: the layers of 2014 and before */
  layers: V1LayerParameter[];
}

/** The solver: which net, how long, how fast. */
export interface SolverParameter {
  /** the net, for training and testing; exactly one of the train net fields is given */
  net?: string | undefined;
  net_param?: NetParameter | undefined;
  train_net?: string | undefined;
  test_net: string[];
  train_net_param?: NetParameter | undefined;
  test_net_param: NetParameter[];
  train_state?: NetState | undefined;
  test_state: NetState[];
  /** iterations per test net */
  test_iter: number[];
  /** iterations between two tests. Default 0. */
  test_interval?: number | undefined;
  /** Default false. */
  test_compute_loss?: boolean | undefined;
  /** test before the first iteration. Default true. */
  test_initialization?: boolean | undefined;
  base_lr?: number | undefined;
  display?: number | undefined;
  /** iterations whose mean loss is displayed. Default 1. */
  average_loss?: number | undefined;
  max_iter?: number | undefined;
  /** batches accumulated before one update. Default 1. */
  iter_size?: number | undefined;
  /** fixed, step, exp, inv, multistep, poly or sigmoid */
  lr_policy?: string | undefined;
  gamma?: number | undefined;
  power?: number | undefined;
  momentum?: number | undefined;
  weight_decay?: number | undefined;
  /** L1 or L2. Default "L2". */
  regularization_type?: string | undefined;
  /** for step */
  stepsize?: number | undefined;
  /** for multistep */
  stepvalue: number[];
  /** limit of the L2 norm of all gradients; negative: none. Default -1. */
  clip_gradients?: number | undefined;
  /** iterations between snapshots; 0: none. Default 0. */
  snapshot?: number | undefined;
  /** path and start of the file name */
  snapshot_prefix?: string | undefined;
  /** Default false. */
  snapshot_diff?: boolean | undefined;
  /** Default "BINARYPROTO". */
  snapshot_format?: SolverParameter_SnapshotFormat | undefined;
  /** Default "GPU". */
  solver_mode?: SolverParameter_SolverMode | undefined;
  /** Default 0. */
  device_id?: number | undefined;
  /** -1: from the clock. Default -1. */
  random_seed?: number | undefined;
  /** SGD, Nesterov, AdaGrad, RMSProp, AdaDelta or Adam. Default "SGD". */
  type?: string | undefined;
  /** numerical stability of RMSProp, AdaGrad, AdaDelta and Adam. Default 1e-8. */
  delta?: number | undefined;
  /** Adam's beta2. Default 0.999. */
  momentum2?: number | undefined;
  /** RMSProp's decay. Default 0.99. */
  rms_decay?: number | undefined;
  /** Default false. */
  debug_info?: boolean | undefined;
  /** Default true. */
  snapshot_after_train?: boolean | undefined;
  /** legacy: the enum before `type`. Default "SGD". */
  solver_type?: SolverParameter_SolverType | undefined;
  /** multi-GPU: overlap communication. Default true. */
  layer_wise_reduce?: boolean | undefined;
  /** start from these caffemodels */
  weights: string[];
}

export type SolverParameter_SnapshotFormat =
  | 'HDF5'
  | 'BINARYPROTO';

export type SolverParameter_SolverMode =
  | 'CPU'
  | 'GPU';

export type SolverParameter_SolverType =
  | 'SGD'
  | 'NESTEROV'
  | 'ADAGRAD'
  | 'RMSPROP'
  | 'ADADELTA'
  | 'ADAM';

/** A snapshot of the solver (.solverstate). */
export interface SolverState {
  iter?: number | undefined;
  learned_net?: string | undefined;
  history: BlobProto[];
  /** Default 0. */
  current_step?: number | undefined;
}

export type Phase =
  | 'TRAIN'
  | 'TEST';

/** Where a net stands, for the rules that include or exclude layers. */
export interface NetState {
  /** Default "TEST". */
  phase?: Phase | undefined;
  /** Default 0. */
  level?: number | undefined;
  stage: string[];
}

/** A condition on NetState; all given parts must hold. */
export interface NetStateRule {
  phase?: Phase | undefined;
  min_level?: number | undefined;
  max_level?: number | undefined;
  /** every stage must be set */
  stage: string[];
  /** no stage may be set */
  not_stage: string[];
}

/** Training specification of one parameter blob of a layer. */
export interface ParamSpec {
  /** layers with a parameter of the same name share it */
  name?: string | undefined;
  /** whether shared blobs must agree in shape or only in count */
  share_mode?: ParamSpec_DimCheckMode | undefined;
  /** Default 1. */
  lr_mult?: number | undefined;
  /** Default 1. */
  decay_mult?: number | undefined;
}

export type ParamSpec_DimCheckMode =
  | 'STRICT'
  | 'PERMISSIVE';

/** A layer. Numbers from 5000 are other tools': [5000, 200000) ATC's, from 200000 AMCT's. */
export interface LayerParameter {
  name?: string | undefined;
  /** as registered: "Convolution", "InnerProduct", ... */
  type?: string | undefined;
  bottom: string[];
  top: string[];
  /** set when the net is built */
  phase?: Phase | undefined;
  /** per top; default 1 for the first top of a loss layer, else 0 */
  loss_weight: number[];
  /** per parameter blob */
  param: ParamSpec[];
  /** the parameters, in a caffemodel */
  blobs: BlobProto[];
  /** per bottom: force or forbid back-propagation */
  propagate_down: boolean[];
  /** in the net only if one of these rules holds */
  include: NetStateRule[];
  /** not in the net if one of these rules holds */
  exclude: NetStateRule[];
  transform_param?: TransformationParameter | undefined;
  loss_param?: LossParameter | undefined;
  accuracy_param?: AccuracyParameter | undefined;
  argmax_param?: ArgMaxParameter | undefined;
  batch_norm_param?: BatchNormParameter | undefined;
  bias_param?: BiasParameter | undefined;
  /** 300000 in AMCT's binaries */
  clip_param?: ClipParameter | undefined;
  concat_param?: ConcatParameter | undefined;
  contrastive_loss_param?: ContrastiveLossParameter | undefined;
  convolution_param?: ConvolutionParameter | undefined;
  crop_param?: CropParameter | undefined;
  data_param?: DataParameter | undefined;
  dropout_param?: DropoutParameter | undefined;
  dummy_data_param?: DummyDataParameter | undefined;
  eltwise_param?: EltwiseParameter | undefined;
  elu_param?: ELUParameter | undefined;
  embed_param?: EmbedParameter | undefined;
  exp_param?: ExpParameter | undefined;
  flatten_param?: FlattenParameter | undefined;
  hdf5_data_param?: HDF5DataParameter | undefined;
  hdf5_output_param?: HDF5OutputParameter | undefined;
  hinge_loss_param?: HingeLossParameter | undefined;
  image_data_param?: ImageDataParameter | undefined;
  infogain_loss_param?: InfogainLossParameter | undefined;
  inner_product_param?: InnerProductParameter | undefined;
  input_param?: InputParameter | undefined;
  log_param?: LogParameter | undefined;
  lrn_param?: LRNParameter | undefined;
  memory_data_param?: MemoryDataParameter | undefined;
  mvn_param?: MVNParameter | undefined;
  parameter_param?: ParameterParameter | undefined;
  pooling_param?: PoolingParameter | undefined;
  power_param?: PowerParameter | undefined;
  prelu_param?: PReLUParameter | undefined;
  python_param?: PythonParameter | undefined;
  recurrent_param?: RecurrentParameter | undefined;
  reduction_param?: ReductionParameter | undefined;
  relu_param?: ReLUParameter | undefined;
  reshape_param?: ReshapeParameter | undefined;
  scale_param?: ScaleParameter | undefined;
  sigmoid_param?: SigmoidParameter | undefined;
  softmax_param?: SoftmaxParameter | undefined;
  spp_param?: SPPParameter | undefined;
  slice_param?: SliceParameter | undefined;
  /** 300001 in AMCT's binaries */
  swish_param?: SwishParameter | undefined;
  tanh_param?: TanHParameter | undefined;
  threshold_param?: ThresholdParameter | undefined;
  tile_param?: TileParameter | undefined;
  window_data_param?: WindowDataParameter | undefined;
  detection_output_param?: DetectionOutputParameter | undefined;
  /** Faster R-CNN's; 148 in binaries of AMCT */
  smooth_l1_loss_param?: SmoothL1LossParameter | undefined;
  permute_param?: PermuteParameter | undefined;
  prior_box_param?: PriorBoxParameter | undefined;
  norm_param?: NormalizeParameter | undefined;
  psroi_pooling_param?: PSROIPoolingParameter | undefined;
  freespace_extract_param?: FreespaceExtractParameter | undefined;
  postprocess_param?: PostprocessParameter | undefined;
  spatial_transform_param?: SpatialTransformParameter | undefined;
  roi_align_param?: ROIAlignParameter | undefined;
  reorg_param?: ReorgParameter | undefined;
  region_param?: RegionParameter | undefined;
  reverse_param?: ReverseParameter | undefined;
  interp_param?: InterpParameter | undefined;
  shuffle_channel_param?: ShuffleChannelParameter | undefined;
  upsample_param?: UpsampleParameter | undefined;
  roi_pooling_param?: ROIPoolingParameter | undefined;
  yolo_param?: YoloParameter | undefined;
  yolov3_detection_output_param?: YoloV3DetectionOutputParameter | undefined;
  proposal_param?: ProposalParameter | undefined;
  fsrdetectionoutput_param?: FSRDetectionOutputParameter | undefined;
  ssddetectionoutput_param?: SSDDetectionOutputParameter | undefined;
  yolov2_detection_output_param?: YoloV2DetectionOutputParameter | undefined;
  condtake_param?: CondTakeParameter | undefined;
  matrix_inverse_param?: MatrixInverseParameter | undefined;
  warp_perspective_param?: WarpPerspectiveParameter | undefined;
  batch_matmul_param?: BatchMatMulParameter | undefined;
  st_param?: SpatialTransformerParameter | undefined;
  yolov3_detection_output_v2_param?: YoloV3DetectionOutputV2Parameter | undefined;
  quant_param?: QuantParameter | undefined;
  dequant_param?: DeQuantParameter | undefined;
  ifmr_param?: IFMRParameter | undefined;
  lstm_quant_param?: LSTMQuantParameter | undefined;
  search_n_param?: SearchNParameter | undefined;
  retrain_data_quant_param?: RetrainDataQuantParameter | undefined;
  retrain_weight_quant_param?: RetrainWeightQuantParameter | undefined;
  lstm_calibration_param?: LstmCalibrationParameter | undefined;
}

/** Transformation of images before the net: (crop(x) - mean) * scale, mirrored. */
export interface TransformationParameter {
  /** Default 1. */
  scale?: number | undefined;
  /** at random, in TRAIN and TEST alike. Default false. */
  mirror?: boolean | undefined;
  /** square; random place in TRAIN, centre in TEST; 0: none. Default 0. */
  crop_size?: number | undefined;
  /** a BlobProto */
  mean_file?: string | undefined;
  /** one, or one per channel */
  mean_value: number[];
  /** Default false. */
  force_color?: boolean | undefined;
  /** Default false. */
  force_gray?: boolean | undefined;
}

/** Shared by the loss layers. */
export interface LossParameter {
  /** instances with this label count nothing */
  ignore_label?: number | undefined;
  /** Default "VALID". */
  normalization?: LossParameter_NormalizationMode | undefined;
  /** legacy: true is VALID, false BATCH_SIZE */
  normalize?: boolean | undefined;
}

export type LossParameter_NormalizationMode =
  | 'FULL'
  | 'VALID'
  | 'BATCH_SIZE'
  | 'NONE';

export interface AccuracyParameter {
  /** right if the label is among the k largest. Default 1. */
  top_k?: number | undefined;
  /** Default 1. */
  axis?: number | undefined;
  ignore_label?: number | undefined;
}

export interface ArgMaxParameter {
  /** Default false. */
  out_max_val?: boolean | undefined;
  /** Default 1. */
  top_k?: number | undefined;
  axis?: number | undefined;
}

/** Normalisation by mean and variance; three blobs: mean, variance, and the factor both are divided by. */
export interface BatchNormParameter {
  /** default: true in TEST, false in TRAIN */
  use_global_stats?: boolean | undefined;
  /** Default 0.999. */
  moving_average_fraction?: number | undefined;
  /** Default 0.00001. */
  eps?: number | undefined;
}

/** y = x + bias, broadcast over the other axes. */
export interface BiasParameter {
  /** Default 1. */
  axis?: number | undefined;
  /** Default 1. */
  num_axes?: number | undefined;
  filler?: FillerParameter | undefined;
  /** Default true. */
  bias_from_blob?: boolean | undefined;
}

/** y = min(max(x, min), max). */
export interface ClipParameter {
  min: number;
  max: number;
}

export interface ConcatParameter {
  /** Default 1. */
  axis?: number | undefined;
  /** legacy: axis. Default 1. */
  concat_dim?: number | undefined;
}

export interface ContrastiveLossParameter {
  /** Default 1. */
  margin?: number | undefined;
  /** Default false. */
  legacy_version?: boolean | undefined;
}

export interface ConvolutionParameter {
  num_output?: number | undefined;
  /** Default true. */
  bias_term?: boolean | undefined;
  /** one, or one per spatial axis */
  pad: number[];
  kernel_size: number[];
  stride: number[];
  dilation: number[];
  /** height and width apart, instead. Default 0. */
  pad_h?: number | undefined;
  /** Default 0. */
  pad_w?: number | undefined;
  kernel_h?: number | undefined;
  kernel_w?: number | undefined;
  stride_h?: number | undefined;
  stride_w?: number | undefined;
  /** groups of channels with no connection to each other. Default 1. */
  group?: number | undefined;
  weight_filler?: FillerParameter | undefined;
  bias_filler?: FillerParameter | undefined;
  /** Default "DEFAULT". */
  engine?: ConvolutionParameter_Engine | undefined;
  /** the channel axis. Default 1. */
  axis?: number | undefined;
  /** Default false. */
  force_nd_im2col?: boolean | undefined;
}

export type ConvolutionParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

export interface CropParameter {
  /** Default 2. */
  axis?: number | undefined;
  offset: number[];
}

export interface DataParameter {
  source?: string | undefined;
  batch_size?: number | undefined;
  /** records skipped at start, at random. Default 0. */
  rand_skip?: number | undefined;
  /** Default "LEVELDB". */
  backend?: DataParameter_DB | undefined;
  /** legacy: now in transform_param. Default 1. */
  scale?: number | undefined;
  mean_file?: string | undefined;
  /** Default 0. */
  crop_size?: number | undefined;
  /** Default false. */
  mirror?: boolean | undefined;
  /** Default false. */
  force_encoded_color?: boolean | undefined;
  /** batches read ahead. Default 4. */
  prefetch?: number | undefined;
}

export type DataParameter_DB =
  | 'LEVELDB'
  | 'LMDB';

export interface DropoutParameter {
  /** Default 0.5. */
  dropout_ratio?: number | undefined;
  /** Default true. */
  scale_train?: boolean | undefined;
}

export interface DummyDataParameter {
  data_filler: FillerParameter[];
  shape: BlobShape[];
  /** legacy: four numbers instead of shape */
  num: number[];
  channels: number[];
  height: number[];
  width: number[];
}

/** Elementwise operation on bottoms of one shape. */
export interface EltwiseParameter {
  /** Default "SUM". */
  operation?: EltwiseParameter_EltwiseOp | undefined;
  /** per bottom, SUM only */
  coeff: number[];
  /** Default true. */
  stable_prod_grad?: boolean | undefined;
}

export type EltwiseParameter_EltwiseOp =
  | 'PROD'
  | 'SUM'
  | 'MAX';

/** y = x > 0 ? x : alpha * (e^x - 1). */
export interface ELUParameter {
  /** Default 1. */
  alpha?: number | undefined;
}

export interface EmbedParameter {
  num_output?: number | undefined;
  input_dim?: number | undefined;
  /** Default true. */
  bias_term?: boolean | undefined;
  weight_filler?: FillerParameter | undefined;
  bias_filler?: FillerParameter | undefined;
}

/** y = base ^ (shift + scale * x); base -1 is e. */
export interface ExpParameter {
  /** Default -1. */
  base?: number | undefined;
  /** Default 1. */
  scale?: number | undefined;
  /** Default 0. */
  shift?: number | undefined;
}

export interface FlattenParameter {
  /** Default 1. */
  axis?: number | undefined;
  /** Default -1. */
  end_axis?: number | undefined;
}

export interface HDF5DataParameter {
  /** lines naming .h5 files */
  source?: string | undefined;
  batch_size?: number | undefined;
  /** Default false. */
  shuffle?: boolean | undefined;
}

export interface HDF5OutputParameter {
  file_name?: string | undefined;
}

export interface HingeLossParameter {
  /** Default "L1". */
  norm?: HingeLossParameter_Norm | undefined;
}

export type HingeLossParameter_Norm =
  | 'L1'
  | 'L2';

export interface ImageDataParameter {
  /** lines of "file label" */
  source?: string | undefined;
  /** Default 1. */
  batch_size?: number | undefined;
  /** Default 0. */
  rand_skip?: number | undefined;
  /** Default false. */
  shuffle?: boolean | undefined;
  /** resize; 0: none. Default 0. */
  new_height?: number | undefined;
  /** Default 0. */
  new_width?: number | undefined;
  /** Default true. */
  is_color?: boolean | undefined;
  /** legacy: now in transform_param. Default 1. */
  scale?: number | undefined;
  mean_file?: string | undefined;
  /** Default 0. */
  crop_size?: number | undefined;
  /** Default false. */
  mirror?: boolean | undefined;
  /** put before every file */
  root_folder?: string | undefined;
}

export interface InfogainLossParameter {
  source?: string | undefined;
  /** Default 1. */
  axis?: number | undefined;
}

export interface InnerProductParameter {
  num_output?: number | undefined;
  /** Default true. */
  bias_term?: boolean | undefined;
  weight_filler?: FillerParameter | undefined;
  bias_filler?: FillerParameter | undefined;
  /** axes from here on are flattened to the input. Default 1. */
  axis?: number | undefined;
  /** weights are [K, N] instead of [N, K]. Default false. */
  transpose?: boolean | undefined;
}

/** Tops that are fed from outside. */
export interface InputParameter {
  shape: BlobShape[];
}

/** y = log_base(shift + scale * x); base -1 is e. */
export interface LogParameter {
  /** Default -1. */
  base?: number | undefined;
  /** Default 1. */
  scale?: number | undefined;
  /** Default 0. */
  shift?: number | undefined;
}

/** y = x / (k + alpha / n * sum(x^2)) ^ beta. */
export interface LRNParameter {
  /** Default 5. */
  local_size?: number | undefined;
  /** Default 1. */
  alpha?: number | undefined;
  /** Default 0.75. */
  beta?: number | undefined;
  /** Default "ACROSS_CHANNELS". */
  norm_region?: LRNParameter_NormRegion | undefined;
  /** Default 1. */
  k?: number | undefined;
  /** Default "DEFAULT". */
  engine?: LRNParameter_Engine | undefined;
}

export type LRNParameter_NormRegion =
  | 'ACROSS_CHANNELS'
  | 'WITHIN_CHANNEL';

export type LRNParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

export interface MemoryDataParameter {
  batch_size?: number | undefined;
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
}

export interface MVNParameter {
  /** Default true. */
  normalize_variance?: boolean | undefined;
  /** Default false. */
  across_channels?: boolean | undefined;
  /** Default 1e-9. */
  eps?: number | undefined;
}

export interface ParameterParameter {
  shape?: BlobShape | undefined;
}

export interface PoolingParameter {
  /** Default "MAX". */
  pool?: PoolingParameter_PoolMethod | undefined;
  /** Default 0. */
  pad?: number | undefined;
  /** Default 0. */
  pad_h?: number | undefined;
  /** Default 0. */
  pad_w?: number | undefined;
  /** square, or kernel_h and kernel_w */
  kernel_size?: number | undefined;
  kernel_h?: number | undefined;
  kernel_w?: number | undefined;
  /** Default 1. */
  stride?: number | undefined;
  stride_h?: number | undefined;
  stride_w?: number | undefined;
  /** Default "DEFAULT". */
  engine?: PoolingParameter_Engine | undefined;
  /** kernel of the whole input. Default false. */
  global_pooling?: boolean | undefined;
  /** of the output's size; 14 in AMCT's binaries. Default "CEIL". */
  round_mode?: PoolingParameter_RoundMode | undefined;
  /** AMCT and others, before round_mode; 13 in AMCT's binaries. Default true. */
  ceil_mode?: boolean | undefined;
}

export type PoolingParameter_PoolMethod =
  | 'MAX'
  | 'AVE'
  | 'STOCHASTIC';

export type PoolingParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

export type PoolingParameter_RoundMode =
  | 'CEIL'
  | 'FLOOR';

/** y = (shift + scale * x) ^ power. */
export interface PowerParameter {
  /** Default 1. */
  power?: number | undefined;
  /** Default 1. */
  scale?: number | undefined;
  /** Default 0. */
  shift?: number | undefined;
}

/** He et al., Delving Deep into Rectifiers, 2015. */
export interface PReLUParameter {
  filler?: FillerParameter | undefined;
  /** Default false. */
  channel_shared?: boolean | undefined;
}

/** A layer written in Python; known by name only. */
export interface PythonParameter {
  module?: string | undefined;
  layer?: string | undefined;
  param_str?: string | undefined;
  /** Default false. */
  share_in_parallel?: boolean | undefined;
}

export interface RecurrentParameter {
  /** Default 0. */
  num_output?: number | undefined;
  weight_filler?: FillerParameter | undefined;
  bias_filler?: FillerParameter | undefined;
  /** Default false. */
  debug_info?: boolean | undefined;
  /** Default false. */
  expose_hidden?: boolean | undefined;
}

export interface ReductionParameter {
  /** Default "SUM". */
  operation?: ReductionParameter_ReductionOp | undefined;
  /** this and all later axes are reduced. Default 0. */
  axis?: number | undefined;
  /** Default 1. */
  coeff?: number | undefined;
}

export type ReductionParameter_ReductionOp =
  | 'SUM'
  | 'ASUM'
  | 'SUMSQ'
  | 'MEAN';

/** y = max(x, 0) + negative_slope * min(x, 0). */
export interface ReLUParameter {
  /** Default 0. */
  negative_slope?: number | undefined;
  /** Default "DEFAULT". */
  engine?: ReLUParameter_Engine | undefined;
}

export type ReLUParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

export interface ReshapeParameter {
  /** 0: as the input; -1: what remains */
  shape?: BlobShape | undefined;
  /** Default 0. */
  axis?: number | undefined;
  /** Default -1. */
  num_axes?: number | undefined;
}

/** y = scale * x [+ bias], broadcast over the other axes. */
export interface ScaleParameter {
  /** Default 1. */
  axis?: number | undefined;
  /** Default 1. */
  num_axes?: number | undefined;
  filler?: FillerParameter | undefined;
  /** Default false. */
  bias_term?: boolean | undefined;
  bias_filler?: FillerParameter | undefined;
  /** Default true. */
  scale_from_blob?: boolean | undefined;
}

export interface SigmoidParameter {
  /** Default "DEFAULT". */
  engine?: SigmoidParameter_Engine | undefined;
}

export type SigmoidParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

export interface SliceParameter {
  /** Default 1. */
  axis?: number | undefined;
  /** where each further top begins; none: equal parts */
  slice_point: number[];
  /** legacy: axis. Default 1. */
  slice_dim?: number | undefined;
}

export interface SoftmaxParameter {
  /** Default "DEFAULT". */
  engine?: SoftmaxParameter_Engine | undefined;
  /** Default 1. */
  axis?: number | undefined;
}

export type SoftmaxParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

/** Spatial pyramid pooling: He et al., 2014. */
export interface SPPParameter {
  pyramid_height?: number | undefined;
  /** Default "MAX". */
  pool?: SPPParameter_PoolMethod | undefined;
  /** Default "DEFAULT". */
  engine?: SPPParameter_Engine | undefined;
}

export type SPPParameter_PoolMethod =
  | 'MAX'
  | 'AVE'
  | 'STOCHASTIC';

export type SPPParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

/** y = x * sigmoid(beta * x). */
export interface SwishParameter {
  /** Default 1. */
  beta?: number | undefined;
}

export interface TanHParameter {
  /** Default "DEFAULT". */
  engine?: TanHParameter_Engine | undefined;
}

export type TanHParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

/** y = x > threshold ? 1 : 0. */
export interface ThresholdParameter {
  /** Default 0. */
  threshold?: number | undefined;
}

export interface TileParameter {
  /** Default 1. */
  axis?: number | undefined;
  tiles?: number | undefined;
}

export interface WindowDataParameter {
  source?: string | undefined;
  /** legacy: now in transform_param. Default 1. */
  scale?: number | undefined;
  mean_file?: string | undefined;
  batch_size?: number | undefined;
  /** Default 0. */
  crop_size?: number | undefined;
  /** Default false. */
  mirror?: boolean | undefined;
  /** Default 0.5. */
  fg_threshold?: number | undefined;
  /** Default 0.5. */
  bg_threshold?: number | undefined;
  /** Default 0.25. */
  fg_fraction?: number | undefined;
  /** Default 0. */
  context_pad?: number | undefined;
  /** Default "warp". */
  crop_mode?: string | undefined;
  /** Default false. */
  cache_images?: boolean | undefined;
  root_folder?: string | undefined;
}

export interface SmoothL1LossParameter {
  /** Default 1. */
  sigma?: number | undefined;
}

export interface PriorBoxParameter {
  min_size: number[];
  max_size: number[];
  aspect_ratio: number[];
  /** Default true. */
  flip?: boolean | undefined;
  /** Default false. */
  clip?: boolean | undefined;
  variance: number[];
  img_size?: number | undefined;
  img_h?: number | undefined;
  img_w?: number | undefined;
  step?: number | undefined;
  step_h?: number | undefined;
  step_w?: number | undefined;
  /** Default 0.5. */
  offset?: number | undefined;
}

export type PriorBoxParameter_CodeType =
  | 'CORNER'
  | 'CENTER_SIZE'
  | 'CORNER_SIZE';

export interface PermuteParameter {
  order: number[];
}

export interface NormalizeParameter {
  /** Default true. */
  across_spatial?: boolean | undefined;
  scale_filler?: FillerParameter | undefined;
  /** Default true. */
  channel_shared?: boolean | undefined;
  /** Default 1e-10. */
  eps?: number | undefined;
}

export interface SaveOutputParameter {
  output_directory?: string | undefined;
  output_name_prefix?: string | undefined;
  output_format?: string | undefined;
  label_map_file?: string | undefined;
  name_size_file?: string | undefined;
  num_test_image?: number | undefined;
}

export interface NonMaximumSuppressionParameter {
  /** Default 0.3. */
  nms_threshold?: number | undefined;
  top_k?: number | undefined;
  /** Default 1. */
  eta?: number | undefined;
}

export interface GeneralNmsParameter {
  post_top_k?: number | undefined;
  /** Default 0. */
  nms_threshold?: number | undefined;
  /** Default 1. */
  iou_threshold_decay?: number | undefined;
  /** Default 1. */
  coor_scale_factor?: number | undefined;
}

export interface DetectionOutputParameter {
  num_classes?: number | undefined;
  /** Default true. */
  share_location?: boolean | undefined;
  /** Default 0. */
  background_label_id?: number | undefined;
  nms_param?: NonMaximumSuppressionParameter | undefined;
  save_output_param?: SaveOutputParameter | undefined;
  /** Default "CENTER_SIZE". */
  code_type?: PriorBoxParameter_CodeType | undefined;
  /** Default true. */
  variance_encoded_in_target?: boolean | undefined;
  keep_top_k?: number | undefined;
  confidence_threshold?: number | undefined;
  nms_threshold?: number | undefined;
  top_k?: number | undefined;
  /** Default 1. */
  boxes?: number | undefined;
  /** Default true. */
  relative?: boolean | undefined;
  /** Default 0.5. */
  objectness_threshold?: number | undefined;
  /** Default 0.5. */
  class_threshold?: number | undefined;
  biases: number[];
  general_nms_param?: GeneralNmsParameter | undefined;
  objectness_score?: number | undefined;
}

export interface PSROIPoolingParameter {
  spatial_scale: number;
  output_dim: number;
  group_size: number;
}

export interface FreespaceExtractParameter {
  org_height?: number | undefined;
}

export interface PostprocessParameter {
  /** Default 0.3. */
  nms_thresh?: number | undefined;
  /** Default 0.5. */
  conf_thresh?: number | undefined;
  /** Default 100. */
  post_nms_topn?: number | undefined;
  /** Default 12. */
  cls_num?: number | undefined;
  bbox_reg_weights: number[];
}

export interface SpatialTransformParameter {
  /** Default 0. */
  output_h?: number | undefined;
  /** Default 0. */
  output_w?: number | undefined;
  /** Default 0. */
  border_value?: number | undefined;
  affine_transform: number[];
  /** Default "DEFAULT". */
  engine?: SpatialTransformParameter_Engine | undefined;
}

export type SpatialTransformParameter_Engine =
  | 'DEFAULT'
  | 'CAFFE'
  | 'CUDNN';

export interface ROIAlignParameter {
  /** Default 0. */
  pooled_h?: number | undefined;
  /** Default 0. */
  pooled_w?: number | undefined;
  /** Default 1. */
  spatial_scale?: number | undefined;
  /** Default -1. */
  sampling_ratio?: number | undefined;
  /** Default 0. */
  roi_end_mode?: number | undefined;
}

export interface RegionParameter {
  /** Default 20. */
  classes?: number | undefined;
  /** Default 4. */
  coords?: number | undefined;
  /** Default 1. */
  boxes?: number | undefined;
  /** Default 0. */
  softmax?: number | undefined;
  softmax_tree?: string | undefined;
  /** Default 0. */
  background?: number | undefined;
}

export interface ReorgParameter {
  /** Default 2. */
  stride?: number | undefined;
  /** Default false. */
  reverse?: boolean | undefined;
}

export interface ReverseParameter {
  axis: number[];
}

export interface InterpParameter {
  /** Default 0. */
  height?: number | undefined;
  /** Default 0. */
  width?: number | undefined;
  /** Default 1. */
  zoom_factor?: number | undefined;
  /** Default 1. */
  shrink_factor?: number | undefined;
  /** Default 0. */
  pad_beg?: number | undefined;
  /** Default 0. */
  pad_end?: number | undefined;
}

export interface ShuffleChannelParameter {
  /** Default 1. */
  group?: number | undefined;
}

export interface UpsampleParameter {
  /** Default 1. */
  scale?: number | undefined;
  /** Default 2. */
  stride?: number | undefined;
  /** Default 2. */
  stride_h?: number | undefined;
  /** Default 2. */
  stride_w?: number | undefined;
}

export interface ROIPoolingParameter {
  pooled_h: number;
  pooled_w: number;
  /** Default 0.0625. */
  spatial_scale?: number | undefined;
  spatial_scale_h?: number | undefined;
  spatial_scale_w?: number | undefined;
}

export interface YoloParameter {
  /** Default 3. */
  boxes?: number | undefined;
  /** Default 4. */
  coords?: number | undefined;
  /** Default 80. */
  classes?: number | undefined;
  /** Default "V3". */
  yolo_version?: string | undefined;
  /** Default false. */
  softmax?: boolean | undefined;
  /** Default false. */
  background?: boolean | undefined;
  /** Default false. */
  softmaxtree?: boolean | undefined;
}

export interface YoloV3DetectionOutputParameter {
  /** Default 3. */
  boxes?: number | undefined;
  /** Default 80. */
  classes?: number | undefined;
  /** Default true. */
  relative?: boolean | undefined;
  /** Default 0.5. */
  obj_threshold?: number | undefined;
  /** Default 0.5. */
  score_threshold?: number | undefined;
  /** Default 0.45. */
  iou_threshold?: number | undefined;
  /** Default 512. */
  pre_nms_topn?: number | undefined;
  /** Default 1024. */
  post_nms_topn?: number | undefined;
  biases_high: number[];
  biases_mid: number[];
  biases_low: number[];
  /** Default 4. */
  coords?: number | undefined;
  biases: number[];
  /** Default false. */
  resize_origin_img_to_net?: boolean | undefined;
}

export interface YoloV3DetectionOutputV2Parameter {
  /** Default 3. */
  boxes?: number | undefined;
  /** Default 80. */
  classes?: number | undefined;
  /** Default true. */
  relative?: boolean | undefined;
  /** Default 0.5. */
  obj_threshold?: number | undefined;
  /** Default 0.5. */
  score_threshold?: number | undefined;
  /** Default 0.45. */
  iou_threshold?: number | undefined;
  /** Default 512. */
  pre_nms_topn?: number | undefined;
  /** Default 1024. */
  post_nms_topn?: number | undefined;
  biases_high: number[];
  biases_mid: number[];
  biases_low: number[];
  /** Default 4. */
  coords?: number | undefined;
  biases: number[];
  /** Default false. */
  resize_origin_img_to_net?: boolean | undefined;
  /** Default 3. */
  out_box_dim?: number | undefined;
}

export interface ProposalParameter {
  /** Default 16. */
  feat_stride?: number | undefined;
  /** Default 16. */
  base_size?: number | undefined;
  /** Default 16. */
  min_size?: number | undefined;
  ratio: number[];
  scale: number[];
  /** Default 3000. */
  pre_nms_topn?: number | undefined;
  /** Default 304. */
  post_nms_topn?: number | undefined;
  /** Default 0.7. */
  iou_threshold?: number | undefined;
  /** Default false. */
  output_actual_rois_num?: boolean | undefined;
}

export interface FSRDetectionOutputParameter {
  num_classes: number;
  score_threshold: number;
  iou_threshold: number;
  /** Default 1. */
  batch_rois?: number | undefined;
}

export interface SSDDetectionOutputParameter {
  /** Default 2. */
  num_classes: number;
  /** Default true. */
  share_location?: boolean | undefined;
  /** Default 0. */
  background_label_id?: number | undefined;
  /** Default 0.3. */
  iou_threshold?: number | undefined;
  /** Default 200. */
  top_k?: number | undefined;
  /** Default 1. */
  eta?: number | undefined;
  /** Default false. */
  variance_encoded_in_target?: boolean | undefined;
  /** Default 1. */
  code_type?: number | undefined;
  /** Default -1. */
  keep_top_k?: number | undefined;
  /** Default 0. */
  confidence_threshold?: number | undefined;
}

export interface YoloV2DetectionOutputParameter {
  /** Default 5. */
  boxes?: number | undefined;
  /** Default 80. */
  classes?: number | undefined;
  /** Default true. */
  relative?: boolean | undefined;
  /** Default 0.5. */
  obj_threshold?: number | undefined;
  /** Default 0.5. */
  score_threshold?: number | undefined;
  /** Default 0.45. */
  iou_threshold?: number | undefined;
  /** Default 512. */
  pre_nms_topn?: number | undefined;
  /** Default 1024. */
  post_nms_topn?: number | undefined;
  biases: number[];
  /** Default 4. */
  coords?: number | undefined;
  /** Default false. */
  resize_origin_img_to_net?: boolean | undefined;
}

export interface BatchMatMulParameter {
  /** Default false. */
  adj_x1?: boolean | undefined;
  /** Default false. */
  adj_x2?: boolean | undefined;
}

export interface CondTakeParameter {
  mode: string;
  val: number;
  /** Default 0.000001. */
  eps?: number | undefined;
}

export interface MatrixInverseParameter {
  /** Default false. */
  adjoint?: boolean | undefined;
}

export interface WarpPerspectiveParameter {
  out_height: number;
  out_width: number;
  constant?: number | undefined;
  /** Default "BORDER_CONSTANT". */
  border_type?: string | undefined;
}

export interface SpatialTransformerParameter {
  /** Default "affine". */
  transform_type?: string | undefined;
  /** Default "bilinear". */
  sampler_type?: string | undefined;
  output_H?: number | undefined;
  output_W?: number | undefined;
  /** Default true. */
  to_compute_dU?: boolean | undefined;
  theta_1_1?: number | undefined;
  theta_1_2?: number | undefined;
  theta_1_3?: number | undefined;
  theta_2_1?: number | undefined;
  theta_2_2?: number | undefined;
  theta_2_3?: number | undefined;
}

/** ActivationQAT: learned clip range of a data blob (ULQ). */
export interface RetrainDataQuantParameter {
  /** start of the range where ifmr_init is false. Default 3. */
  clip_max?: number | undefined;
  /** Default 0. */
  clip_min?: number | undefined;
  /** find the range on the first batch. Default false. */
  ifmr_init?: boolean | undefined;
  /** Default true. */
  with_offset?: boolean | undefined;
  /** keep clip_min at 0. Default false. */
  fixed_min?: boolean | undefined;
  /** layers that read the blob, joined by "-" */
  object_layer?: string | undefined;
  record_file_path?: string | undefined;
}

export interface RetrainSingleLayerRecord {
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
}

/** Input sizes that ActivationQAT writes on its first forward. */
export interface RetrainShapeRecord {
  record: RetrainShapeRecord_MapFiledEntry[];
}

export interface RetrainShapeRecord_MapFiledEntry {
  key?: string | undefined;
  value?: RetrainSingleLayerRecord | undefined;
}

/** WeightQAT: fake-quantization of a weight blob (ARQ). */
export interface RetrainWeightQuantParameter {
  /** Default 3. */
  cout?: number | undefined;
  /** Default 3. */
  cin?: number | undefined;
  /** Default 3. */
  h?: number | undefined;
  /** Default 3. */
  w?: number | undefined;
  /** one scale per output channel. Default true. */
  channel_wise?: boolean | undefined;
  layer_type?: string | undefined;
  /** Default false. */
  with_offset?: boolean | undefined;
}

/** Quant: float to int8 in the fake-quant and deploy models. */
export interface QuantParameter {
  with_offset?: boolean | undefined;
  /** 1 / scale_d */
  scale?: number | undefined;
  /** one int8 */
  offset?: Uint8Array | undefined;
  object_layer?: string | undefined;
}

/** DeQuant: int32 back to float. Blobs: deqscale, shift_bit, offset_w. */
export interface DeQuantParameter {
  channel_wise?: boolean | undefined;
  need_calibration?: boolean | undefined;
  batch_num?: number | undefined;
  object_layer?: string | undefined;
  layer_type?: string | undefined;
  deqscale: number[];
  shift_bit: number[];
  offset: number[];
}

/** IFMR: calibration of a data range by reconstruction error. */
export interface IFMRParameter {
  batch_num?: number | undefined;
  with_offset?: boolean | undefined;
  /** candidates, as ratios of the maximum */
  search_range_start: number;
  search_range_end: number;
  search_step: number;
  max_percentile: number;
  min_percentile: number;
  object_layer: string[];
  record_file_path?: string | undefined;
}

/** SearchN: search of the right shift of old chips. */
export interface SearchNParameter {
  batch_num?: number | undefined;
  layer_name: string[];
  layer_type: string[];
  record_file_path?: string | undefined;
}

/** Scales and offsets of one layer. The record file has a schema of its own, scale_offset_record_caffe.proto. */
export interface SingleLayerRecord {
  /** data: one scale and offset */
  scale_d?: number | undefined;
  offset_d?: number | undefined;
  /** weights: one, or one per output channel */
  scale_w: number[];
  offset_w: number[];
  shift_bit: number[];
  channels?: number | undefined;
  height?: number | undefined;
  width?: number | undefined;
  /** Default false. */
  skip_fusion?: boolean | undefined;
}

export interface ScaleOffsetRecord {
  record: ScaleOffsetRecord_MapFiledEntry[];
}

export interface ScaleOffsetRecord_MapFiledEntry {
  key?: string | undefined;
  value?: SingleLayerRecord | undefined;
}

export interface LSTMQuantParameter {
  w_x_dequant_param?: DeQuantParameter | undefined;
  w_x_static_dequant_param?: DeQuantParameter | undefined;
  w_h_quant_param?: QuantParameter | undefined;
  w_h_dequant_param?: DeQuantParameter | undefined;
}

export interface LstmCalibrationParameter {
  ifmr_param?: IFMRParameter | undefined;
  static_ifmr_param?: IFMRParameter | undefined;
  search_n_param?: SearchNParameter | undefined;
  static_search_n_param?: SearchNParameter | undefined;
}

/** The layer of 2014 (`layers { type: CONVOLUTION }`), upgraded on reading. */
export interface V1LayerParameter {
  bottom: string[];
  top: string[];
  name?: string | undefined;
  include: NetStateRule[];
  exclude: NetStateRule[];
  type?: V1LayerParameter_LayerType | undefined;
  blobs: BlobProto[];
  /** names of shared blobs */
  param: string[];
  blob_share_mode: V1LayerParameter_DimCheckMode[];
  /** learning rate multipliers per blob */
  blobs_lr: number[];
  /** decay multipliers per blob */
  weight_decay: number[];
  loss_weight: number[];
  accuracy_param?: AccuracyParameter | undefined;
  argmax_param?: ArgMaxParameter | undefined;
  concat_param?: ConcatParameter | undefined;
  contrastive_loss_param?: ContrastiveLossParameter | undefined;
  convolution_param?: ConvolutionParameter | undefined;
  data_param?: DataParameter | undefined;
  dropout_param?: DropoutParameter | undefined;
  dummy_data_param?: DummyDataParameter | undefined;
  eltwise_param?: EltwiseParameter | undefined;
  exp_param?: ExpParameter | undefined;
  hdf5_data_param?: HDF5DataParameter | undefined;
  hdf5_output_param?: HDF5OutputParameter | undefined;
  hinge_loss_param?: HingeLossParameter | undefined;
  image_data_param?: ImageDataParameter | undefined;
  infogain_loss_param?: InfogainLossParameter | undefined;
  inner_product_param?: InnerProductParameter | undefined;
  lrn_param?: LRNParameter | undefined;
  memory_data_param?: MemoryDataParameter | undefined;
  mvn_param?: MVNParameter | undefined;
  pooling_param?: PoolingParameter | undefined;
  power_param?: PowerParameter | undefined;
  relu_param?: ReLUParameter | undefined;
  sigmoid_param?: SigmoidParameter | undefined;
  softmax_param?: SoftmaxParameter | undefined;
  slice_param?: SliceParameter | undefined;
  tanh_param?: TanHParameter | undefined;
  threshold_param?: ThresholdParameter | undefined;
  window_data_param?: WindowDataParameter | undefined;
  transform_param?: TransformationParameter | undefined;
  loss_param?: LossParameter | undefined;
  /** the layer of 2013 inside */
  layer?: V0LayerParameter | undefined;
}

export type V1LayerParameter_LayerType =
  | 'NONE'
  | 'ABSVAL'
  | 'ACCURACY'
  | 'ARGMAX'
  | 'BNLL'
  | 'CONCAT'
  | 'CONTRASTIVE_LOSS'
  | 'CONVOLUTION'
  | 'DATA'
  | 'DECONVOLUTION'
  | 'DROPOUT'
  | 'DUMMY_DATA'
  | 'EUCLIDEAN_LOSS'
  | 'ELTWISE'
  | 'EXP'
  | 'FLATTEN'
  | 'HDF5_DATA'
  | 'HDF5_OUTPUT'
  | 'HINGE_LOSS'
  | 'IM2COL'
  | 'IMAGE_DATA'
  | 'INFOGAIN_LOSS'
  | 'INNER_PRODUCT'
  | 'LRN'
  | 'MEMORY_DATA'
  | 'MULTINOMIAL_LOGISTIC_LOSS'
  | 'MVN'
  | 'POOLING'
  | 'POWER'
  | 'RELU'
  | 'SIGMOID'
  | 'SIGMOID_CROSS_ENTROPY_LOSS'
  | 'SILENCE'
  | 'SOFTMAX'
  | 'SOFTMAX_LOSS'
  | 'SPLIT'
  | 'SLICE'
  | 'TANH'
  | 'WINDOW_DATA'
  | 'THRESHOLD'
  | 'QUANT'
  | 'DEQUANT';

export type V1LayerParameter_DimCheckMode =
  | 'STRICT'
  | 'PERMISSIVE';

/** The layer of 2013 (`layers { layer { type: "conv" } }`), upgraded on reading. */
export interface V0LayerParameter {
  name?: string | undefined;
  type?: string | undefined;
  num_output?: number | undefined;
  /** bias_term. Default true. */
  biasterm?: boolean | undefined;
  weight_filler?: FillerParameter | undefined;
  bias_filler?: FillerParameter | undefined;
  /** Default 0. */
  pad?: number | undefined;
  kernelsize?: number | undefined;
  /** Default 1. */
  group?: number | undefined;
  /** Default 1. */
  stride?: number | undefined;
  /** Default "MAX". */
  pool?: V0LayerParameter_PoolMethod | undefined;
  /** Default 0.5. */
  dropout_ratio?: number | undefined;
  /** Default 5. */
  local_size?: number | undefined;
  /** Default 1. */
  alpha?: number | undefined;
  /** Default 0.75. */
  beta?: number | undefined;
  /** Default 1. */
  k?: number | undefined;
  source?: string | undefined;
  /** Default 1. */
  scale?: number | undefined;
  meanfile?: string | undefined;
  batchsize?: number | undefined;
  /** Default 0. */
  cropsize?: number | undefined;
  /** Default false. */
  mirror?: boolean | undefined;
  blobs: BlobProto[];
  blobs_lr: number[];
  weight_decay: number[];
  /** Default 0. */
  rand_skip?: number | undefined;
  /** window data. Default 0.5. */
  det_fg_threshold?: number | undefined;
  /** Default 0.5. */
  det_bg_threshold?: number | undefined;
  /** Default 0.25. */
  det_fg_fraction?: number | undefined;
  /** Default 0. */
  det_context_pad?: number | undefined;
  /** Default "warp". */
  det_crop_mode?: string | undefined;
  /** Default 0. */
  new_num?: number | undefined;
  /** Default 0. */
  new_channels?: number | undefined;
  /** Default 0. */
  new_height?: number | undefined;
  /** Default 0. */
  new_width?: number | undefined;
  /** Default false. */
  shuffle_images?: boolean | undefined;
  /** Default 1. */
  concat_dim?: number | undefined;
  hdf5_output_param?: HDF5OutputParameter | undefined;
}

export type V0LayerParameter_PoolMethod =
  | 'MAX'
  | 'AVE'
  | 'STOCHASTIC';

/** Every message by its name in the schema. */
export interface Messages {
  BlobShape: BlobShape;
  BlobProto: BlobProto;
  BlobProtoVector: BlobProtoVector;
  Datum: Datum;
  FillerParameter: FillerParameter;
  NetParameter: NetParameter;
  SolverParameter: SolverParameter;
  SolverState: SolverState;
  NetState: NetState;
  NetStateRule: NetStateRule;
  ParamSpec: ParamSpec;
  LayerParameter: LayerParameter;
  TransformationParameter: TransformationParameter;
  LossParameter: LossParameter;
  AccuracyParameter: AccuracyParameter;
  ArgMaxParameter: ArgMaxParameter;
  BatchNormParameter: BatchNormParameter;
  BiasParameter: BiasParameter;
  ClipParameter: ClipParameter;
  ConcatParameter: ConcatParameter;
  ContrastiveLossParameter: ContrastiveLossParameter;
  ConvolutionParameter: ConvolutionParameter;
  CropParameter: CropParameter;
  DataParameter: DataParameter;
  DropoutParameter: DropoutParameter;
  DummyDataParameter: DummyDataParameter;
  EltwiseParameter: EltwiseParameter;
  ELUParameter: ELUParameter;
  EmbedParameter: EmbedParameter;
  ExpParameter: ExpParameter;
  FlattenParameter: FlattenParameter;
  HDF5DataParameter: HDF5DataParameter;
  HDF5OutputParameter: HDF5OutputParameter;
  HingeLossParameter: HingeLossParameter;
  ImageDataParameter: ImageDataParameter;
  InfogainLossParameter: InfogainLossParameter;
  InnerProductParameter: InnerProductParameter;
  InputParameter: InputParameter;
  LogParameter: LogParameter;
  LRNParameter: LRNParameter;
  MemoryDataParameter: MemoryDataParameter;
  MVNParameter: MVNParameter;
  ParameterParameter: ParameterParameter;
  PoolingParameter: PoolingParameter;
  PowerParameter: PowerParameter;
  PReLUParameter: PReLUParameter;
  PythonParameter: PythonParameter;
  RecurrentParameter: RecurrentParameter;
  ReductionParameter: ReductionParameter;
  ReLUParameter: ReLUParameter;
  ReshapeParameter: ReshapeParameter;
  ScaleParameter: ScaleParameter;
  SigmoidParameter: SigmoidParameter;
  SliceParameter: SliceParameter;
  SoftmaxParameter: SoftmaxParameter;
  SPPParameter: SPPParameter;
  SwishParameter: SwishParameter;
  TanHParameter: TanHParameter;
  ThresholdParameter: ThresholdParameter;
  TileParameter: TileParameter;
  WindowDataParameter: WindowDataParameter;
  SmoothL1LossParameter: SmoothL1LossParameter;
  PriorBoxParameter: PriorBoxParameter;
  PermuteParameter: PermuteParameter;
  NormalizeParameter: NormalizeParameter;
  SaveOutputParameter: SaveOutputParameter;
  NonMaximumSuppressionParameter: NonMaximumSuppressionParameter;
  GeneralNmsParameter: GeneralNmsParameter;
  DetectionOutputParameter: DetectionOutputParameter;
  PSROIPoolingParameter: PSROIPoolingParameter;
  FreespaceExtractParameter: FreespaceExtractParameter;
  PostprocessParameter: PostprocessParameter;
  SpatialTransformParameter: SpatialTransformParameter;
  ROIAlignParameter: ROIAlignParameter;
  RegionParameter: RegionParameter;
  ReorgParameter: ReorgParameter;
  ReverseParameter: ReverseParameter;
  InterpParameter: InterpParameter;
  ShuffleChannelParameter: ShuffleChannelParameter;
  UpsampleParameter: UpsampleParameter;
  ROIPoolingParameter: ROIPoolingParameter;
  YoloParameter: YoloParameter;
  YoloV3DetectionOutputParameter: YoloV3DetectionOutputParameter;
  YoloV3DetectionOutputV2Parameter: YoloV3DetectionOutputV2Parameter;
  ProposalParameter: ProposalParameter;
  FSRDetectionOutputParameter: FSRDetectionOutputParameter;
  SSDDetectionOutputParameter: SSDDetectionOutputParameter;
  YoloV2DetectionOutputParameter: YoloV2DetectionOutputParameter;
  BatchMatMulParameter: BatchMatMulParameter;
  CondTakeParameter: CondTakeParameter;
  MatrixInverseParameter: MatrixInverseParameter;
  WarpPerspectiveParameter: WarpPerspectiveParameter;
  SpatialTransformerParameter: SpatialTransformerParameter;
  RetrainDataQuantParameter: RetrainDataQuantParameter;
  RetrainSingleLayerRecord: RetrainSingleLayerRecord;
  RetrainShapeRecord: RetrainShapeRecord;
  'RetrainShapeRecord.MapFiledEntry': RetrainShapeRecord_MapFiledEntry;
  RetrainWeightQuantParameter: RetrainWeightQuantParameter;
  QuantParameter: QuantParameter;
  DeQuantParameter: DeQuantParameter;
  IFMRParameter: IFMRParameter;
  SearchNParameter: SearchNParameter;
  SingleLayerRecord: SingleLayerRecord;
  ScaleOffsetRecord: ScaleOffsetRecord;
  'ScaleOffsetRecord.MapFiledEntry': ScaleOffsetRecord_MapFiledEntry;
  LSTMQuantParameter: LSTMQuantParameter;
  LstmCalibrationParameter: LstmCalibrationParameter;
  V1LayerParameter: V1LayerParameter;
  V0LayerParameter: V0LayerParameter;
}

/** The schema as protobufjs's JSON descriptor. */
export const descriptor: JsonDescriptor = {
  nested: {
    caffe: {
      nested: {
        BlobShape: {
          fields: {
            dim: { rule: 'repeated', type: 'int64', id: 1, options: { packed: true } },
          },
        },
        BlobProto: {
          fields: {
            shape: { type: 'BlobShape', id: 7 },
            data: { rule: 'repeated', type: 'float', id: 5, options: { packed: true } },
            diff: { rule: 'repeated', type: 'float', id: 6, options: { packed: true } },
            double_data: { rule: 'repeated', type: 'double', id: 8, options: { packed: true } },
            double_diff: { rule: 'repeated', type: 'double', id: 9, options: { packed: true } },
            num: { type: 'int32', id: 1, options: { default: 0 } },
            channels: { type: 'int32', id: 2, options: { default: 0 } },
            height: { type: 'int32', id: 3, options: { default: 0 } },
            width: { type: 'int32', id: 4, options: { default: 0 } },
            int8_data: { type: 'bytes', id: 10 },
            int32_data: { rule: 'repeated', type: 'int32', id: 11, options: { packed: true } },
            uint64_data: { rule: 'repeated', type: 'uint64', id: 12, options: { packed: true } },
          },
        },
        BlobProtoVector: {
          fields: {
            blobs: { rule: 'repeated', type: 'BlobProto', id: 1 },
          },
        },
        Datum: {
          fields: {
            channels: { type: 'int32', id: 1 },
            height: { type: 'int32', id: 2 },
            width: { type: 'int32', id: 3 },
            data: { type: 'bytes', id: 4 },
            label: { type: 'int32', id: 5 },
            float_data: { rule: 'repeated', type: 'float', id: 6 },
            encoded: { type: 'bool', id: 7, options: { default: false } },
          },
        },
        FillerParameter: {
          fields: {
            type: { type: 'string', id: 1, options: { default: 'constant' } },
            value: { type: 'float', id: 2, options: { default: 0 } },
            min: { type: 'float', id: 3, options: { default: 0 } },
            max: { type: 'float', id: 4, options: { default: 1 } },
            mean: { type: 'float', id: 5, options: { default: 0 } },
            std: { type: 'float', id: 6, options: { default: 1 } },
            sparse: { type: 'int32', id: 7, options: { default: -1 } },
            variance_norm: { type: 'VarianceNorm', id: 8, options: { default: 'FAN_IN' } },
          },
          nested: {
            VarianceNorm: {
              values: { FAN_IN: 0, FAN_OUT: 1, AVERAGE: 2 },
            },
          },
        },
        NetParameter: {
          fields: {
            name: { type: 'string', id: 1 },
            input: { rule: 'repeated', type: 'string', id: 3 },
            input_shape: { rule: 'repeated', type: 'BlobShape', id: 8 },
            input_dim: { rule: 'repeated', type: 'int32', id: 4 },
            force_backward: { type: 'bool', id: 5, options: { default: false } },
            state: { type: 'NetState', id: 6 },
            debug_info: { type: 'bool', id: 7, options: { default: false } },
            layer: { rule: 'repeated', type: 'LayerParameter', id: 100 },
            layers: { rule: 'repeated', type: 'V1LayerParameter', id: 2 },
          },
        },
        SolverParameter: {
          fields: {
            net: { type: 'string', id: 24 },
            net_param: { type: 'NetParameter', id: 25 },
            train_net: { type: 'string', id: 1 },
            test_net: { rule: 'repeated', type: 'string', id: 2 },
            train_net_param: { type: 'NetParameter', id: 21 },
            test_net_param: { rule: 'repeated', type: 'NetParameter', id: 22 },
            train_state: { type: 'NetState', id: 26 },
            test_state: { rule: 'repeated', type: 'NetState', id: 27 },
            test_iter: { rule: 'repeated', type: 'int32', id: 3 },
            test_interval: { type: 'int32', id: 4, options: { default: 0 } },
            test_compute_loss: { type: 'bool', id: 19, options: { default: false } },
            test_initialization: { type: 'bool', id: 32, options: { default: true } },
            base_lr: { type: 'float', id: 5 },
            display: { type: 'int32', id: 6 },
            average_loss: { type: 'int32', id: 33, options: { default: 1 } },
            max_iter: { type: 'int32', id: 7 },
            iter_size: { type: 'int32', id: 36, options: { default: 1 } },
            lr_policy: { type: 'string', id: 8 },
            gamma: { type: 'float', id: 9 },
            power: { type: 'float', id: 10 },
            momentum: { type: 'float', id: 11 },
            weight_decay: { type: 'float', id: 12 },
            regularization_type: { type: 'string', id: 29, options: { default: 'L2' } },
            stepsize: { type: 'int32', id: 13 },
            stepvalue: { rule: 'repeated', type: 'int32', id: 34 },
            clip_gradients: { type: 'float', id: 35, options: { default: -1 } },
            snapshot: { type: 'int32', id: 14, options: { default: 0 } },
            snapshot_prefix: { type: 'string', id: 15 },
            snapshot_diff: { type: 'bool', id: 16, options: { default: false } },
            snapshot_format: { type: 'SnapshotFormat', id: 37, options: { default: 'BINARYPROTO' } },
            solver_mode: { type: 'SolverMode', id: 17, options: { default: 'GPU' } },
            device_id: { type: 'int32', id: 18, options: { default: 0 } },
            random_seed: { type: 'int64', id: 20, options: { default: -1 } },
            type: { type: 'string', id: 40, options: { default: 'SGD' } },
            delta: { type: 'float', id: 31, options: { default: 1e-8 } },
            momentum2: { type: 'float', id: 39, options: { default: 0.999 } },
            rms_decay: { type: 'float', id: 38, options: { default: 0.99 } },
            debug_info: { type: 'bool', id: 23, options: { default: false } },
            snapshot_after_train: { type: 'bool', id: 28, options: { default: true } },
            solver_type: { type: 'SolverType', id: 30, options: { default: 'SGD' } },
            layer_wise_reduce: { type: 'bool', id: 41, options: { default: true } },
            weights: { rule: 'repeated', type: 'string', id: 42 },
          },
          nested: {
            SnapshotFormat: {
              values: { HDF5: 0, BINARYPROTO: 1 },
            },
            SolverMode: {
              values: { CPU: 0, GPU: 1 },
            },
            SolverType: {
              values: { SGD: 0, NESTEROV: 1, ADAGRAD: 2, RMSPROP: 3, ADADELTA: 4, ADAM: 5 },
            },
          },
        },
        SolverState: {
          fields: {
            iter: { type: 'int32', id: 1 },
            learned_net: { type: 'string', id: 2 },
            history: { rule: 'repeated', type: 'BlobProto', id: 3 },
            current_step: { type: 'int32', id: 4, options: { default: 0 } },
          },
        },
        Phase: {
          values: { TRAIN: 0, TEST: 1 },
        },
        NetState: {
          fields: {
            phase: { type: 'Phase', id: 1, options: { default: 'TEST' } },
            level: { type: 'int32', id: 2, options: { default: 0 } },
            stage: { rule: 'repeated', type: 'string', id: 3 },
          },
        },
        NetStateRule: {
          fields: {
            phase: { type: 'Phase', id: 1 },
            min_level: { type: 'int32', id: 2 },
            max_level: { type: 'int32', id: 3 },
            stage: { rule: 'repeated', type: 'string', id: 4 },
            not_stage: { rule: 'repeated', type: 'string', id: 5 },
          },
        },
        ParamSpec: {
          fields: {
            name: { type: 'string', id: 1 },
            share_mode: { type: 'DimCheckMode', id: 2 },
            lr_mult: { type: 'float', id: 3, options: { default: 1 } },
            decay_mult: { type: 'float', id: 4, options: { default: 1 } },
          },
          nested: {
            DimCheckMode: {
              values: { STRICT: 0, PERMISSIVE: 1 },
            },
          },
        },
        LayerParameter: {
          fields: {
            name: { type: 'string', id: 1 },
            type: { type: 'string', id: 2 },
            bottom: { rule: 'repeated', type: 'string', id: 3 },
            top: { rule: 'repeated', type: 'string', id: 4 },
            phase: { type: 'Phase', id: 10 },
            loss_weight: { rule: 'repeated', type: 'float', id: 5 },
            param: { rule: 'repeated', type: 'ParamSpec', id: 6 },
            blobs: { rule: 'repeated', type: 'BlobProto', id: 7 },
            propagate_down: { rule: 'repeated', type: 'bool', id: 11 },
            include: { rule: 'repeated', type: 'NetStateRule', id: 8 },
            exclude: { rule: 'repeated', type: 'NetStateRule', id: 9 },
            transform_param: { type: 'TransformationParameter', id: 100 },
            loss_param: { type: 'LossParameter', id: 101 },
            accuracy_param: { type: 'AccuracyParameter', id: 102 },
            argmax_param: { type: 'ArgMaxParameter', id: 103 },
            batch_norm_param: { type: 'BatchNormParameter', id: 139 },
            bias_param: { type: 'BiasParameter', id: 141 },
            clip_param: { type: 'ClipParameter', id: 148 },
            concat_param: { type: 'ConcatParameter', id: 104 },
            contrastive_loss_param: { type: 'ContrastiveLossParameter', id: 105 },
            convolution_param: { type: 'ConvolutionParameter', id: 106 },
            crop_param: { type: 'CropParameter', id: 144 },
            data_param: { type: 'DataParameter', id: 107 },
            dropout_param: { type: 'DropoutParameter', id: 108 },
            dummy_data_param: { type: 'DummyDataParameter', id: 109 },
            eltwise_param: { type: 'EltwiseParameter', id: 110 },
            elu_param: { type: 'ELUParameter', id: 140 },
            embed_param: { type: 'EmbedParameter', id: 137 },
            exp_param: { type: 'ExpParameter', id: 111 },
            flatten_param: { type: 'FlattenParameter', id: 135 },
            hdf5_data_param: { type: 'HDF5DataParameter', id: 112 },
            hdf5_output_param: { type: 'HDF5OutputParameter', id: 113 },
            hinge_loss_param: { type: 'HingeLossParameter', id: 114 },
            image_data_param: { type: 'ImageDataParameter', id: 115 },
            infogain_loss_param: { type: 'InfogainLossParameter', id: 116 },
            inner_product_param: { type: 'InnerProductParameter', id: 117 },
            input_param: { type: 'InputParameter', id: 143 },
            log_param: { type: 'LogParameter', id: 134 },
            lrn_param: { type: 'LRNParameter', id: 118 },
            memory_data_param: { type: 'MemoryDataParameter', id: 119 },
            mvn_param: { type: 'MVNParameter', id: 120 },
            parameter_param: { type: 'ParameterParameter', id: 145 },
            pooling_param: { type: 'PoolingParameter', id: 121 },
            power_param: { type: 'PowerParameter', id: 122 },
            prelu_param: { type: 'PReLUParameter', id: 131 },
            python_param: { type: 'PythonParameter', id: 130 },
            recurrent_param: { type: 'RecurrentParameter', id: 146 },
            reduction_param: { type: 'ReductionParameter', id: 136 },
            relu_param: { type: 'ReLUParameter', id: 123 },
            reshape_param: { type: 'ReshapeParameter', id: 133 },
            scale_param: { type: 'ScaleParameter', id: 142 },
            sigmoid_param: { type: 'SigmoidParameter', id: 124 },
            softmax_param: { type: 'SoftmaxParameter', id: 125 },
            spp_param: { type: 'SPPParameter', id: 132 },
            slice_param: { type: 'SliceParameter', id: 126 },
            swish_param: { type: 'SwishParameter', id: 147 },
            tanh_param: { type: 'TanHParameter', id: 127 },
            threshold_param: { type: 'ThresholdParameter', id: 128 },
            tile_param: { type: 'TileParameter', id: 138 },
            window_data_param: { type: 'WindowDataParameter', id: 129 },
            detection_output_param: { type: 'DetectionOutputParameter', id: 150 },
            smooth_l1_loss_param: { type: 'SmoothL1LossParameter', id: 400148 },
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
          },
        },
        TransformationParameter: {
          fields: {
            scale: { type: 'float', id: 1, options: { default: 1 } },
            mirror: { type: 'bool', id: 2, options: { default: false } },
            crop_size: { type: 'uint32', id: 3, options: { default: 0 } },
            mean_file: { type: 'string', id: 4 },
            mean_value: { rule: 'repeated', type: 'float', id: 5 },
            force_color: { type: 'bool', id: 6, options: { default: false } },
            force_gray: { type: 'bool', id: 7, options: { default: false } },
          },
        },
        LossParameter: {
          fields: {
            ignore_label: { type: 'int32', id: 1 },
            normalization: { type: 'NormalizationMode', id: 3, options: { default: 'VALID' } },
            normalize: { type: 'bool', id: 2 },
          },
          nested: {
            NormalizationMode: {
              values: { FULL: 0, VALID: 1, BATCH_SIZE: 2, NONE: 3 },
            },
          },
        },
        AccuracyParameter: {
          fields: {
            top_k: { type: 'uint32', id: 1, options: { default: 1 } },
            axis: { type: 'int32', id: 2, options: { default: 1 } },
            ignore_label: { type: 'int32', id: 3 },
          },
        },
        ArgMaxParameter: {
          fields: {
            out_max_val: { type: 'bool', id: 1, options: { default: false } },
            top_k: { type: 'uint32', id: 2, options: { default: 1 } },
            axis: { type: 'int32', id: 3 },
          },
        },
        BatchNormParameter: {
          fields: {
            use_global_stats: { type: 'bool', id: 1 },
            moving_average_fraction: { type: 'float', id: 2, options: { default: 0.999 } },
            eps: { type: 'float', id: 3, options: { default: 0.00001 } },
          },
        },
        BiasParameter: {
          fields: {
            axis: { type: 'int32', id: 1, options: { default: 1 } },
            num_axes: { type: 'int32', id: 2, options: { default: 1 } },
            filler: { type: 'FillerParameter', id: 3 },
            bias_from_blob: { type: 'bool', id: 4, options: { default: true } },
          },
        },
        ClipParameter: {
          fields: {
            min: { rule: 'required', type: 'float', id: 1 },
            max: { rule: 'required', type: 'float', id: 2 },
          },
        },
        ConcatParameter: {
          fields: {
            axis: { type: 'int32', id: 2, options: { default: 1 } },
            concat_dim: { type: 'uint32', id: 1, options: { default: 1 } },
          },
        },
        ContrastiveLossParameter: {
          fields: {
            margin: { type: 'float', id: 1, options: { default: 1 } },
            legacy_version: { type: 'bool', id: 2, options: { default: false } },
          },
        },
        ConvolutionParameter: {
          fields: {
            num_output: { type: 'uint32', id: 1 },
            bias_term: { type: 'bool', id: 2, options: { default: true } },
            pad: { rule: 'repeated', type: 'uint32', id: 3 },
            kernel_size: { rule: 'repeated', type: 'uint32', id: 4 },
            stride: { rule: 'repeated', type: 'uint32', id: 6 },
            dilation: { rule: 'repeated', type: 'uint32', id: 18 },
            pad_h: { type: 'uint32', id: 9, options: { default: 0 } },
            pad_w: { type: 'uint32', id: 10, options: { default: 0 } },
            kernel_h: { type: 'uint32', id: 11 },
            kernel_w: { type: 'uint32', id: 12 },
            stride_h: { type: 'uint32', id: 13 },
            stride_w: { type: 'uint32', id: 14 },
            group: { type: 'uint32', id: 5, options: { default: 1 } },
            weight_filler: { type: 'FillerParameter', id: 7 },
            bias_filler: { type: 'FillerParameter', id: 8 },
            engine: { type: 'Engine', id: 15, options: { default: 'DEFAULT' } },
            axis: { type: 'int32', id: 16, options: { default: 1 } },
            force_nd_im2col: { type: 'bool', id: 17, options: { default: false } },
          },
          nested: {
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        CropParameter: {
          fields: {
            axis: { type: 'int32', id: 1, options: { default: 2 } },
            offset: { rule: 'repeated', type: 'uint32', id: 2 },
          },
        },
        DataParameter: {
          fields: {
            source: { type: 'string', id: 1 },
            batch_size: { type: 'uint32', id: 4 },
            rand_skip: { type: 'uint32', id: 7, options: { default: 0 } },
            backend: { type: 'DB', id: 8, options: { default: 'LEVELDB' } },
            scale: { type: 'float', id: 2, options: { default: 1 } },
            mean_file: { type: 'string', id: 3 },
            crop_size: { type: 'uint32', id: 5, options: { default: 0 } },
            mirror: { type: 'bool', id: 6, options: { default: false } },
            force_encoded_color: { type: 'bool', id: 9, options: { default: false } },
            prefetch: { type: 'uint32', id: 10, options: { default: 4 } },
          },
          nested: {
            DB: {
              values: { LEVELDB: 0, LMDB: 1 },
            },
          },
        },
        DropoutParameter: {
          fields: {
            dropout_ratio: { type: 'float', id: 1, options: { default: 0.5 } },
            scale_train: { type: 'bool', id: 2, options: { default: true } },
          },
        },
        DummyDataParameter: {
          fields: {
            data_filler: { rule: 'repeated', type: 'FillerParameter', id: 1 },
            shape: { rule: 'repeated', type: 'BlobShape', id: 6 },
            num: { rule: 'repeated', type: 'uint32', id: 2 },
            channels: { rule: 'repeated', type: 'uint32', id: 3 },
            height: { rule: 'repeated', type: 'uint32', id: 4 },
            width: { rule: 'repeated', type: 'uint32', id: 5 },
          },
        },
        EltwiseParameter: {
          fields: {
            operation: { type: 'EltwiseOp', id: 1, options: { default: 'SUM' } },
            coeff: { rule: 'repeated', type: 'float', id: 2 },
            stable_prod_grad: { type: 'bool', id: 3, options: { default: true } },
          },
          nested: {
            EltwiseOp: {
              values: { PROD: 0, SUM: 1, MAX: 2 },
            },
          },
        },
        ELUParameter: {
          fields: {
            alpha: { type: 'float', id: 1, options: { default: 1 } },
          },
        },
        EmbedParameter: {
          fields: {
            num_output: { type: 'uint32', id: 1 },
            input_dim: { type: 'uint32', id: 2 },
            bias_term: { type: 'bool', id: 3, options: { default: true } },
            weight_filler: { type: 'FillerParameter', id: 4 },
            bias_filler: { type: 'FillerParameter', id: 5 },
          },
        },
        ExpParameter: {
          fields: {
            base: { type: 'float', id: 1, options: { default: -1 } },
            scale: { type: 'float', id: 2, options: { default: 1 } },
            shift: { type: 'float', id: 3, options: { default: 0 } },
          },
        },
        FlattenParameter: {
          fields: {
            axis: { type: 'int32', id: 1, options: { default: 1 } },
            end_axis: { type: 'int32', id: 2, options: { default: -1 } },
          },
        },
        HDF5DataParameter: {
          fields: {
            source: { type: 'string', id: 1 },
            batch_size: { type: 'uint32', id: 2 },
            shuffle: { type: 'bool', id: 3, options: { default: false } },
          },
        },
        HDF5OutputParameter: {
          fields: {
            file_name: { type: 'string', id: 1 },
          },
        },
        HingeLossParameter: {
          fields: {
            norm: { type: 'Norm', id: 1, options: { default: 'L1' } },
          },
          nested: {
            Norm: {
              values: { L1: 1, L2: 2 },
            },
          },
        },
        ImageDataParameter: {
          fields: {
            source: { type: 'string', id: 1 },
            batch_size: { type: 'uint32', id: 4, options: { default: 1 } },
            rand_skip: { type: 'uint32', id: 7, options: { default: 0 } },
            shuffle: { type: 'bool', id: 8, options: { default: false } },
            new_height: { type: 'uint32', id: 9, options: { default: 0 } },
            new_width: { type: 'uint32', id: 10, options: { default: 0 } },
            is_color: { type: 'bool', id: 11, options: { default: true } },
            scale: { type: 'float', id: 2, options: { default: 1 } },
            mean_file: { type: 'string', id: 3 },
            crop_size: { type: 'uint32', id: 5, options: { default: 0 } },
            mirror: { type: 'bool', id: 6, options: { default: false } },
            root_folder: { type: 'string', id: 12 },
          },
        },
        InfogainLossParameter: {
          fields: {
            source: { type: 'string', id: 1 },
            axis: { type: 'int32', id: 2, options: { default: 1 } },
          },
        },
        InnerProductParameter: {
          fields: {
            num_output: { type: 'uint32', id: 1 },
            bias_term: { type: 'bool', id: 2, options: { default: true } },
            weight_filler: { type: 'FillerParameter', id: 3 },
            bias_filler: { type: 'FillerParameter', id: 4 },
            axis: { type: 'int32', id: 5, options: { default: 1 } },
            transpose: { type: 'bool', id: 6, options: { default: false } },
          },
        },
        InputParameter: {
          fields: {
            shape: { rule: 'repeated', type: 'BlobShape', id: 1 },
          },
        },
        LogParameter: {
          fields: {
            base: { type: 'float', id: 1, options: { default: -1 } },
            scale: { type: 'float', id: 2, options: { default: 1 } },
            shift: { type: 'float', id: 3, options: { default: 0 } },
          },
        },
        LRNParameter: {
          fields: {
            local_size: { type: 'uint32', id: 1, options: { default: 5 } },
            alpha: { type: 'float', id: 2, options: { default: 1 } },
            beta: { type: 'float', id: 3, options: { default: 0.75 } },
            norm_region: { type: 'NormRegion', id: 4, options: { default: 'ACROSS_CHANNELS' } },
            k: { type: 'float', id: 5, options: { default: 1 } },
            engine: { type: 'Engine', id: 6, options: { default: 'DEFAULT' } },
          },
          nested: {
            NormRegion: {
              values: { ACROSS_CHANNELS: 0, WITHIN_CHANNEL: 1 },
            },
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        MemoryDataParameter: {
          fields: {
            batch_size: { type: 'uint32', id: 1 },
            channels: { type: 'uint32', id: 2 },
            height: { type: 'uint32', id: 3 },
            width: { type: 'uint32', id: 4 },
          },
        },
        MVNParameter: {
          fields: {
            normalize_variance: { type: 'bool', id: 1, options: { default: true } },
            across_channels: { type: 'bool', id: 2, options: { default: false } },
            eps: { type: 'float', id: 3, options: { default: 1e-9 } },
          },
        },
        ParameterParameter: {
          fields: {
            shape: { type: 'BlobShape', id: 1 },
          },
        },
        PoolingParameter: {
          fields: {
            pool: { type: 'PoolMethod', id: 1, options: { default: 'MAX' } },
            pad: { type: 'uint32', id: 4, options: { default: 0 } },
            pad_h: { type: 'uint32', id: 9, options: { default: 0 } },
            pad_w: { type: 'uint32', id: 10, options: { default: 0 } },
            kernel_size: { type: 'uint32', id: 2 },
            kernel_h: { type: 'uint32', id: 5 },
            kernel_w: { type: 'uint32', id: 6 },
            stride: { type: 'uint32', id: 3, options: { default: 1 } },
            stride_h: { type: 'uint32', id: 7 },
            stride_w: { type: 'uint32', id: 8 },
            engine: { type: 'Engine', id: 11, options: { default: 'DEFAULT' } },
            global_pooling: { type: 'bool', id: 12, options: { default: false } },
            round_mode: { type: 'RoundMode', id: 13, options: { default: 'CEIL' } },
            ceil_mode: { type: 'bool', id: 400013, options: { default: true } },
          },
          nested: {
            PoolMethod: {
              values: { MAX: 0, AVE: 1, STOCHASTIC: 2 },
            },
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
            RoundMode: {
              values: { CEIL: 0, FLOOR: 1 },
            },
          },
        },
        PowerParameter: {
          fields: {
            power: { type: 'float', id: 1, options: { default: 1 } },
            scale: { type: 'float', id: 2, options: { default: 1 } },
            shift: { type: 'float', id: 3, options: { default: 0 } },
          },
        },
        PReLUParameter: {
          fields: {
            filler: { type: 'FillerParameter', id: 1 },
            channel_shared: { type: 'bool', id: 2, options: { default: false } },
          },
        },
        PythonParameter: {
          fields: {
            module: { type: 'string', id: 1 },
            layer: { type: 'string', id: 2 },
            param_str: { type: 'string', id: 3 },
            share_in_parallel: { type: 'bool', id: 4, options: { default: false } },
          },
        },
        RecurrentParameter: {
          fields: {
            num_output: { type: 'uint32', id: 1, options: { default: 0 } },
            weight_filler: { type: 'FillerParameter', id: 2 },
            bias_filler: { type: 'FillerParameter', id: 3 },
            debug_info: { type: 'bool', id: 4, options: { default: false } },
            expose_hidden: { type: 'bool', id: 5, options: { default: false } },
          },
        },
        ReductionParameter: {
          fields: {
            operation: { type: 'ReductionOp', id: 1, options: { default: 'SUM' } },
            axis: { type: 'int32', id: 2, options: { default: 0 } },
            coeff: { type: 'float', id: 3, options: { default: 1 } },
          },
          nested: {
            ReductionOp: {
              values: { SUM: 1, ASUM: 2, SUMSQ: 3, MEAN: 4 },
            },
          },
        },
        ReLUParameter: {
          fields: {
            negative_slope: { type: 'float', id: 1, options: { default: 0 } },
            engine: { type: 'Engine', id: 2, options: { default: 'DEFAULT' } },
          },
          nested: {
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        ReshapeParameter: {
          fields: {
            shape: { type: 'BlobShape', id: 1 },
            axis: { type: 'int32', id: 2, options: { default: 0 } },
            num_axes: { type: 'int32', id: 3, options: { default: -1 } },
          },
        },
        ScaleParameter: {
          fields: {
            axis: { type: 'int32', id: 1, options: { default: 1 } },
            num_axes: { type: 'int32', id: 2, options: { default: 1 } },
            filler: { type: 'FillerParameter', id: 3 },
            bias_term: { type: 'bool', id: 4, options: { default: false } },
            bias_filler: { type: 'FillerParameter', id: 5 },
            scale_from_blob: { type: 'bool', id: 6, options: { default: true } },
          },
        },
        SigmoidParameter: {
          fields: {
            engine: { type: 'Engine', id: 1, options: { default: 'DEFAULT' } },
          },
          nested: {
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        SliceParameter: {
          fields: {
            axis: { type: 'int32', id: 3, options: { default: 1 } },
            slice_point: { rule: 'repeated', type: 'uint32', id: 2 },
            slice_dim: { type: 'uint32', id: 1, options: { default: 1 } },
          },
        },
        SoftmaxParameter: {
          fields: {
            engine: { type: 'Engine', id: 1, options: { default: 'DEFAULT' } },
            axis: { type: 'int32', id: 2, options: { default: 1 } },
          },
          nested: {
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        SPPParameter: {
          fields: {
            pyramid_height: { type: 'uint32', id: 1 },
            pool: { type: 'PoolMethod', id: 2, options: { default: 'MAX' } },
            engine: { type: 'Engine', id: 6, options: { default: 'DEFAULT' } },
          },
          nested: {
            PoolMethod: {
              values: { MAX: 0, AVE: 1, STOCHASTIC: 2 },
            },
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        SwishParameter: {
          fields: {
            beta: { type: 'float', id: 1, options: { default: 1 } },
          },
        },
        TanHParameter: {
          fields: {
            engine: { type: 'Engine', id: 1, options: { default: 'DEFAULT' } },
          },
          nested: {
            Engine: {
              values: { DEFAULT: 0, CAFFE: 1, CUDNN: 2 },
            },
          },
        },
        ThresholdParameter: {
          fields: {
            threshold: { type: 'float', id: 1, options: { default: 0 } },
          },
        },
        TileParameter: {
          fields: {
            axis: { type: 'int32', id: 1, options: { default: 1 } },
            tiles: { type: 'int32', id: 2 },
          },
        },
        WindowDataParameter: {
          fields: {
            source: { type: 'string', id: 1 },
            scale: { type: 'float', id: 2, options: { default: 1 } },
            mean_file: { type: 'string', id: 3 },
            batch_size: { type: 'uint32', id: 4 },
            crop_size: { type: 'uint32', id: 5, options: { default: 0 } },
            mirror: { type: 'bool', id: 6, options: { default: false } },
            fg_threshold: { type: 'float', id: 7, options: { default: 0.5 } },
            bg_threshold: { type: 'float', id: 8, options: { default: 0.5 } },
            fg_fraction: { type: 'float', id: 9, options: { default: 0.25 } },
            context_pad: { type: 'uint32', id: 10, options: { default: 0 } },
            crop_mode: { type: 'string', id: 11, options: { default: 'warp' } },
            cache_images: { type: 'bool', id: 12, options: { default: false } },
            root_folder: { type: 'string', id: 13 },
          },
        },
        SmoothL1LossParameter: {
          fields: {
            sigma: { type: 'float', id: 1, options: { default: 1 } },
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
        RetrainSingleLayerRecord: {
          fields: {
            channels: { type: 'uint32', id: 1 },
            height: { type: 'uint32', id: 2 },
            width: { type: 'uint32', id: 3 },
          },
        },
        RetrainShapeRecord: {
          fields: {
            record: { rule: 'repeated', type: 'MapFiledEntry', id: 1 },
          },
          nested: {
            MapFiledEntry: {
              fields: {
                key: { type: 'string', id: 1 },
                value: { type: 'RetrainSingleLayerRecord', id: 2 },
              },
            },
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
        V1LayerParameter: {
          fields: {
            bottom: { rule: 'repeated', type: 'string', id: 2 },
            top: { rule: 'repeated', type: 'string', id: 3 },
            name: { type: 'string', id: 4 },
            include: { rule: 'repeated', type: 'NetStateRule', id: 32 },
            exclude: { rule: 'repeated', type: 'NetStateRule', id: 33 },
            type: { type: 'LayerType', id: 5 },
            blobs: { rule: 'repeated', type: 'BlobProto', id: 6 },
            param: { rule: 'repeated', type: 'string', id: 1001 },
            blob_share_mode: { rule: 'repeated', type: 'DimCheckMode', id: 1002 },
            blobs_lr: { rule: 'repeated', type: 'float', id: 7 },
            weight_decay: { rule: 'repeated', type: 'float', id: 8 },
            loss_weight: { rule: 'repeated', type: 'float', id: 35 },
            accuracy_param: { type: 'AccuracyParameter', id: 27 },
            argmax_param: { type: 'ArgMaxParameter', id: 23 },
            concat_param: { type: 'ConcatParameter', id: 9 },
            contrastive_loss_param: { type: 'ContrastiveLossParameter', id: 40 },
            convolution_param: { type: 'ConvolutionParameter', id: 10 },
            data_param: { type: 'DataParameter', id: 11 },
            dropout_param: { type: 'DropoutParameter', id: 12 },
            dummy_data_param: { type: 'DummyDataParameter', id: 26 },
            eltwise_param: { type: 'EltwiseParameter', id: 24 },
            exp_param: { type: 'ExpParameter', id: 41 },
            hdf5_data_param: { type: 'HDF5DataParameter', id: 13 },
            hdf5_output_param: { type: 'HDF5OutputParameter', id: 14 },
            hinge_loss_param: { type: 'HingeLossParameter', id: 29 },
            image_data_param: { type: 'ImageDataParameter', id: 15 },
            infogain_loss_param: { type: 'InfogainLossParameter', id: 16 },
            inner_product_param: { type: 'InnerProductParameter', id: 17 },
            lrn_param: { type: 'LRNParameter', id: 18 },
            memory_data_param: { type: 'MemoryDataParameter', id: 22 },
            mvn_param: { type: 'MVNParameter', id: 34 },
            pooling_param: { type: 'PoolingParameter', id: 19 },
            power_param: { type: 'PowerParameter', id: 21 },
            relu_param: { type: 'ReLUParameter', id: 30 },
            sigmoid_param: { type: 'SigmoidParameter', id: 38 },
            softmax_param: { type: 'SoftmaxParameter', id: 39 },
            slice_param: { type: 'SliceParameter', id: 31 },
            tanh_param: { type: 'TanHParameter', id: 37 },
            threshold_param: { type: 'ThresholdParameter', id: 25 },
            window_data_param: { type: 'WindowDataParameter', id: 20 },
            transform_param: { type: 'TransformationParameter', id: 36 },
            loss_param: { type: 'LossParameter', id: 42 },
            layer: { type: 'V0LayerParameter', id: 1 },
          },
          nested: {
            LayerType: {
              values: { NONE: 0, ABSVAL: 35, ACCURACY: 1, ARGMAX: 30, BNLL: 2, CONCAT: 3, CONTRASTIVE_LOSS: 37, CONVOLUTION: 4, DATA: 5, DECONVOLUTION: 39, DROPOUT: 6, DUMMY_DATA: 32, EUCLIDEAN_LOSS: 7, ELTWISE: 25, EXP: 38, FLATTEN: 8, HDF5_DATA: 9, HDF5_OUTPUT: 10, HINGE_LOSS: 28, IM2COL: 11, IMAGE_DATA: 12, INFOGAIN_LOSS: 13, INNER_PRODUCT: 14, LRN: 15, MEMORY_DATA: 29, MULTINOMIAL_LOGISTIC_LOSS: 16, MVN: 34, POOLING: 17, POWER: 26, RELU: 18, SIGMOID: 19, SIGMOID_CROSS_ENTROPY_LOSS: 27, SILENCE: 36, SOFTMAX: 20, SOFTMAX_LOSS: 21, SPLIT: 22, SLICE: 33, TANH: 23, WINDOW_DATA: 24, THRESHOLD: 31, QUANT: 208, DEQUANT: 209 },
            },
            DimCheckMode: {
              values: { STRICT: 0, PERMISSIVE: 1 },
            },
          },
        },
        V0LayerParameter: {
          fields: {
            name: { type: 'string', id: 1 },
            type: { type: 'string', id: 2 },
            num_output: { type: 'uint32', id: 3 },
            biasterm: { type: 'bool', id: 4, options: { default: true } },
            weight_filler: { type: 'FillerParameter', id: 5 },
            bias_filler: { type: 'FillerParameter', id: 6 },
            pad: { type: 'uint32', id: 7, options: { default: 0 } },
            kernelsize: { type: 'uint32', id: 8 },
            group: { type: 'uint32', id: 9, options: { default: 1 } },
            stride: { type: 'uint32', id: 10, options: { default: 1 } },
            pool: { type: 'PoolMethod', id: 11, options: { default: 'MAX' } },
            dropout_ratio: { type: 'float', id: 12, options: { default: 0.5 } },
            local_size: { type: 'uint32', id: 13, options: { default: 5 } },
            alpha: { type: 'float', id: 14, options: { default: 1 } },
            beta: { type: 'float', id: 15, options: { default: 0.75 } },
            k: { type: 'float', id: 22, options: { default: 1 } },
            source: { type: 'string', id: 16 },
            scale: { type: 'float', id: 17, options: { default: 1 } },
            meanfile: { type: 'string', id: 18 },
            batchsize: { type: 'uint32', id: 19 },
            cropsize: { type: 'uint32', id: 20, options: { default: 0 } },
            mirror: { type: 'bool', id: 21, options: { default: false } },
            blobs: { rule: 'repeated', type: 'BlobProto', id: 50 },
            blobs_lr: { rule: 'repeated', type: 'float', id: 51 },
            weight_decay: { rule: 'repeated', type: 'float', id: 52 },
            rand_skip: { type: 'uint32', id: 53, options: { default: 0 } },
            det_fg_threshold: { type: 'float', id: 54, options: { default: 0.5 } },
            det_bg_threshold: { type: 'float', id: 55, options: { default: 0.5 } },
            det_fg_fraction: { type: 'float', id: 56, options: { default: 0.25 } },
            det_context_pad: { type: 'uint32', id: 58, options: { default: 0 } },
            det_crop_mode: { type: 'string', id: 59, options: { default: 'warp' } },
            new_num: { type: 'int32', id: 60, options: { default: 0 } },
            new_channels: { type: 'int32', id: 61, options: { default: 0 } },
            new_height: { type: 'int32', id: 62, options: { default: 0 } },
            new_width: { type: 'int32', id: 63, options: { default: 0 } },
            shuffle_images: { type: 'bool', id: 64, options: { default: false } },
            concat_dim: { type: 'uint32', id: 65, options: { default: 1 } },
            hdf5_output_param: { type: 'HDF5OutputParameter', id: 1001 },
          },
          nested: {
            PoolMethod: {
              values: { MAX: 0, AVE: 1, STOCHASTIC: 2 },
            },
          },
        },
      },
    },
  },
};
