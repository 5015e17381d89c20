"""Layers whose tops come of their settings alone. Sources: dummy_data_layer.cpp and parameter_layer.hpp of BVLC's Caffe,
prior_box_layer.cpp of SSD."""

import torch

from caffe import check, f32


def dummy_data(case):
    p = case.param("dummy_data_param")
    fillers, tops = p.get("data_filler", []), case.tops
    check(len(fillers) in (0, 1, tops))
    legacy = [p.get(name, []) for name in ("num", "channels", "height", "width")]
    if any(legacy):
        check(not p.get("shape"))
        check(all(len(values) in (1, tops) for values in legacy))
        shapes = [[values[0] if len(values) == 1 else values[i] for values in legacy] for i in range(tops)]
    else:
        check(len(p.get("shape", [])) in (1, tops))
        given = [shape["dim"] for shape in p["shape"]]
        shapes = [given[0] if len(given) == 1 else given[i] for i in range(tops)]
    values = [f32((fillers[0] if len(fillers) == 1 else fillers[i]).get("value", 0)) if fillers else 0 for i in range(tops)]
    return [torch.full(shape, value, dtype=torch.float64) for shape, value in zip(shapes, values)]


def parameter(case):
    return [case.blob(*case.param("parameter_param")["shape"]["dim"]) * 1]


def of_axes(p, one, h, w):
    """[height, width] as given; None where nothing is."""
    if p.get(h) is not None or p.get(w) is not None:
        check(p.get(one) is None and p.get(h, 0) > 0 and p.get(w, 0) > 0)
        return [p[h], p[w]]
    if p.get(one) is not None:
        check(p[one] > 0)
        return [p[one], p[one]]
    return None


def prior_box(case):
    layer, image = case.bottoms
    p = case.param("prior_box_param")
    smallest, largest = p.get("min_size", []), p.get("max_size", [])
    check(smallest and all(size > 0 for size in smallest))
    check(not largest or len(largest) == len(smallest))
    check(all(a < b for a, b in zip(smallest, largest)))
    ratios = [1.0]
    for ratio in p.get("aspect_ratio", []):
        check(ratio > 0)
        if any(abs(ratio - known) < 1e-6 for known in ratios):
            continue
        ratios += [ratio, 1 / ratio] if p.get("flip", True) else [ratio]
    variance = p.get("variance", [])
    check(len(variance) in (0, 1, 4) and all(v > 0 for v in variance))
    size = of_axes(p, "img_size", "img_h", "img_w") or list(image.shape[2:])
    rows, columns = layer.shape[2:]
    step = of_axes(p, "step", "step_h", "step_w") or [size[0] / rows, size[1] / columns]
    offset = f32(p.get("offset", 0.5))
    boxes = []
    for h in range(rows):
        for w in range(columns):
            cy, cx = (h + offset) * step[0], (w + offset) * step[1]
            for i, low in enumerate(smallest):
                low = int(low)
                sizes = [(low, low)]
                if largest:
                    sizes.append(((low * int(largest[i])) ** 0.5,) * 2)
                sizes += [(low * r**0.5, low / r**0.5) for r in ratios if abs(r - 1) >= 1e-6]
                for bw, bh in sizes:
                    boxes += [(cx - bw / 2) / size[1], (cy - bh / 2) / size[0], (cx + bw / 2) / size[1], (cy + bh / 2) / size[0]]
    values = torch.tensor(boxes, dtype=torch.float64)
    values = values.clamp(0, 1) if p.get("clip", False) else values
    four = [f32(v) for v in (variance if len(variance) == 4 else (variance or [0.1]) * 4)]
    return [torch.stack([values, torch.tensor(four * (len(boxes) // 4), dtype=torch.float64)]).unsqueeze(0)]


LAYERS = {"DummyData": dummy_data, "Parameter": parameter, "PriorBox": prior_box, "Silence": lambda case: []}
