"""What the layers' references share: a case, what Caffe refuses, axes from either end."""

import math

import torch


class Refused(Exception):
    """Caffe's LayerSetUp or Reshape ends with a failed CHECK."""


def check(condition, why="CHECK"):
    if not condition:
        raise Refused(why)


class Case:
    """One layer: `param(name)` is its `<name>_param`, `tops` how many it has, `bottoms` float64 tensors."""

    def __init__(self, case):
        self.layer = case["layer"]
        self.phase = case["phase"]
        self.tops = case["tops"]
        self.bottoms = [
            torch.tensor([float(v) for v in b["data"]], dtype=torch.float64).reshape(b["shape"]).requires_grad_(b["learns"])
            for b in case["bottoms"]
        ]
        given = case.get("params")
        self.given = None if given is None else [torch.tensor(p["data"], dtype=torch.float64).reshape(p["shape"]) for p in given]
        self.params = []

    def param(self, name):
        return self.layer.get(name) or {}

    def blob(self, *shape):
        """The next blob of the layer, which has to have this shape."""
        index = len(self.params)
        if self.given is None:
            values = torch.full(shape, 0.5, dtype=torch.float64)
        else:
            values = self.given[index]
            assert tuple(values.shape) == tuple(shape), f"blob {index}: {tuple(values.shape)}, Caffe's is {shape}"
        self.params.append(values.requires_grad_(True))
        return self.params[-1]


def canonical(axis, rank):
    """Blob::CanonicalAxisIndex."""
    check(-rank <= axis < rank, f"axis {axis} of {rank}")
    return axis % rank


def count(shape):
    return math.prod(shape)


def f32(value):
    """A number of the prototxt as Caffe has it."""
    return torch.tensor(value, dtype=torch.float32).item()
