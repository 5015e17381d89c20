/**
 * What a report is made of. All of it is plain JSON: the pipeline's stages write exactly these values into
 * `calibration.json`, `training.json`, `metrics.jsonl` and `evaluation.json`, and the report reads nothing else.
 */
import type { ClipRange, QuantPlan } from '@caffe-quant/resolver';

/** `calibration.json`: how the data quantizers start, and how good the float net is. */
export interface CalibrationResult {
  /** Batches that each quantizer saw. */
  batches: number;
  /** Records in these batches. */
  records: number;
  /** In net order. */
  quantizers: CalibratedRange[];
  /** The float net on the test data. */
  float: { records: number; metrics: Metrics; groups?: GroupMetrics[] };
  /** Absent where it was not asked for. */
  equalization?: EqualizationResult;
  /** Absent where it was not asked for. */
  biasCorrection?: BiasCorrectionResult;
}

/** What cross-layer equalization did. */
export interface EqualizationResult {
  /** Pairs of layers whose channels were scaled, with the BatchNorm and the Scale between them. */
  pairs: { first: string; batchNorm?: string; scale?: string; second: string }[];
  /** Layers whose rows were given one range, which the BatchNorm behind them takes back. */
  normalized: { layer: string; batchNorm: string }[];
  /** Of each layer whose weights changed: the mean over its output channels of their signal-to-noise ratio in dB, quantized. */
  layers: { layer: string; before: number; after: number }[];
  leftOut: LeftOutLayer[];
  /** The outputs of the float net after it, to those before it, on the first calibration batch: the lowest ratio in dB. */
  sqnr: number;
}

/** What bias correction did. */
export interface BiasCorrectionResult {
  layers: {
    layer: string;
    /** The layer whose blob took the correction. */
    corrected: string;
    /** The largest shift of an output channel's mean that was taken out. */
    largestShift: number;
    /** The layer's output to that of the float net in dB, without and with it. */
    before: number;
    after: number;
  }[];
  leftOut: LeftOutLayer[];
}

/** A layer that could not be treated, and why. */
export interface LeftOutLayer {
  layer: string;
  reason: string;
}

/** Where a range comes from: the config, or the method that found it. */
export type RangeOrigin = 'config' | 'ifmr' | 'percentile' | 'mse' | 'kl';

/** How one data quantizer starts. */
export interface CalibratedRange {
  /** Name of its data quantizer in the plan. */
  name: string;
  /** The range that training starts from, float32 values. */
  clip: ClipRange;
  /** Where the range comes from: the config, or a search over the measured values. */
  origin: RangeOrigin;
  /** Signal-to-noise ratio of these values in dB, where they are quantized with `clip`. */
  sqnr?: number;
  /** The same with IFMR's range, where another method found `clip`. */
  ifmrSqnr?: number;
  /** The values that the quantizer saw in calibration. */
  observed: ObservedValues;
}

/** Extremes of some values, and how they spread between them. */
export interface ObservedValues {
  count: number;
  min: number;
  max: number;
  /** Values per bin; the bins share [min, max] evenly, the last one closed. With min = max all are in the first. */
  bins: number[];
}

/** Mean over the records of every scalar top of the TEST net, by the top's name: accuracies (0 to 1), losses. */
export type Metrics = Record<string, number>;

/** Metrics of a group of successive test records. */
export interface GroupMetrics {
  records: number;
  metrics: Metrics;
}

/** One line of `metrics.jsonl`: one iteration of training. */
export interface TrainingStep {
  /** Iterations done before this one. */
  iteration: number;
  /** Objective of the batch before the update. */
  loss: number;
  learningRate: number;
  /** The ranges in force in this iteration's forward pass, [max, min], by the name of the data quantizer. */
  clips: Record<string, [max: number, min: number]>;
  /** Data quantizers whose range an update had made illegal, so that it went back to the last good one. */
  restored?: string[];
}

