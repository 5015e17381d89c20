"""Checks exported models with Debian's python3-onnx and python3-opencv. Arguments: the ONNX model, the plain Caffe model's
prototxt and caffemodel, a file of float32 inputs, and their dimensions. Prints one line of JSON: what the ONNX checker
says, the opset, and the outputs that OpenCV computes."""

import json
import sys

import cv2
import numpy
import onnx

onnx_file, prototxt, caffemodel, inputs, *dims = sys.argv[1:]
model = onnx.load(onnx_file)
try:
    onnx.checker.check_model(model, full_check=True)
    verdict = "valid"
except Exception as error:
    verdict = str(error)
net = cv2.dnn.readNetFromCaffe(prototxt, caffemodel)
net.setInput(numpy.fromfile(inputs, numpy.float32).reshape([int(dim) for dim in dims]))
outputs = net.forward().astype(numpy.float32)
print(json.dumps({"onnx": verdict, "opset": model.opset_import[0].version, "outputs": outputs.ravel().tolist()}))
