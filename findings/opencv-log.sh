#!/bin/sh
# OpenCV 4.14.0 reads a Caffe net with a Log layer and leaves its settings out, without a word: y = ln(x) whatever
# log_param { base scale shift } says. Exp and Power beside it are computed with theirs. Whoever takes OpenCV's outputs for
# Caffe's believes another net to be right.
# Nothing of this repository is used.
#
#   sh findings/opencv-log.sh
#
# Installs the packages into a folder for temporary files (Python 3.9 or newer with pip) and runs nets of one layer on 1, 2
# and 4. Ends with 1 where Log follows its settings, or Exp or Power does not. Seen with Python 3.11 on Linux x64; OpenCV 4.6.0
# does the same:
#
#   layer                              OpenCV                      by Caffe's own definition
#   Log { base: 2 scale: 3 shift: 1 }  0, 0.693147, 1.386294       2, 2.807355, 3.70044
#   Exp { base: 2 scale: 3 shift: 1 }  16, 128, 8192               16, 128, 8192
#   Power { power: 2 scale: 3 shift: 1 }  16, 49, 169              16, 49, 169
#
# Caffe: y = log_base(shift + scale * x), base e without one (log_layer.cpp, caffe.proto's LogParameter).
set -eu
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$FOLDER" \
  opencv-python-headless==4.14.0.94 numpy==2.2.6
PYTHONPATH="$FOLDER" python3 - <<'PY'
import sys

import cv2
import numpy as np

X = np.array([1, 2, 4], np.float32).reshape(1, 1, 1, 3)
NET = 'input: "data" input_shape { dim: 1 dim: 1 dim: 1 dim: 3 } layer { name: "y" bottom: "data" top: "y" %s }'
LAYERS = [
    ("Log", 'type: "Log" log_param { base: 2 scale: 3 shift: 1 }', np.log2(3 * X + 1)),
    ("Exp", 'type: "Exp" exp_param { base: 2 scale: 3 shift: 1 }', 2 ** (3 * X + 1)),
    ("Power", 'type: "Power" power_param { power: 2 scale: 3 shift: 1 }', (3 * X + 1) ** 2),
]

changed = False
print(f"OpenCV {cv2.__version__}")
for name, layer, defined in LAYERS:
    net = cv2.dnn.readNetFromCaffe(np.frombuffer((NET % layer).encode(), np.uint8))
    net.setInput(X)
    y = net.forward()
    equal = np.allclose(y, defined, rtol=1e-5)
    plain = np.allclose(y, np.log(X), atol=1e-6)
    print(f"{name:<6} {np.array2string(y.ravel()):<40} by its definition {np.array2string(defined.ravel())}")
    changed |= not plain if name == "Log" else not equal
sys.exit("another behaviour than the one written down" if changed else 0)
PY
