import { DATA_LAYERS, type GraphLayer, type LayerType } from '@caffe-quant/caffe-io';
import { absVal } from './abs-val.ts';
import { accuracy } from './accuracy.ts';
import { argMax } from './arg-max.ts';
import { axpy } from './axpy.ts';
import { batchNorm } from './batch-norm.ts';
import { batchReindex } from './batch-reindex.ts';
import { bias } from './bias.ts';
import { bnll } from './bnll.ts';
import { clip } from './clip.ts';
import { concat } from './concat.ts';
import { contrastiveLoss } from './contrastive-loss.ts';
import { convolution } from './convolution.ts';
import { crop } from './crop.ts';
import { deconvolution } from './deconvolution.ts';
import { depthwiseConvolutions } from './depthwise-convolution.ts';
import { dequant } from './dequant.ts';
import { distillationLoss } from './distillation-loss.ts';
import { dropout } from './dropout.ts';
import { dummyData } from './dummy-data.ts';
import { eltwise } from './eltwise.ts';
import { elu } from './elu.ts';
import { embed } from './embed.ts';
import { euclideanLoss } from './euclidean-loss.ts';
import { exp } from './exp.ts';
import { filter } from './filter.ts';
import { flatten } from './flatten.ts';
import { hingeLoss } from './hinge-loss.ts';
import { im2col } from './im2col.ts';
import { infogainLoss } from './infogain-loss.ts';
import { innerProduct } from './inner-product.ts';
import { interp } from './interp.ts';
import { detectionEvaluate } from './detection-evaluate.ts';
import { detectionOutput } from './detection-output.ts';
import type { FileUse, HostKernel, LayerKernel } from './layer.ts';
import { log } from './log.ts';
import { lrn } from './lrn.ts';
import { lstm } from './lstm.ts';
import { multiBoxLoss } from './multibox-loss.ts';
import { multinomialLogisticLoss } from './multinomial-logistic-loss.ts';
import { mvn } from './mvn.ts';
import { normalize } from './normalize.ts';
import { parameter } from './parameter.ts';
import { permute } from './permute.ts';
import { pooling } from './pooling.ts';
import { power } from './power.ts';
import { prelu } from './prelu.ts';
import { priorBox } from './prior-box.ts';
import { quant } from './quant.ts';
import { reduction } from './reduction.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { reshape } from './reshape.ts';
import { rnn } from './rnn.ts';
import { scale } from './scale.ts';
import { sigmoidCrossEntropyLoss } from './sigmoid-cross-entropy-loss.ts';
import { sigmoid } from './sigmoid.ts';
import { silence } from './silence.ts';
import { slice } from './slice.ts';
import { smoothL1Loss } from './smooth-l1-loss.ts';
import { softmaxWithLoss } from './softmax-with-loss.ts';
import { softmax } from './softmax.ts';
import { split } from './split.ts';
import { spp } from './spp.ts';
import { swish } from './swish.ts';
import { tanh } from './tanh.ts';
import { threshold } from './threshold.ts';
import { tile } from './tile.ts';
import { upsample } from './upsample.ts';

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
    sigmoid,
    sigmoidCrossEntropyLoss,
    silence,
    slice,
    smoothL1Loss,
    softmax,
    softmaxWithLoss,
    split,
    spp,
    swish,
    tanh,
    threshold,
    tile,
    upsample,
  ].map((kernel) => [kernel.type, kernel]),
);

/** Layer types that are computed behind the graph. */
export const HOST_KERNELS: ReadonlyMap<string, HostKernel> = new Map(
  [detectionEvaluate, detectionOutput].map((kernel) => [kernel.type, kernel]),
);

/** What is known of a layer type; `undefined` for one that is not known at all. */
export const layerTypeOf = (type: string): (LayerType & { readonly file?: FileUse }) | undefined =>
  LAYER_KERNELS.get(type) ?? HOST_KERNELS.get(type) ?? DATA_LAYERS.get(type);

/** All layer types that are known, those that bring data included. */
export const layerTypes = (): LayerType[] => [
  ...LAYER_KERNELS.values(),
  ...HOST_KERNELS.values(),
  ...DATA_LAYERS.values(),
];

/** True for layers whose tops come from outside the graph. */
export const isDataLayer = ({ bottoms, type }: GraphLayer): boolean =>
  bottoms.length === 0 && !LAYER_KERNELS.has(type) && !HOST_KERNELS.has(type);
