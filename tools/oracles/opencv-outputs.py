"""What OpenCV's dnn module computes for real Caffe models, as fixtures of real-models.spec.ts.

    /usr/bin/python3 tools/oracles/opencv-outputs.py ../shared/models

Needs Debian's python3-opencv. Element i of every input is ((i * 7919) % 1009) / 1009 - 0.25. Of an output at most 512
values are kept, evenly spread, with its largest magnitude.
"""

import json
import os
import sys

import cv2
import numpy as np

KEPT = 512
FIXTURES = os.path.join(os.path.dirname(__file__), "../../packages/kernels/fixtures/opencv")


def input_of(shape):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((i * 7919) % 1009) / 1009 - 0.25).astype(np.float32).reshape(shape)


def main(models):
    with open(os.path.join(FIXTURES, "models.json")) as file:
        entries = json.load(file)
    for entry in entries:
        net = cv2.dnn.readNetFromCaffe(os.path.join(models, entry["net"]), os.path.join(models, entry["weights"]))
        for name, shape in entry["inputs"].items():
            net.setInput(input_of(shape), name)
        outputs = {}
        for blob, layer in entry["layers"].items():
            values = net.forward(layer).reshape(-1)
            step = max(1, -(-values.size // KEPT))
            outputs[blob] = {
                "count": int(values.size),
                "step": step,
                "largest": float(np.abs(values).max()),
                "values": [float(v) for v in values[::step]],
            }
        entry["outputs"] = outputs
        print(entry["net"], {blob: output["count"] for blob, output in outputs.items()})
    with open(os.path.join(FIXTURES, "outputs.json"), "w") as file:
        json.dump({"opencv": cv2.__version__, "models": entries}, file)
        file.write("\n")


main(sys.argv[1])
