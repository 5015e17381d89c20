"""The training steps of train-step.ts in PyTorch: <threads> <net> <steps>; prints milliseconds as JSON."""
import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

threads, net, steps = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)


class Quantized(nn.Module):
    """A layer with learnable fake-quantization of its input (8 bit) and fake-quantization of its weights per channel."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = nn.Parameter(torch.tensor([12.0 / 255]))
        self.zero = nn.Parameter(torch.tensor([0.0]))

    def forward(self, x):
        x = torch._fake_quantize_learnable_per_tensor_affine(x, self.scale, self.zero, -128, 127, 1.0)
        w = self.layer.weight
        scale = w.detach().abs().flatten(1).amax(1) / 127
        w = torch.fake_quantize_per_channel_affine(w, scale, torch.zeros_like(scale).int(), 0, -128, 127)
        if isinstance(self.layer, nn.Conv2d):
            return F.conv2d(x, w, None, self.layer.stride, self.layer.padding, 1, self.layer.groups)
        return F.linear(x, w, self.layer.bias)


def maybe(layer, quantized):
    return Quantized(layer) if quantized else layer


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, quantized):
        super().__init__()
        self.a = maybe(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), quantized)
        self.an = nn.BatchNorm2d(outputs)
        self.b = maybe(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), quantized)
        self.bn = nn.BatchNorm2d(outputs)
        self.s = maybe(nn.Conv2d(inputs, outputs, 1, stride, bias=False), quantized) if stride > 1 else None
        self.sn = nn.BatchNorm2d(outputs) if stride > 1 else None

    def forward(self, x):
        y = F.relu(self.an(self.a(x)))
        y = self.bn(self.b(y))
        return F.relu(y + (self.sn(self.s(x)) if self.s is not None else x))


def resnet(quantized):
    layers = [maybe(nn.Conv2d(3, 64, 7, 2, 3, bias=False), quantized), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 0, ceil_mode=True)]
    inputs = 64
    for stage, outputs in enumerate([64, 128, 256, 512]):
        for block in range(2):
            layers.append(Block(inputs, outputs, 2 if stage > 0 and block == 0 else 1, quantized))
            inputs = outputs
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), maybe(nn.Linear(512, 1000), quantized)]
    return nn.Sequential(*layers)


def mobilenet(quantized):
    def convolution(inputs, outputs, kernel, stride, groups):
        layer = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False)
        return [maybe(layer, quantized), nn.BatchNorm2d(outputs), nn.ReLU()]

    layers = convolution(3, 32, 3, 2, 1)
    inputs = 32
    for i, outputs in enumerate([64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]):
        layers += convolution(inputs, inputs, 3, 2 if outputs > inputs and i > 0 else 1, inputs)
        layers += convolution(inputs, outputs, 1, 1, 1)
        inputs = outputs
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), maybe(nn.Linear(1024, 1000), quantized)]
    return nn.Sequential(*layers)


def run(quantized):
    model = {"ResNet-18": resnet, "MobileNet": mobilenet}[net](quantized)
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, weight_decay=1e-4)
    x = torch.sin(torch.arange(16 * 3 * 224 * 224) * 0.37).reshape(16, 3, 224, 224) * 2
    y = (torch.arange(16) * 61) % 1000
    times = []
    for step in range(steps + 2):
        start = time.perf_counter()
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        times.append((time.perf_counter() - start) * 1000)
    return times[2:]


print(json.dumps({"float": run(False), "quantized": run(True)}))
