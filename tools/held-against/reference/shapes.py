"""Layers that move elements. Sources: the layers' .cpp in BVLC's Caffe; permute_layer.cpp of SSD, interp_layer.cpp of
PSPNet, upsample_layer.cpp of MobileNet-YOLO."""

import torch

from caffe import canonical, check, count, f32


def arg_max(case):
    (x,) = case.bottoms
    p = case.param("argmax_param")
    k, with_value, axis = p.get("top_k", 1), p.get("out_max_val", False), p.get("axis")
    rows = x.reshape(x.shape[0], -1) if axis is None else x
    along = 1 if axis is None else canonical(axis, x.dim())
    check(1 <= k <= rows.shape[along])
    # Of equal elements the larger index comes first: a stable sort of the reversed ones.
    values, order = torch.sort(rows.flip(along), dim=along, descending=True, stable=True)
    values = values.narrow(along, 0, k)
    index = (rows.shape[along] - 1 - order.narrow(along, 0, k)).double()
    if axis is not None:
        return [values if with_value else index]
    shape = [x.shape[0], 1, k] + [1] * max(0, x.dim() - 3)
    parts = [index, values] if with_value else [index]
    return [torch.cat([part.reshape(shape) for part in parts], 1)]


def batch_reindex(case):
    x, order = case.bottoms
    check(order.dim() == 1 and bool(((order >= 0) & (order < x.shape[0])).all()))
    return [x[order.long()]]


def one_axis(p, old, rank):
    check(p.get("axis") is None or p.get(old) is None)
    return canonical(p.get("axis", p.get(old, 1)), rank)


def concat(case):
    first = case.bottoms[0]
    axis = one_axis(case.param("concat_param"), "concat_dim", first.dim())
    for x in case.bottoms:
        check(x.dim() == first.dim() and all(i == axis or x.shape[i] == n for i, n in enumerate(first.shape)))
    return [torch.cat(case.bottoms, axis)]


def crop(case):
    x, size = case.bottoms
    p = case.param("crop_param")
    axis, offsets = canonical(p.get("axis", 2), x.dim()), p.get("offset", [])
    check(len(offsets) <= 1 or axis + len(offsets) == x.dim())
    for i in range(axis, x.dim()):
        check(i < size.dim())
        offset = 0 if not offsets else offsets[0] if len(offsets) == 1 else offsets[i - axis]
        check(x.shape[i] - offset >= size.shape[i])
        x = x.narrow(i, offset, size.shape[i])
    return [x]


def embed(case):
    (x,) = case.bottoms
    p = case.param("embed_param")
    check(p.get("num_output", 0) > 0 and p.get("input_dim", 0) > 0)
    w = case.blob(p["input_dim"], p["num_output"])
    y = w[x.long()]
    return [y + case.blob(p["num_output"]) if p.get("bias_term", True) else y]


def flatten(case):
    (x,) = case.bottoms
    p = case.param("flatten_param")
    start, end = canonical(p.get("axis", 1), x.dim()), canonical(p.get("end_axis", -1), x.dim())
    check(start <= end + 1)
    return [x.reshape(list(x.shape[:start]) + [count(x.shape[start : end + 1])] + list(x.shape[end + 1 :]))]


def interp(case):
    (x,) = case.bottoms
    p = case.param("interp_param")
    begin, end = -p.get("pad_beg", 0), -p.get("pad_end", 0)
    x = x[:, :, begin : x.shape[2] - end, begin : x.shape[3] - end]
    check(x.shape[2] > 0 and x.shape[3] > 0)
    zoom, shrink = p.get("zoom_factor"), p.get("shrink_factor")
    size = [p.get("height", 0), p.get("width", 0)]
    if zoom is not None or shrink is not None:
        size = [(n - 1) // (shrink or 1) + 1 for n in x.shape[2:]]
        size = [n + (n - 1) * ((zoom or 1) - 1) for n in size]
    return [torch.nn.functional.interpolate(x, size, mode="bilinear", align_corners=True)]


def permute(case):
    (x,) = case.bottoms
    order = case.param("permute_param").get("order", [])
    check(all(axis < x.dim() for axis in order) and len(set(order)) == len(order))
    return [x.permute(order + [axis for axis in range(x.dim()) if axis not in order])]


def reduction(case):
    (x,) = case.bottoms
    p = case.param("reduction_param")
    axis = canonical(p.get("axis", 0), x.dim())
    rows = x.reshape(list(x.shape[:axis]) + [-1])
    operation = p.get("operation", "SUM")
    y = {"SUM": rows, "ASUM": rows.abs(), "SUMSQ": rows * rows, "MEAN": rows / rows.shape[-1]}[operation].sum(-1)
    return [y * f32(p.get("coeff", 1))]


def reshape(case):
    (x,) = case.bottoms
    p = case.param("reshape_param")
    dims, axis, axes = (p.get("shape") or {}).get("dim", []), p.get("axis", 0), p.get("num_axes", -1)
    start = axis if axis >= 0 else x.dim() + axis + 1
    check(0 <= start <= x.dim() and axes >= -1)
    end = x.dim() if axes == -1 else start + axes
    check(end <= x.dim() and dims.count(-1) <= 1)
    middle = []
    for i, dim in enumerate(dims):
        check(dim != 0 or start + i < x.dim())
        middle.append(x.shape[start + i] if dim == 0 else dim)
    shape = list(x.shape[:start]) + middle + list(x.shape[end:])
    known = count([dim for dim in shape if dim != -1])
    if -1 in shape:
        check(count(x.shape) % known == 0)
        shape[shape.index(-1)] = count(x.shape) // known
    check(count(shape) == count(x.shape))
    return [x.reshape(shape)]


def shuffle_channel(case):
    (x,) = case.bottoms
    group = case.param("shuffle_channel_param").get("group", 1)
    check(group > 0 and x.shape[1] % group == 0)
    return [x.unflatten(1, (group, -1)).transpose(1, 2).flatten(1, 2)]


def slice_(case):
    (x,) = case.bottoms
    p = case.param("slice_param")
    axis = one_axis(p, "slice_dim", x.dim())
    length, points = x.shape[axis], p.get("slice_point", [])
    if not points:
        check(length % case.tops == 0)
        points = [length // case.tops * i for i in range(1, case.tops)]
    check(len(points) == case.tops - 1 and case.tops <= length)
    edges = [0] + points + [length]
    check(all(a < b for a, b in zip(edges, edges[1:])))
    return [x.narrow(axis, a, b - a) for a, b in zip(edges, edges[1:])]


def split(case):
    return [case.bottoms[0] * 1 for _ in range(case.tops)]


def tile(case):
    (x,) = case.bottoms
    p = case.param("tile_param")
    axis = canonical(p.get("axis", 1), x.dim())
    return [torch.cat([x] * p["tiles"], axis)]


def upsample(case):
    (x,) = case.bottoms
    scale = int(case.param("upsample_param").get("scale", 1))
    return [x.repeat_interleave(scale, 2).repeat_interleave(scale, 3)]


LAYERS = {
    "ArgMax": arg_max,
    "BatchReindex": batch_reindex,
    "Concat": concat,
    "Crop": crop,
    "Embed": embed,
    "Flatten": flatten,
    "Interp": interp,
    "Permute": permute,
    "Reduction": reduction,
    "Reshape": reshape,
    "ShuffleChannel": shuffle_channel,
    "Slice": slice_,
    "Split": split,
    "Tile": tile,
    "Upsample": upsample,
}
