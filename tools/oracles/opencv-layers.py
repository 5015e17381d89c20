"""What OpenCV's dnn module computes for single Caffe layers that no Caffe golden covers, as fixtures of
opencv-layers.spec.ts.

    /usr/bin/python3 tools/oracles/opencv-layers.py

Needs Debian's python3-opencv. Reads fixtures/opencv/layers.json of packages/kernels and adds "top" to each case. Element i
of blob k (bottoms, then parameters) is ((i * 7919 + k * 104729) % 1009) / 1009 - 0.5. A case with "over_ones" is a setting
that OpenCV has not: what it computes with these settings instead, over what it makes of ones.
"""

import json
import os
import struct
import tempfile

import cv2
import numpy as np

FILE = os.path.join(os.path.dirname(__file__), "../../packages/kernels/fixtures/opencv/layers.json")


def blob(k, shape):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((i * 7919 + k * 104729) % 1009) / 1009 - 0.5).astype(np.float32).reshape(shape)


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def caffemodel(type_, params):
    """A NetParameter with the layer "it" and its blobs."""
    blobs = b""
    for values in params:
        shape = field(7, field(1, b"".join(varint(dim) for dim in values.shape)))
        blobs += field(7, shape + field(5, struct.pack(f"<{values.size}f", *values.reshape(-1))))
    layer = field(1, b"it") + field(2, type_.encode()) + blobs
    return field(100, layer)


def compute(case):
    bottoms = [blob(k, shape) for k, shape in enumerate(case["bottoms"])]
    if "over_ones" not in case:
        return described(run(case, case["settings"], bottoms))
    ones = [np.ones_like(values) for values in bottoms]
    return described(run(case, case["over_ones"], bottoms) / run(case, case["over_ones"], ones))


def described(top):
    return {"shape": list(top.shape), "data": [float(value) for value in top.reshape(-1)]}


def run(case, settings, bottoms):
    params = [blob(len(bottoms) + k, shape) for k, shape in enumerate(case["params"])]
    names = [f"b{k}" for k in range(len(bottoms))]
    inputs = "".join(
        f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ '
        + " ".join(f"dim: {dim}" for dim in values.shape)
        + " } } }\n"
        for name, values in zip(names, bottoms)
    )
    bottom = " ".join(f'bottom: "{name}"' for name in names)
    text = f'{inputs}layer {{ name: "it" type: "{case["type"]}" {bottom} top: "y" {settings} }}\n'
    with tempfile.TemporaryDirectory() as folder:
        prototxt, model = os.path.join(folder, "net.prototxt"), os.path.join(folder, "net.caffemodel")
        with open(prototxt, "w") as file:
            file.write(text)
        with open(model, "wb") as file:
            file.write(caffemodel(case["type"], params))
        net = cv2.dnn.readNetFromCaffe(prototxt, model)
    for name, values in zip(names, bottoms):
        net.setInput(values, name)
    return net.forward()


def main():
    with open(FILE) as file:
        fixture = json.load(file)
    fixture["opencv"] = cv2.__version__
    for case in fixture["cases"]:
        case["top"] = compute(case)
        print(case["name"], case["top"]["shape"])
    with open(FILE, "w") as file:
        file.write(f'{{\n  "origin": {json.dumps(fixture["origin"])},\n  "opencv": "{fixture["opencv"]}",\n  "cases": [\n')
        file.write(",\n".join("    " + json.dumps(case, allow_nan=False) for case in fixture["cases"]))
        file.write("\n  ]\n}\n")


if __name__ == "__main__":
    main()
