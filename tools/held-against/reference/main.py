"""Computes every case of a file twice: by PyTorch, as the sources of Caffe say, with gradients by autograd; and by OpenCV.

    /usr/bin/python3 main.py cases.json answers.json
"""

import json
import math
import sys

import cv2
import torch

import losses
import opencv
import shapes
import sources
import values
import windows
from caffe import Case, Refused

LAYERS = {**losses.LAYERS, **shapes.LAYERS, **sources.LAYERS, **values.LAYERS, **windows.LAYERS}


def listed(tensor):
    """As JSON can hold it."""
    return [v if math.isfinite(v) else str(v) for v in tensor.detach().double().reshape(-1).tolist()]


def described(tensor):
    return {"shape": list(tensor.shape), "data": listed(tensor)}


def reference(given):
    case = Case(given)
    try:
        tops = LAYERS[given["type"]](case)
    except Refused as refused:
        return {"refused": str(refused)}
    except Exception as error:  # A setting that the reference has not thought of is one that counts as different.
        return {"failed": f"{type(error).__name__}: {error}"}
    answer = {"tops": [described(top) for top in tops]}
    if given.get("gradients") is None:
        return answer
    objective = sum(
        (top * torch.tensor(dy, dtype=torch.float64).reshape(top.shape)).sum()
        for top, dy in zip(tops, given["gradients"])
        if dy is not None
    )
    wanted = [x for x in case.bottoms if x.requires_grad] + case.params
    if not wanted or not torch.is_tensor(objective) or not objective.requires_grad:
        return answer
    found = iter(torch.autograd.grad(objective, wanted, allow_unused=True))
    listed_or_zeros = lambda x: listed((lambda d: torch.zeros_like(x) if d is None else d)(next(found)))
    answer["bottoms"] = [listed_or_zeros(x) if x.requires_grad else None for x in case.bottoms]
    answer["params"] = [listed_or_zeros(x) for x in case.params]
    return answer


def main(cases_file, answers_file):
    with open(cases_file) as file:
        cases = json.load(file)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    answers = []
    for case in cases:
        answer = reference(case)
        # OpenCV computes as in TEST, and does not refuse what Caffe refuses.
        if "tops" in answer and case["bottoms"]:
            top = opencv.first_top(case)
            if top is not None:
                answer["opencv"] = described(torch.from_numpy(top))
        answers.append(answer)
    with open(answers_file, "w") as file:
        json.dump({"torch": torch.__version__, "opencv": cv2.__version__, "answers": answers}, file, allow_nan=False)


main(*sys.argv[1:])
