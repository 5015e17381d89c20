"""Reloads caffemodels in OpenCV's dnn module: lines of "original<TAB>rewritten<TAB>prototxt..." on standard input, one
line of JSON per pair on standard output: how many blobs the original has under the prototxt that suits it best, and
which of them differ in the rewritten file."""

import json
import sys

import cv2
import numpy


def blobs(prototxt, weights):
    net = cv2.dnn.readNetFromCaffe(prototxt, weights)
    found = {}
    for name in net.getLayerNames():
        for index in range(8):
            try:
                blob = net.getParam(net.getLayerId(name), index)
            except cv2.error:
                break
            if blob is None:
                break
            found[f"{name}/{index}"] = blob
    return found


def best_that_loads(prototxts, weights):
    best, most = None, {}
    for prototxt in prototxts:
        try:
            found = blobs(prototxt, weights)
        except cv2.error:
            continue
        if best is None or len(found) > len(most):
            best, most = prototxt, found
    return best, most


for line in sys.stdin:
    original, rewritten, *prototxts = line.rstrip("\n").split("\t")
    prototxt, before = best_that_loads(prototxts, original)
    result = {"file": original, "loads": prototxt is not None, "blobs": len(before), "differ": []}
    if prototxt is not None:
        try:
            after = blobs(prototxt, rewritten)
            result["differ"] = [k for k in before if k not in after or not numpy.array_equal(before[k], after[k])]
        except cv2.error as error:
            result["differ"] = [str(error)]
    print(json.dumps(result), flush=True)