/** `training.json`: what training did as a whole. */
export interface TrainingResult {
  iterations: number;
  /** Records an iteration. */
  batchSize: number;
  /** Records in the training data. */
  records: number;
  /** The ranges after the last update, by the name of the data quantizer. */
  finalClips: Record<string, ClipRange>;
  /** How often a range was restored, by the name of the data quantizer; 0 may be left out. */
  restores: Record<string, number>;
  /** Tests on the way, in order; absent where none were asked for. */
  tests?: TrainingTest[];
  /** The test whose weights were taken, with what decided, on all test records; absent where the last weights were. */
  selected?: { iteration: number; metric: string; value: number };
  /** Absent where nothing was trained. */
  loss?: LossTrend;
  /** Absent where the processor trained. */
  device?: TrainingDevice;
  /** How often training diverged, and went back; absent where it never did. */
  setbacks?: readonly Setback[];
}

/** A training that diverged, and went on from an earlier state with a smaller learning rate. */
export interface Setback {
  /** In which it was seen to diverge. */
  iteration: number;
  /** How that was seen, in words. */
  cause: string;
  /** The rate of that iteration. */
  learningRate: number;
  /** Iterations done in the state that it went back to. */
  backTo: number;
  /** What the rates of all later iterations are multiplied by. */
  slowerBy: number;
}

/** What trained, and what each iteration moved between its memory and the processor's, in bytes by what it is. */
export interface TrainingDevice {
  /** The option `device`. */
  name: string;
  toDevice: Record<string, number>;
  fromDevice: Record<string, number>;
  /** Of weights, histories and clip ranges that stayed in its memory between iterations; 0: they were copied both ways. */
  kept: number;
}

/** How the objective of the training batches went. */
export interface LossTrend {
  /** Means over the first and the last iterations. */
  first: number;
  last: number;
  /** Iterations that each of them is a mean over. */
  steps: number;
  /** Of the first iteration. */
  learningRate: number;
}

/** One test during training. */
export interface TrainingTest {
  /** Iterations done before it. */
  iteration: number;
  /** Of the quantized net, means over the solver's `test_iter` batches. */
  metrics: Metrics;
}

/** `control.json`: the training without quantizers; empty where there was none. */
export interface ControlResult {
  metrics?: Metrics;
  groups?: GroupMetrics[];
  iterations?: number;
}

