"""What ONNX's own checker and OpenCV say of a model: check-model.py <model>, prints JSON."""

import json
import sys


def verdict(check, limit):
    try:
        check()
        return "yes"
    except ModuleNotFoundError:
        return "-"
    except Exception as error:
        return "no " + " ".join(str(error).split())[:limit]


def checker():
    import onnx

    onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)


def opencv():
    import cv2

    cv2.dnn.readNetFromONNX(sys.argv[1])


print(json.dumps({"checker": verdict(checker, 160), "opencv": verdict(opencv, 0)}))
