"""Layers of sliding windows. Sources: base_conv_layer.cpp, deconv_layer.cpp, im2col_layer.cpp, pooling_layer.cpp,
spp_layer.cpp and lrn_layer.cpp of BVLC's Caffe."""

import math

import torch
import torch.nn.functional as F

from caffe import canonical, check, count, f32

FLT_MAX = torch.finfo(torch.float32).max
FLT_MIN = torch.finfo(torch.float32).tiny


def spatial(p, name, axes, default):
    short = name.replace("_size", "")
    h, w, values = p.get(short + "_h"), p.get(short + "_w"), p.get(name, [])
    if h is not None or w is not None:
        check(axes == 2 and not values)
        return [h or 0, w or 0]
    check(len(values) in (1, axes) or (default is not None and not values))
    return (values or [default]) * (axes if len(values) <= 1 else 1)


class Window:
    def __init__(self, p, x):
        self.axis = canonical(p.get("axis", 1), x.dim())
        axes = x.dim() - self.axis - 1
        check(1 <= axes <= 3)
        self.axes = axes
        self.kernel = spatial(p, "kernel_size", axes, None)
        self.stride = spatial(p, "stride", axes, 1)
        self.pad = spatial(p, "pad", axes, 0)
        self.dilation = spatial(p, "dilation", axes, 1)
        check(all(v > 0 for v in self.kernel + self.stride))
        self.channels = x.shape[self.axis]
        self.lead = list(x.shape[: self.axis])
        self.extent = [d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation)]

    def images(self, x):
        return x.reshape([count(self.lead)] + list(x.shape[self.axis :]))

    def padded(self, x):
        """x with its padding, and so much behind it that the kernel always fits; and the size of the top."""
        size = [
            int((n + 2 * p - e) / s) + 1
            for n, p, e, s in zip(x.shape[2:], self.pad, self.extent, self.stride)
        ]
        check(all(n > 0 for n in size))
        pads = []
        for n, p, e in reversed(list(zip(x.shape[2:], self.pad, self.extent))):
            pads += [p, p + max(0, e - n - 2 * p)]
        return F.pad(x, pads), size


def groups(p, window):
    group = p.get("group", 1)
    check(group > 0 and p["num_output"] > 0)
    check(window.channels % group == 0 and p["num_output"] % group == 0)
    return group