/** The models that are compared, in the order in which they are shown. */
export const MODEL_NAMES = ['float', 'control', 'postTraining', 'fakeQuant', 'integer'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** How one model did on the test data. */
export interface ModelResult {
  metrics: Metrics;
  /** How far chance goes in the differences to the float net's: half of 95 % intervals, where that can be told. */
  halfWidths?: Metrics;
}

/** `evaluation.json`: how good the models are on the test data, each record counted once. */
export interface EvaluationResult {
  /** Test records. */
  records: number;
  /** What computed the nets, with what is known of adapter and driver; absent: the processor. */
  computedBy?: string;
  models: {
    /** The net as it came. */
    float: ModelResult;
    /** The net as it came, trained as the quantized one is, but without quantizers; absent where that was not done. */
    control?: ModelResult;
    /** Quantized by calibration alone. */
    postTraining?: ModelResult;
    /** Retrained with quantization, computed in float; absent where nothing was trained. */
    fakeQuant?: ModelResult;
    /** The deployed model in integer arithmetic. */
    integer?: ModelResult;
  };
  /** The metrics that are shares, 0 to 1, of which more is better: the tops of Accuracy layers. The first one counts. */
  accuracyMetrics: string[];
  /** Which of two values of a metric is the better one, by its name; without an entry nothing tells. */
  better?: Record<string, 'higher' | 'lower'>;
  /** How far the integer model says what the fake-quant model says. */
  agreement: Agreement;
  /** The delivered ONNX model beside the integer one. */
  onnx?: OnnxResult;
  /** What the options of calibration did, in sentences; absent where none is in use. */
  calibration?: string[];
  /** Every layer of the net, in net order. */
  layers: LayerResult[];
  /** Sentences for the user. */
  warnings: string[];
}

/** How far two models of a net say the same. */
export interface Agreement {
  /** Share, 0 to 1, of the predicted classes, or of the detections, that are the same. Absent where the net has neither. */
  integerVsFakeQuant?: number;
  /** Of how many; absent: of one prediction a record. */
  of?: number;
  /** What is counted; absent: predictions. */
  counted?: 'detections';
  /** Signal-to-noise ratios of the outputs in dB, by their names, of nets that are not classifiers. */
  ratios?: Record<string, number>;
  /** Records that detections and ratios were taken on; absent: all. */
  records?: number;
  /** The first layer from which on they differ by more than rounding explains; absent where there is none. */
  differsFrom?: { layer: string; ratio: number };
}

/** The ONNX model as onnxruntime runs it, against the integer model. */
export interface OnnxResult {
  /** Test records that were run. */
  records: number;
  /** Version of ONNX's operators. */
  opset: number;
  outputs: OnnxOutputResult[];
}

export interface OnnxOutputResult {
  name: string;
  /** A free dimension is a name: `batch`. */
  shape: readonly (number | string)[];
  /** Signal-to-noise ratio to the integer model in dB; 200 where all is equal. */
  sqnr: number;
  largestDifference: number;
  /** Records with the same best class, or equal elements of outputs that are indices. Absent for others. */
  same?: { count: number; of: number };
  /** The first layer from which on both differ by more than rounding explains; '' where none can be named. */
  differsFrom?: string;
}

/** What became of one layer. */
export interface LayerResult {
  name: string;
  type: string;
  quantized: boolean;
  /** Why it is quantized or not, in words, without line numbers; as in the plan. */
  reason: string;
  /** Name of the data quantizer of its input; the layer's own name where absent. */
  quantizer?: string;
  /** Range of its input before training. */
  initialClip?: ClipRange;
  /** Range of its input in the exported models. */
  clip?: ClipRange;
  /** `scale_d` of the record: the step of its input's grid, in the input's own unit. */
  scaleD?: number;
  /** `offset_d` of the record: the int8 value that stands for 0, [-128, 127]. */
  offsetD?: number;
  /** `scale_w` of the record: one for each output channel, or one for all. Absent where it has no weights. */
  scaleW?: number[];
  /**
   * Output channels, counted from 0, whose int8 weights are all 0: they give their bias alone. Where every channel has a
   * scale of its own, theirs is chosen for the bias.
   */
  deadChannels?: number[];
  /** Output channels whose `scale_w` is larger than their weights need, so that their bias fits int32. */
  coarseChannels?: number[];
  /**
   * Signal-to-noise ratio of the net's outputs, in dB, where this layer alone is quantized, with the exported weights and
   * range: the lower, the more its quantization changes what the net says.
   */
  sensitivity?: number;
  /** true: one weight scale per output channel. Absent where it has no weights. */
  channelWise?: boolean;
}

/** A file that went into the run, or came out of it. */
export interface FileEntry {
  /** Path as the user knows it, relative to the project or to the output folder. */
  name: string;
  /** What it is, in a few words: `weights`, `scale/offset record`. */
  role: string;
  /** 64 hexadecimal digits. */
  sha256?: string;
  /** Bytes. */
  size?: number;
}

/** All that one report shows. Absent parts are left out of it, and it says so where a reader would miss them. */
export interface ReportInput {
  /** What the user calls it: the project's name. */
  title: string;
  plan: QuantPlan;
  calibration: CalibrationResult;
  /** Absent where the models were exported from calibration alone. */
  training?: { result: TrainingResult; steps: TrainingStep[] };
  evaluation: EvaluationResult;
  /** What went in: config, net, solver, weights, data. */
  inputs: FileEntry[];
  /** What came out. */
  files: FileEntry[];
}
