/**
 * Loss layers whose type does not say so: of R-FCN (`SmoothL1LossOHEM`, `SoftmaxWithLossOHEM`; Intel's fork has them too)
 * and of MobileNet-YOLO.
 */
const OTHER_LOSSES: ReadonlySet<string> = new Set(['SmoothL1LossOHEM', 'SoftmaxWithLossOHEM', 'Yolov3', 'YoloSeg']);

/**
 * Whether a layer type is a subclass of Caffe's `LossLayer`: then it gets a top of its own where the prototxt gives none
 * (`AutoTopBlobs`), and its first top counts in the objective with weight 1 where no `loss_weight` says otherwise. Caffe
 * and its forks end the names of these classes with Loss, with few exceptions; Accuracy and a Python layer with a
 * `loss_weight` are plain layers, without either. Source: BVLC Caffe's `loss_layer.hpp`, `loss_layer.cpp`.
 */
export const isLossLayer = (type: string): boolean => type.endsWith('Loss') || OTHER_LOSSES.has(type);

/** What Caffe calls the top that it gives to a loss layer without one. Nothing can read it by this name. */
export const AUTOMATIC_TOP = '(automatic)';
