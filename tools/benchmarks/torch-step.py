"""PyTorch's side of train-step.ts: the steps of one training, float or QAT, alone in this process.

torch-step.py versions: prints PyTorch's version and what multiplies its matrices.
torch-step.py <weights> <contiguous|channels_last>: reads a StepRequest (step-request.ts) from stdin, with the net as a
PlainNet in `net` and the learning settings in `solver`, and prints StepFigures. The layers are those of the same prototxt and
start from the same weights, so that the losses of both sides can be compared. A BatchNorm and its Scale are one
batch_norm, ReLU and sums work in place, blobs are let go after their last use: as a PyTorch user would write the net.
"""
import ctypes
import json
import sys
import time

import torch
import torch.nn.functional as F


def resident(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field + ":")) / 1024


class Weights:
    """Reads blobs, float32 one after the other in the order of the net, and keeps them as parameters to train."""

    def __init__(self, path, memory_format, frozen=False):
        self.file = open(path, "rb")
        self.memory_format = memory_format
        # Whether BatchNorm takes the statistics that it has, and not the batch's.
        self.frozen = frozen
        self.groups = {}

    def read(self, shape):
        value = torch.empty(shape)
        self.file.readinto(memoryview(value.numpy()).cast("B"))
        return value

    def parameter(self, shape, layer, index):
        value = self.read(shape)
        if value.dim() == 4:
            value = value.contiguous(memory_format=self.memory_format)
        spec = layer["param"]["param"][index] if index < len(layer["param"]["param"]) else {}
        multipliers = (spec.get("lr_mult", 1), spec.get("decay_mult", 1))
        return self.add(value, *multipliers)

    def add(self, value, lr_mult, decay_mult):
        value.requires_grad_()
        self.groups.setdefault((lr_mult, decay_mult), []).append(value)
        return value


def fields(layer, name, **defaults):
    """The settings of a layer; one that is not in `defaults` would be left out in silence, so it is an error."""
    given = {key: value for key, value in layer["param"].get(name, {}).items() if value != [] and "filler" not in key}
    unknown = set(given) - set(defaults)
    if unknown:
        raise ValueError(f"{layer['name']}: {', '.join(unknown)} is not known here")
    values = {**defaults, **given}
    return {key: value[0] if isinstance(value, list) else value for key, value in values.items()}


def quantized_weight(weight, axis):
    """8 bit, symmetric; `axis` None: one scale for all."""
    if axis is None:
        scale = weight.detach().abs().max() / 127
        return torch.fake_quantize_per_tensor_affine(weight, scale, torch.zeros(1, dtype=torch.int32), -128, 127)
    others = [dim for dim in range(weight.dim()) if dim != axis]
    scale = weight.detach().abs().amax(others) / 127
    return torch.fake_quantize_per_channel_affine(weight, scale, torch.zeros_like(scale).int(), axis, -128, 127)