def convolution(case):
    p = case.param("convolution_param")
    tops = []
    first = None
    for x in case.bottoms:
        window = Window(p, x)
        group = groups(p, window)
        padded, size = window.padded(window.images(x))
        if first is None:
            w = case.blob(p["num_output"], window.channels // group, *window.kernel)
            b = case.blob(p["num_output"]) if p.get("bias_term", True) else None
            first = (w, b)
        conv = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[window.axes]
        y = conv(padded, *first, window.stride, 0, window.dilation, group)
        y = y[(slice(None), slice(None)) + tuple(slice(0, n) for n in size)]
        tops.append(y.reshape(window.lead + [p["num_output"]] + size))
    return tops


def deconvolution(case):
    p = case.param("convolution_param")
    (x,) = case.bottoms
    window = Window(p, x)
    group = groups(p, window)
    size = [
        s * (n - 1) + e - 2 * q for n, s, e, q in zip(x.shape[window.axis + 1 :], window.stride, window.extent, window.pad)
    ]
    check(all(n > 0 for n in size))
    w = case.blob(window.channels, p["num_output"] // group, *window.kernel)
    b = case.blob(p["num_output"]) if p.get("bias_term", True) else None
    conv = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[window.axes]
    y = conv(window.images(x), w, b, window.stride, 0, 0, group, window.dilation)
    y = y[(slice(None), slice(None)) + tuple(slice(q, q + n) for q, n in zip(window.pad, size))]
    return [y.reshape(window.lead + [p["num_output"]] + size)]


def im2col(case):
    (x,) = case.bottoms
    window = Window(case.param("convolution_param"), x)
    padded, size = window.padded(window.images(x))
    columns = F.unfold(padded, window.kernel, window.dilation, 0, window.stride)
    full = [(n - e) // s + 1 for n, e, s in zip(padded.shape[2:], window.extent, window.stride)]
    y = columns.reshape([padded.shape[0], -1] + full)[:, :, : size[0], : size[1]]
    return [y.reshape(window.lead + [-1] + size)]


def pooling_settings(p, x):
    check(x.dim() == 4)
    is_global = p.get("global_pooling", False)
    size, h, w = p.get("kernel_size"), p.get("kernel_h"), p.get("kernel_w")
    if is_global:
        check(size is None and h is None and w is None)
    else:
        check((size is not None) != (h is not None and w is not None))
    for name in ("pad", "stride"):
        both = [p.get(name + "_h"), p.get(name + "_w")]
        given = [v is not None for v in both]
        check((p.get(name) is None and all(given)) or not any(given))
    kernel = list(x.shape[2:]) if is_global else [size, size] if size is not None else [h, w]
    pad = [p.get("pad_" + a, p.get("pad", 0)) for a in "hw"]
    stride = [p.get("stride_" + a, p.get("stride", 1)) for a in "hw"]
    check(all(v > 0 for v in kernel + stride))
    check(not is_global or (pad == [0, 0] and stride == [1, 1]))
    if any(pad):
        check(p.get("pool", "MAX") != "STOCHASTIC" and all(q < k for q, k in zip(pad, kernel)))
    rounded = math.floor if p.get("round_mode") == "FLOOR" else math.ceil
    out = [rounded((n + 2 * q - k) / s) + 1 for n, q, k, s in zip(x.shape[2:], pad, kernel, stride)]
    if any(pad):
        out = [o - 1 if (o - 1) * s >= n + q else o for o, s, n, q in zip(out, stride, x.shape[2:], pad)]
    check(all(o > 0 for o in out))
    return kernel, stride, pad, out


def pool(p, x, with_mask=False):
    kernel, stride, pad, out = pooling_settings(p, x)
    method = p.get("pool", "MAX")
    rows, masks = [], []
    height, width = x.shape[2:]
    for ph in range(out[0]):
        for pw in range(out[1]):
            start = [ph * stride[0] - pad[0], pw * stride[1] - pad[1]]
            end = [min(s + k, n + q) for s, k, n, q in zip(start, kernel, x.shape[2:], pad)]
            area = (end[0] - start[0]) * (end[1] - start[1])
            h0, w0 = max(start[0], 0), max(start[1], 0)
            part = x[:, :, h0 : min(end[0], height), w0 : min(end[1], width)]
            flat = part.reshape(x.shape[0], x.shape[1], -1)
            if flat.shape[2] == 0:
                # Caffe divides 0 by 0; nothing has to come of that.
                check(method != "AVE", "0 / 0")
                rows.append(x.new_full(x.shape[:2], -FLT_MAX if method == "MAX" else 0))
                masks.append(x.new_full(x.shape[:2], -1))
            elif method == "MAX":
                values, index = flat.max(2)
                rows.append(values)
                masks.append(((h0 + index // part.shape[3]) * width + w0 + index % part.shape[3]).double())
            elif method == "AVE":
                rows.append(flat.sum(2) / area)
            else:
                rows.append((flat * flat).sum(2) / (flat.sum(2) + FLT_MIN))
    shape = list(x.shape[:2]) + out
    tops = [torch.stack(rows, 2).reshape(shape)]
    return tops + ([torch.stack(masks, 2).reshape(shape)] if with_mask else [])


def pooling(case):
    return pool(case.param("pooling_param"), case.bottoms[0], case.tops > 1)


def spp(case):
    (x,) = case.bottoms
    p = case.param("spp_param")
    levels = []
    for level in range(p["pyramid_height"]):
        bins = 2**level
        kernel = [math.ceil(n / bins) for n in x.shape[2:]]
        pad = [(k * bins - n + 1) // 2 for k, n in zip(kernel, x.shape[2:])]
        settings = {"pool": p.get("pool", "MAX")}
        for name, (h, w) in {"kernel": kernel, "stride": kernel, "pad": pad}.items():
            settings.update({name + "_h": h, name + "_w": w})
        levels.append(pool(settings, x)[0])
    return levels if len(levels) == 1 else [torch.cat([level.flatten(1) for level in levels], 1)]


def lrn(case):
    (x,) = case.bottoms
    p = case.param("lrn_param")
    size = p.get("local_size", 5)
    check(size % 2 == 1 and x.dim() == 4)
    alpha, beta = f32(p.get("alpha", 1)), f32(p.get("beta", 0.75))
    half = size // 2
    if p.get("norm_region") == "WITHIN_CHANNEL":
        padded = F.pad(x * x, [half] * 4)
        mean = F.avg_pool2d(padded, size, 1)
        return [x * (1 + alpha * mean) ** -beta]
    padded = F.pad(x * x, [0, 0, 0, 0, half, half])
    total = sum(padded[:, i : i + x.shape[1]] for i in range(size))
    return [x * (f32(p.get("k", 1)) + alpha / size * total) ** -beta]


LAYERS = {
    "Convolution": convolution,
    "DepthwiseConvolution": convolution,
    "Deconvolution": deconvolution,
    "Im2col": im2col,
    "Pooling": pooling,
    "SPP": spp,
    "LRN": lrn,
}
