"""PyTorch's side of prove.ts: retrains a net with learnable fake quantization, by the recipe that ours is retrained by.

torch-qat.py <weights> <folder of Fashion-MNIST's idx files>: reads a request from stdin (torch-side.ts) and prints the
loss and the accuracy, on all test images, before and after, and the seconds that training took. BatchNorm stays on its
statistics. The layers are those of torch-step.py.
"""
import gzip
import importlib.util
import json
import pathlib
import sys
import time

import torch

SCRIPT = pathlib.Path(__file__).parent.parent / "benchmarks" / "torch-step.py"
spec = importlib.util.spec_from_file_location("torch_step", SCRIPT)
torch_step = importlib.util.module_from_spec(spec)
spec.loader.exec_module(torch_step)


def images(folder, name):
    """Images, scaled by 1/256, and labels."""
    with gzip.open(f"{folder}/{name}-images-idx3-ubyte.gz") as file:
        pixels = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8)
    with gzip.open(f"{folder}/{name}-labels-idx1-ubyte.gz") as file:
        labels = torch.frombuffer(bytearray(file.read()[8:]), dtype=torch.uint8)
    return pixels.reshape(-1, 1, 28, 28), labels.long()


def forward(steps, data, label):
    """All blobs that are not let go; what the last step reads is in `inputs`."""
    blobs = {"data": data, "label": label}
    for compute, bottoms, top, freed in steps:
        inputs = [blobs[bottom] for bottom in bottoms]
        for bottom in freed:
            del blobs[bottom]
        blobs[top] = compute(*inputs)
    return blobs[top], inputs[0]


def evaluate(steps, pixels, labels, batch):
    loss, right = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(labels), batch):
            label = labels[start : start + batch]
            value, scores = forward(steps, pixels[start : start + batch].float() / 256, label)
            loss += value.item()
            if scores.dim() == 2:
                right += (scores.argmax(1) == label).sum().item()
    return {"loss": loss * batch / len(labels), "accuracy": right / len(labels)}


def main():
    weights_file, folder = sys.argv[1:]
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    torch.manual_seed(0)
    weights = torch_step.Weights(weights_file, torch.contiguous_format, frozen=True)
    shapes = {"data": [request["batch"], 1, 28, 28], "label": [request["batch"]]}
    steps = torch_step.build(request["net"], shapes, weights, True)
    pixels, labels = images(folder, "train")
    test = images(folder, "t10k")
    rate, iterations = request["rate"], request["iterations"]
    groups = [
        {"params": values, "lr": rate * lr, "weight_decay": request["weightDecay"] * decay}
        for (lr, decay), values in weights.groups.items()
    ]
    optimizer = torch.optim.SGD(groups, lr=rate, momentum=0.9)
    milestones = [round(iterations * part) for part in (0.6, 0.9)]
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones, gamma=0.1)
    before = evaluate(steps, *test, 100)
    start = time.perf_counter()
    for i in range(iterations):
        at = torch.arange(i * request["batch"], (i + 1) * request["batch"]) % len(labels)
        optimizer.zero_grad(set_to_none=True)
        loss, _ = forward(steps, pixels[at].float() / 256, labels[at])
        loss.backward()
        optimizer.step()
        schedule.step()
    seconds = time.perf_counter() - start
    print(json.dumps({"before": before, "after": evaluate(steps, *test, 100), "seconds": seconds}))


main()