def product(layer, x_shape, weights, quantization):
    """Convolution, Deconvolution and InnerProduct."""
    transposed = layer["type"] == "Deconvolution"
    if layer["type"] == "InnerProduct":
        s = fields(layer, "inner_product_param", num_output=None, bias_term=True)
        shape, axis = [s["num_output"], x_shape[1:].numel()], None
        compute = lambda x, w, b: F.linear(x.flatten(1), w, b)
    else:
        s = fields(layer, "convolution_param", num_output=None, bias_term=True, kernel_size=None, stride=1, pad=0, group=1)
        sides = (x_shape[1], s["num_output"] // s["group"]) if transposed else (s["num_output"], x_shape[1] // s["group"])
        shape, axis = [*sides, s["kernel_size"], s["kernel_size"]], 1 if transposed else 0
        if transposed:
            compute = lambda x, w, b: F.conv_transpose2d(x, w, b, s["stride"], s["pad"], groups=s["group"])
        else:
            compute = lambda x, w, b: F.conv2d(x, w, b, s["stride"], s["pad"], groups=s["group"])
    weight = weights.parameter(shape, layer, 0)
    bias = weights.parameter([s["num_output"]], layer, 1) if s["bias_term"] else None
    if quantization is None:
        return lambda x: compute(x, weight, bias)
    axis = axis if quantization["channelWise"] else None
    return lambda x: compute(x, quantized_weight(weight, axis), bias)


def batch_norm(layer, scale, channels, weights):
    """BatchNorm and the Scale behind it."""
    s = fields(layer, "batch_norm_param", moving_average_fraction=0.999)
    fields(scale, "scale_param", bias_term=True)
    mean, variance, factor = weights.read([channels]), weights.read([channels]), weights.read([1])
    gamma = weights.parameter([channels], scale, 0)
    beta = weights.parameter([channels], scale, 1)
    if weights.frozen:
        mean, variance = mean / factor, variance / factor
        return lambda x: F.batch_norm(x, mean, variance, gamma, beta, False, 0, 1e-5)
    return lambda x: F.batch_norm(x, mean, variance, gamma, beta, True, 1 - s["moving_average_fraction"], 1e-5)


def pooling(layer):
    s = fields(layer, "pooling_param", pool="MAX", kernel_size=None, stride=1, global_pooling=False)
    if s["pool"] == "AVE" and s["global_pooling"]:
        return lambda x: F.adaptive_avg_pool2d(x, 1)
    if s["pool"] == "AVE" and s["kernel_size"] == s["stride"]:
        return lambda x: F.avg_pool2d(x, s["kernel_size"])
    if s["pool"] != "MAX" or s["global_pooling"]:
        raise ValueError(f"{layer['name']}: such a pooling is not known here")
    return lambda x: F.max_pool2d(x, s["kernel_size"], s["stride"], ceil_mode=True)


def lrn(layer):
    s = fields(layer, "lrn_param", local_size=5, alpha=1.0, beta=0.75)
    return lambda x: F.local_response_norm(x, s["local_size"], s["alpha"], s["beta"], 1.0)


def eltwise(layer):
    """A sum, into the bottom of the longer way."""
    fields(layer, "eltwise_param")
    return add_in_place


def concat(layer):
    fields(layer, "concat_param")
    return lambda *xs: torch.cat(xs, 1)


def softmax_with_loss(layer):
    fields(layer, "softmax_param")
    fields(layer, "loss_param")
    return lambda x, label: F.cross_entropy(x, label)


def euclidean_loss(layer):
    return lambda x, y: F.mse_loss(x, y, reduction="sum") / (2 * len(x))


def relu(layer):
    fields(layer, "relu_param")
    return F.relu_ if layer["param"]["bottom"] == layer["param"]["top"] else F.relu


def add_in_place(a, b):
    return b.add_(a)


# What is written over the bottom of this number.
IN_PLACE = {F.relu_: 0, add_in_place: 1}
PLAIN = {"Pooling": pooling, "LRN": lrn, "Eltwise": eltwise, "Concat": concat, "SoftmaxWithLoss": softmax_with_loss, "EuclideanLoss": euclidean_loss, "ReLU": relu}


def data_quantizer(quantizer, clip, weights, scales_gradients):
    """Learnable fake quantization, 8 bit; its gradients scaled as LSQ has it, by 1 / sqrt(127 * elements), or not."""
    step = (clip["max"] - clip["min"]) / 255
    scale = weights.add(torch.tensor([step]), quantizer.get("lrMult", 1), quantizer.get("decayMult", 0))
    zero = weights.add(torch.tensor([float(round(-clip["min"] / step) - 128)]), quantizer.get("lrMult", 1), quantizer.get("decayMult", 0))
    factor = lambda x: (127 * x.numel()) ** -0.5 if scales_gradients else 1.0
    return lambda x: torch._fake_quantize_learnable_per_tensor_affine(x, scale, zero, -128, 127, factor(x))


def label_shape(shape):
    """[N] of [N], [N, H, W] of Caffe's [N, 1, H, W]."""
    return [shape[0], *shape[2:]]


def build(net, shapes, weights, is_quantized):
    """Steps (compute, bottoms, top, blobs to let go). The shapes that weights need come from running each on one image."""
    planned = {layer["name"]: layer for layer in net["plan"]["layers"]} if is_quantized else {}
    quantizers = {quantizer["name"]: quantizer for quantizer in net["plan"]["quantizers"]}
    tried = {"data": torch.zeros([1, *shapes["data"][1:]]), "label": torch.zeros(label_shape([1, *shapes["label"][1:]])).long()}
    steps = []

    def add(compute, bottoms, top):
        with torch.no_grad():
            tried[top] = compute(*[tried[bottom].clone() for bottom in bottoms])
        steps.append((compute, bottoms, top))

    layers = iter(net["layers"])
    for layer in layers:
        if not layer["bottoms"] or not layer["tops"]:
            continue
        bottoms, top = layer["bottoms"], layer["tops"][0]
        quantization = planned.get(layer["name"])
        if quantization is not None:
            top_quantized = f"quantized/{quantization['quantizer']}"
            if top_quantized not in tried:
                clip = net.get("clips", {}).get(quantization["quantizer"], net["clip"])
                quantizer = quantizers[quantization["quantizer"]]
                add(data_quantizer(quantizer, clip, weights, "clips" in net), bottoms, top_quantized)
            bottoms = [top_quantized]
        kind, shape = layer["type"], tried[bottoms[0]].shape
        if kind in ("Convolution", "Deconvolution", "InnerProduct"):
            add(product(layer, shape, weights, quantization), bottoms, top)
        elif kind == "BatchNorm":
            scale = next(layers)
            if scale["type"] != "Scale" or scale["bottoms"] != layer["tops"]:
                raise ValueError(f"{layer['name']}: a BatchNorm without a Scale is not known here")
            add(batch_norm(layer, scale, shape[1], weights), bottoms, scale["tops"][0])
        else:
            add(PLAIN[kind](layer), bottoms, top)
    last = {bottom: i for i, (_, bottoms, _) in enumerate(steps) for bottom in bottoms}
    freeing = [(*step, {bottom for bottom in step[1] if last[bottom] == i}) for i, step in enumerate(steps)]
    for compute, bottoms, top, freed in freeing:
        if compute in IN_PLACE and bottoms[IN_PLACE[compute]] not in freed:
            raise ValueError(f"{top} is written over a blob that is read again")
    return freeing


def measure(request, path, layout):
    torch.set_num_threads(request["threads"])
    memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    shapes, solver = request["shapes"], request["solver"]
    weights = Weights(path, memory_format)
    steps = build(request["net"], shapes, weights, request["kind"] == "QAT")
    if weights.file.read(1):
        raise ValueError("weights are left over")
    optimizer = torch.optim.SGD(
        [
            {"params": values, "lr": solver["rate"] * lr, "weight_decay": solver["weightDecay"] * decay}
            for (lr, decay), values in weights.groups.items()
        ],
        lr=solver["rate"],
        momentum=solver["momentum"],
    )
    data = torch.arange(torch.Size(shapes["data"]).numel(), dtype=torch.float64).mul_(0.37).sin_().mul_(2).float()
    data = data.reshape(shapes["data"]).contiguous(memory_format=memory_format)
    label = torch.arange(torch.Size(shapes["label"]).numel()).mul_(61).remainder_(request["classes"])
    label = label.reshape(label_shape(shapes["label"]))
    before = resident("VmRSS")
    times, losses = [], []
    for _ in range(request["warmUp"] + request["steps"]):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        blobs = {"data": data, "label": label}
        for compute, bottoms, top, freed in steps:
            inputs = [blobs[bottom] for bottom in bottoms]
            for bottom in freed:
                del blobs[bottom]
            blobs[top] = compute(*inputs)
            del inputs
        blobs["loss"].backward()
        optimizer.step()
        losses.append(blobs["loss"].item())
        times.append((time.perf_counter() - start) * 1000)
    return {"times": times[request["warmUp"] :], "losses": losses, "before": before, "peak": resident("VmHWM")}


def blas():
    """What multiplies matrices. Debian's PyTorch takes the system's libblas.so.3, which may be the slow reference one."""
    if torch.backends.mkl.is_available():
        return "MKL"
    with open("/proc/self/maps") as maps:
        libraries = {line.split()[-1] for line in maps if "blas" in line.rsplit("/", 1)[-1]}
    for library in libraries:
        try:
            config = ctypes.CDLL(library).openblas_get_config
        except AttributeError:
            continue
        config.restype = ctypes.c_char_p
        return " ".join(config().decode().split()[:2])
    return None


if __name__ == "__main__":
    if sys.argv[1:] == ["versions"]:
        print(json.dumps({"torch": torch.__version__, "blas": blas()}))
    else:
        print(json.dumps(measure(json.load(sys.stdin), *sys.argv[1:])))
