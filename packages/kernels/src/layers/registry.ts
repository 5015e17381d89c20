import { DATA_LAYERS, type GraphLayer, isLossLayer } from '@caffe-quant/caffe-io';
import { absVal } from './activation/abs-val.ts';
import { accuracy } from './metric/accuracy.ts';
import { argMax } from './metric/arg-max.ts';
import { axpy } from './arithmetic/axpy.ts';
import { batchNorm } from './normalization/batch-norm.ts';
import { batchReindex } from './shape/batch-reindex.ts';
import { bias } from './arithmetic/bias.ts';
import { bnll } from './activation/bnll.ts';
import { clip } from './activation/clip.ts';
import { concat } from './shape/concat.ts';
import { contrastiveLoss } from './loss/contrastive-loss.ts';
import { convolution } from './convolution/convolution.ts';
import type { ConvolutionSettings } from './convolution/convolution-settings.ts';
import { crop } from './shape/crop.ts';
import { deconvolution } from './convolution/deconvolution.ts';
import { depthwiseConvolutions } from './convolution/depthwise-convolution.ts';
import { dequant } from './quantization/dequant.ts';
import { distillationLoss } from './loss/distillation-loss.ts';
import { dropout } from './activation/dropout.ts';
import { dummyData } from './data/dummy-data.ts';
import { eltwise } from './arithmetic/eltwise.ts';
import { elu } from './activation/elu.ts';
import { embed } from './inner-product/embed.ts';
import { euclideanLoss } from './loss/euclidean-loss.ts';
import { exp } from './activation/exp.ts';
import { filter } from './shape/filter.ts';
import { flatten } from './shape/flatten.ts';
import { hingeLoss } from './loss/hinge-loss.ts';
import { im2col } from './convolution/im2col.ts';
import { infogainLoss } from './loss/infogain-loss.ts';
import { innerProduct } from './inner-product/inner-product.ts';
import { interp } from './shape/interp.ts';
import { detectionEvaluate } from './detection/detection-evaluate.ts';
import { detectionOutput } from './detection/detection-output.ts';
import type { FileUse, CpuFallback, LayerKernel } from './layer.ts';
import type { TraitedType } from './layer-traits.ts';
import { log } from './activation/log.ts';
import { lrn } from './normalization/lrn.ts';
import { lstm } from './recurrent/lstm.ts';
import { multiBoxLoss } from './detection/multibox-loss.ts';
import { multinomialLogisticLoss } from './loss/multinomial-logistic-loss.ts';
import { mvn } from './normalization/mvn.ts';
import { normalize } from './normalization/normalize.ts';
import { parameter } from './data/parameter.ts';
import { permute } from './shape/permute.ts';
import { pooling } from './pooling/pooling.ts';
import { power } from './activation/power.ts';
import { prelu } from './activation/prelu.ts';
import { priorBox } from './detection/prior-box.ts';
import { quant } from './quantization/quant.ts';
import { reduction } from './arithmetic/reduction.ts';
import { relu } from './activation/relu.ts';
import { relu6 } from './activation/relu6.ts';
import { reshape } from './shape/reshape.ts';
import { rnn } from './recurrent/rnn.ts';
import { scale } from './arithmetic/scale.ts';
import { shuffleChannel } from './shape/shuffle-channel.ts';
import { sigmoidCrossEntropyLoss } from './loss/sigmoid-cross-entropy-loss.ts';
import { sigmoid } from './activation/sigmoid.ts';
import { silence } from './shape/silence.ts';
import { slice } from './shape/slice.ts';
import { smoothL1Loss } from './loss/smooth-l1-loss.ts';
import { softmaxWithLoss } from './loss/softmax-with-loss.ts';
import { softmax } from './activation/softmax.ts';
import { split } from './shape/split.ts';
import { spp } from './pooling/spp.ts';
import { squeeze } from './shape/squeeze.ts';
import { swish } from './activation/swish.ts';
import { tanh } from './activation/tanh.ts';
import { threshold } from './activation/threshold.ts';
import { tile } from './shape/tile.ts';
import { upsample } from './pooling/upsample.ts';

/** Every layer type that a graph can hold, by Caffe's name. */
export const LAYER_KERNELS: ReadonlyMap<string, LayerKernel> = new Map(
  [
    absVal,
    accuracy,
    argMax,
    axpy,
    batchNorm,
    batchReindex,
    bias,
    bnll,
    clip,
    concat,
    contrastiveLoss,
    convolution,
    crop,
    deconvolution,
    ...depthwiseConvolutions,
    dequant,
    distillationLoss,
    dropout,
    dummyData,
    eltwise,
    elu,
    embed,
    euclideanLoss,
    exp,
    filter,
    flatten,
    hingeLoss,
    im2col,
    infogainLoss,
    innerProduct,
    interp,
    log,
    lrn,
    lstm,
    multiBoxLoss,
    multinomialLogisticLoss,
    mvn,
    normalize,
    parameter,
    permute,
    pooling,
    power,
    prelu,
    priorBox,
    quant,
    reduction,
    relu,
    relu6,
    reshape,
    rnn,
    scale,
    shuffleChannel,
    sigmoid,
    sigmoidCrossEntropyLoss,
    silence,
    slice,
    smoothL1Loss,
    softmax,
    softmaxWithLoss,
    split,
    spp,
    squeeze,
    swish,
    tanh,
    threshold,
    tile,
    upsample,
  ].map((kernel) => [kernel.type, kernel]),
);

const CONVOLUTIONS = [convolution, deconvolution, ...depthwiseConvolutions];

/** Layer types that are computed behind the graph. */
export const CPU_FALLBACKS: ReadonlyMap<string, CpuFallback> = new Map(
  [detectionEvaluate, detectionOutput].map((kernel) => [kernel.type, kernel]),
);

/** What is known of a layer type; `undefined` for one that is not known at all. */
export const layerTypeOf = (type: string): (TraitedType & { readonly file?: FileUse }) | undefined =>
  LAYER_KERNELS.get(type) ?? CPU_FALLBACKS.get(type) ?? DATA_LAYERS.get(type);

/** All layer types that are known, those that bring data included. */
export const layerTypes = (): TraitedType[] => [
  ...LAYER_KERNELS.values(),
  ...CPU_FALLBACKS.values(),
  ...DATA_LAYERS.values(),
];

/** The axis of a type's weights along which the output channels lie; 0 for a type that is not a convolution. */
export const channelAxisOf = (type: string): 0 | 1 => convolutionOfType(type)?.channelAxis ?? 0;

/** Types with one filter per output channel: Convolution, Deconvolution and their relatives. */
export const isConvolution = (type: string): boolean => convolutionOfType(type) !== undefined;

/** The convolution, whatever its type's name is, whose settings a layer has; absent for a layer that is none. */
export const convolutionOfType = (type: string): LayerKernel<ConvolutionSettings> | undefined =>
  CONVOLUTIONS.find((each) => each.type === type);

/** True for layers whose tops come from outside the graph. */
export const isDataLayer = ({ bottoms, type }: GraphLayer): boolean =>
  bottoms.length === 0 && !LAYER_KERNELS.has(type) && !CPU_FALLBACKS.has(type);

/** Layers that measure a net, or end it, and are not part of what it computes: losses, accuracies, Silence. */
export function isMeasure({ type }: GraphLayer): boolean {
  const known = layerTypeOf(type);
  return isLossLayer(type) || known?.measures !== undefined || known?.tops === 0;
}
