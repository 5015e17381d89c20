/**
 * Layer types of BVLC Caffe (`REGISTER_LAYER_CLASS` and the creators of `layer_factory.cpp`), to tell a type that exists
 * but is not quantized from a misspelt one.
 */
export const CAFFE_LAYER_TYPES: ReadonlySet<string> = new Set(
  (
    'AbsVal Accuracy ArgMax BNLL BatchNorm BatchReindex Bias Clip Concat ContrastiveLoss Convolution Crop Data ' +
    'Deconvolution Dropout DummyData ELU Eltwise Embed EuclideanLoss Exp Filter Flatten HDF5Data HDF5Output HingeLoss ' +
    'Im2col ImageData InfogainLoss InnerProduct Input LRN LSTM LSTMUnit Log MVN MemoryData MultinomialLogisticLoss ' +
    'PReLU Parameter Pooling Power Python RNN ReLU Reduction Reshape SPP Scale Sigmoid SigmoidCrossEntropyLoss ' +
    'Silence Slice Softmax SoftmaxWithLoss Split Swish TanH Threshold Tile WindowData'
  ).split(' '),
);
