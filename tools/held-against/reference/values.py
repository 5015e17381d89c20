"""Layers that compute each element, or norms and products. Sources: the layers' .cpp in BVLC's Caffe; normalize_layer.cpp
of SSD, axpy_layer.cpp of SENet, relu6_layer.cpp of MobileNet-YOLO."""

import math

import torch

from caffe import canonical, check, count, f32

FLT_MAX = torch.finfo(torch.float32).max


def over_one(function):
    """A layer of one bottom, y = function(x, case)."""
    return lambda case: [function(case.bottoms[0], case)]


def number(case, param, name, default):
    return f32(case.param(param).get(name, default))


def axpy(case):
    a, x, y = case.bottoms
    return [a.reshape(list(a.shape[:2]) + [1, 1]) * x + y]


def channels_last(values, x):
    return values.reshape([-1] + [1] * (x.dim() - 2))


def batch_norm(case):
    (x,) = case.bottoms
    p = case.param("batch_norm_param")
    mean, variance, factor = case.blob(x.shape[1]), case.blob(x.shape[1]), case.blob(1)
    eps = f32(p.get("eps", 1e-5))
    if p.get("use_global_stats", case.phase == "TEST"):
        scale = 0 if factor.item() == 0 else 1 / factor.detach()
        return [(x - channels_last(mean.detach() * scale, x)) / channels_last(variance.detach() * scale + eps, x).sqrt()]
    axes = [axis for axis in range(x.dim()) if axis != 1]
    centered = x - x.mean(axes, True)
    return [centered / ((centered**2).mean(axes, True) + eps).sqrt()]


def operand(case, param):
    """Scale's and Bias' operand, spread over x; and its shape."""
    x = case.bottoms[0]
    p = case.param(param)
    if len(case.bottoms) > 1:
        second = case.bottoms[1]
        axis = 0 if second.dim() == 0 else canonical(p.get("axis", 1), x.dim())
        check(x.dim() >= axis + second.dim() and list(x.shape[axis : axis + second.dim()]) == list(second.shape))
        shape, values = list(second.shape), second
    else:
        axis, axes = canonical(p.get("axis", 1), x.dim()), p.get("num_axes", 1)
        check(axes >= -1 and (axes < 0 or x.dim() >= axis + axes))
        shape = list(x.shape[axis:]) if axes == -1 else list(x.shape[axis : axis + axes])
        values = case.blob(*shape)
    wide = shape + [1] * (x.dim() - axis - len(shape))
    return values.reshape(wide), shape, wide


def bias(case):
    return [case.bottoms[0] + operand(case, "bias_param")[0]]


def scale(case):
    values, shape, wide = operand(case, "scale_param")
    y = case.bottoms[0] * values
    return [y + case.blob(*shape).reshape(wide) if case.param("scale_param").get("bias_term", False) else y]


def clip(x, case):
    p = case.param("clip_param")
    low, high = torch.tensor(f32(p["min"])), torch.tensor(f32(p["max"]))
    y = torch.maximum(torch.minimum(x, high), low)
    passes = (x >= low) & (x <= high)
    return torch.where(passes, x, y.detach())


def eltwise(case):
    p = case.param("eltwise_param")
    operation, coeff = p.get("operation", "SUM"), p.get("coeff", [])
    check(all(x.shape == case.bottoms[0].shape for x in case.bottoms))
    check(not coeff or len(coeff) == len(case.bottoms))
    check(operation != "PROD" or not coeff)
    if operation == "SUM":
        return [sum(x * f32(c) for x, c in zip(case.bottoms, coeff or [1] * len(case.bottoms)))]
    y = case.bottoms[0]
    for x in case.bottoms[1:]:
        y = y * x if operation == "PROD" else torch.where(y > x, y, x)
    return [y]


def exp(x, case):
    base = number(case, "exp_param", "base", -1)
    check(base == -1 or base > 0)
    inner = number(case, "exp_param", "shift", 0) + number(case, "exp_param", "scale", 1) * x
    return torch.exp(inner * (1 if base == -1 else math.log(base)))


def log(x, case):
    base = number(case, "log_param", "base", -1)
    check(base == -1 or (base > 0 and base != 1))
    inner = number(case, "log_param", "shift", 0) + number(case, "log_param", "scale", 1) * x
    return torch.log(inner) / (1 if base == -1 else math.log(base))


def inner_product(case):
    (x,) = case.bottoms
    p = case.param("inner_product_param")
    axis, outputs = canonical(p.get("axis", 1), x.dim()), p["num_output"]
    inner = count(x.shape[axis:])
    w = case.blob(*([inner, outputs] if p.get("transpose", False) else [outputs, inner]))
    y = x.reshape(-1, inner) @ (w if p.get("transpose", False) else w.t())
    y = y + case.blob(outputs) if p.get("bias_term", True) else y
    return [y.reshape(list(x.shape[:axis]) + [outputs])]


class Mvn(torch.autograd.Function):
    """Rows over their deviation plus eps. The gradient is Caffe's, which is the derivative for eps 0 alone."""

    @staticmethod
    def forward(context, rows, eps):
        centered = rows - rows.mean(1, True)
        divisor = (centered**2).mean(1, True).sqrt() + eps
        y = centered / divisor
        context.save_for_backward(y, divisor)
        return y

    @staticmethod
    def backward(context, dy):
        y, divisor = context.saved_tensors
        return (dy - dy.mean(1, True) - y * (dy * y).mean(1, True)) / divisor, None


def mvn(case):
    (x,) = case.bottoms
    p = case.param("mvn_param")
    across = p.get("across_channels", False)
    rows = x.reshape(x.shape[0] if across else x.shape[0] * x.shape[1], -1)
    normalized = p.get("normalize_variance", True)
    y = Mvn.apply(rows, f32(p.get("eps", 1e-9))) if normalized else rows - rows.mean(1, True)
    return [y.reshape(x.shape)]


class SsdNormalize(torch.autograd.Function):
    """The gradient is the fork's: with a scale per channel it is not the derivative."""

    @staticmethod
    def forward(context, x, scale, axes, eps):
        norm = ((x * x).sum(axes, True) + eps).sqrt()
        context.save_for_backward(x, scale, norm)
        context.axes = axes
        return x / norm * scale

    @staticmethod
    def backward(context, dy):
        x, scale, norm = context.saved_tensors
        along = (x * dy).sum(context.axes, True) / norm**2
        dscale = dy * x / norm
        spread = [a for a in range(x.dim()) if scale.dim() < x.dim() - 1 or scale.shape[0] == 1 or a != 1]
        kept = dscale.sum(spread) if scale.numel() == 1 else dscale.sum([a for a in range(x.dim()) if a != 1])
        return scale * (dy - x * along) / norm, kept.reshape(scale.shape), None, None


def normalize(case):
    (x,) = case.bottoms
    p = case.param("norm_param")
    check(x.dim() >= 2)
    shared = p.get("channel_shared", True)
    values = case.blob() if shared else case.blob(x.shape[1])
    wide = values if shared else channels_last(values, x)
    axes = list(range(1, x.dim())) if p.get("across_spatial", True) else [1]
    return [SsdNormalize.apply(x, wide, axes, f32(p.get("eps", 1e-10)))]


def power(x, case):
    exponent, scale_ = number(case, "power_param", "power", 1), number(case, "power_param", "scale", 1)
    shift = number(case, "power_param", "shift", 0)
    if f32(exponent * scale_) == 0:
        base = 1 if exponent == 0 else shift**exponent if shift or exponent > 0 else math.inf
        return x * 0 + base
    return (shift + scale_ * x) ** exponent


def prelu(case):
    (x,) = case.bottoms
    check(x.dim() >= 2)
    shared = case.param("prelu_param").get("channel_shared", False)
    slope = case.blob() if shared else case.blob(x.shape[1])
    return [x.clamp(min=0) + (slope if shared else channels_last(slope, x)) * x.clamp(max=0)]


def recurrent(case, step, states, blobs):
    x, cont, *static = case.bottoms
    outputs = case.param("recurrent_param")["num_output"]
    check(x.dim() >= 3 and cont.dim() == 2 and cont.shape == x.shape[:2])
    rows = outputs * blobs
    inner = count(x.shape[2:])
    projected = x.reshape(x.shape[0], x.shape[1], inner) @ case.blob(rows, inner).t() + case.blob(rows)
    if static:
        check(static[0].dim() >= 2 and static[0].shape[0] == x.shape[1])
        flat = static[0].flatten(1)
        projected = projected + flat @ case.blob(rows, flat.shape[1]).t()
    hidden = case.blob(rows, outputs)
    state = [x.new_zeros(x.shape[1], outputs) for _ in range(states)]
    ys = []
    for t in range(x.shape[0]):
        state = step(projected[t], state, cont[t].reshape(-1, 1), hidden)
        ys.append(state[0])
    return torch.stack(ys)


def lstm_step(z, state, cont, hidden):
    h, c = state
    i, f, o, g = (z + (cont * h) @ hidden.t()).chunk(4, 1)
    c = cont * f.sigmoid() * c + i.sigmoid() * g.tanh()
    return [o.sigmoid() * c.tanh(), c]


def rnn(case):
    h = recurrent(case, lambda z, state, cont, w: [(z + (cont * state[0]) @ w.t()).tanh()], 1, 1)
    outputs = h.shape[2]
    return [(h @ case.blob(outputs, outputs).t() + case.blob(outputs)).tanh()]


def softmax(case):
    (x,) = case.bottoms
    return [x.softmax(canonical(case.param("softmax_param").get("axis", 1), x.dim()))]


def relu6(x, case):
    return torch.where(x > 0, x.clamp(max=6), x * 0)


def relu(x, case):
    return x.clamp(min=0) + number(case, "relu_param", "negative_slope", 0) * x.clamp(max=0)


def elu(x, case):
    return x.clamp(min=0) + number(case, "elu_param", "alpha", 1) * (x.clamp(max=0).exp() - 1)


LAYERS = {
    "AbsVal": over_one(lambda x, _: x.abs()),
    "Axpy": axpy,
    "BatchNorm": batch_norm,
    "Bias": bias,
    "BNLL": over_one(lambda x, _: torch.nn.functional.softplus(x)),
    "Clip": over_one(clip),
    "Dropout": over_one(lambda x, _: x * 1),
    "Eltwise": eltwise,
    "ELU": over_one(elu),
    "Exp": over_one(exp),
    "InnerProduct": inner_product,
    "Log": over_one(log),
    "LSTM": lambda case: [recurrent(case, lstm_step, 2, 4)],
    "MVN": mvn,
    "Normalize": normalize,
    "Power": over_one(power),
    "PReLU": prelu,
    "ReLU": over_one(relu),
    "ReLU6": over_one(relu6),
    "RNN": rnn,
    "Scale": scale,
    "Sigmoid": over_one(lambda x, _: x.sigmoid()),
    "Softmax": softmax,
    "Swish": over_one(lambda x, case: x * (number(case, "swish_param", "beta", 1) * x).sigmoid()),
    "TanH": over_one(lambda x, _: x.tanh()),
    "Threshold": over_one(lambda x, case: (x.detach() > number(case, "threshold_param", "threshold", 0)).double()),
}
