"""Losses and Accuracy. Sources: the layers' .cpp and loss_layer.hpp in BVLC's Caffe; smooth_L1_loss_layer.cpp of SSD."""

import torch

from caffe import canonical, check, count, f32

FLT_MIN = torch.finfo(torch.float32).tiny


def normalizer(p, outer, inner, valid, default="VALID"):
    """LossLayer's GetNormalizer."""
    legacy = default if p.get("normalize") is None else "VALID" if p["normalize"] else "BATCH_SIZE"
    by = p.get("normalization", legacy)
    return max(1, {"FULL": outer * inner, "VALID": valid, "BATCH_SIZE": outer, "NONE": 1}[by])


class Classified:
    """Scores as [outer, classes, inner] beside labels [outer, inner], of which some do not count."""

    def __init__(self, x, labels, axis, ignore, is_loss=True):
        axis = canonical(axis, x.dim())
        check(not is_loss or (labels.dim() > 0 and labels.shape[0] == x.shape[0]))
        self.outer, self.classes, self.inner = count(x.shape[:axis]), x.shape[axis], count(x.shape[axis + 1 :])
        check(labels.numel() == self.outer * self.inner)
        self.scores = x.reshape(self.outer, self.classes, self.inner)
        self.labels = labels.reshape(self.outer, self.inner).long()
        self.counted = torch.ones_like(self.labels, dtype=torch.bool) if ignore is None else self.labels != ignore
        self.safe = torch.where(self.counted, self.labels, torch.zeros_like(self.labels))

    def of_label(self, values):
        return values.gather(1, self.safe.unsqueeze(1)).squeeze(1)


def softmax_with_loss(case):
    x, labels = case.bottoms
    p = case.param("loss_param")
    c = Classified(x, labels, case.param("softmax_param").get("axis", 1), p.get("ignore_label"))
    losses = -c.of_label(c.scores.log_softmax(1)) * c.counted
    loss = losses.sum() / normalizer(p, c.outer, c.inner, int(c.counted.sum()))
    return [loss, c.scores.softmax(1).reshape(x.shape).detach()][: case.tops]


def infogain_loss(case):
    x, labels, gain = case.bottoms
    p = case.param("loss_param")
    c = Classified(x, labels, case.param("infogain_loss_param").get("axis", 1), p.get("ignore_label"))
    check(gain.numel() == c.classes**2)
    rows = gain.reshape(c.classes, c.classes)[c.safe].permute(0, 2, 1)
    losses = -(rows * c.scores.log_softmax(1)).sum(1) * c.counted
    return [losses.sum() / normalizer(p, c.outer, c.inner, int(c.counted.sum()))]


def accuracy(case):
    x, labels = case.bottoms
    p = case.param("accuracy_param")
    axis = canonical(p.get("axis", 1), x.dim())
    k = p.get("top_k", 1)
    c = Classified(x, labels, axis, p.get("ignore_label"), False)
    check(k <= x.numel() // labels.numel())
    better = (c.scores >= c.of_label(c.scores).unsqueeze(1)).sum(1) - 1
    hit = (better < k) & c.counted
    tops = [hit.sum().double() / max(1, int(c.counted.sum()))]
    if case.tops > 1:
        rows = []
        for label in range(c.classes):
            own = (c.labels == label) & c.counted
            rows.append((hit & own).sum().double() / max(1, int(own.sum())))
        tops.append(torch.stack(rows))
    return tops


def of_image(x, labels):
    check(labels.numel() == x.shape[0])
    rows = x.reshape(x.shape[0], -1)
    return rows, labels.flatten().long()


def hinge_loss(case):
    rows, labels = of_image(*case.bottoms)
    side = torch.nn.functional.one_hot(labels, rows.shape[1]) * 2 - 1
    margin = (1 - side * rows).clamp(min=0)
    square = case.param("hinge_loss_param").get("norm", "L1") == "L2"
    return [(margin**2 if square else margin).sum() / rows.shape[0]]


def multinomial_logistic_loss(case):
    rows, labels = of_image(*case.bottoms)
    return [-rows.gather(1, labels.unsqueeze(1)).clamp(min=1e-20).log().sum() / rows.shape[0]]


class Contrastive(torch.autograd.Function):
    """The gradient of the pairs that do not belong together divides by the distance plus 1e-4."""

    @staticmethod
    def forward(context, a, b, similar, margin, legacy):
        d = a - b
        square = (d * d).sum(1, True)
        gap = (margin - (square if legacy else square.sqrt())).clamp(min=0)
        context.save_for_backward(d, similar, gap, square)
        context.legacy = legacy
        return torch.where(similar, square, gap if legacy else gap**2).sum() / a.shape[0] / 2

    @staticmethod
    def backward(context, weight):
        d, similar, gap, square = context.saved_tensors
        pull = -(gap > 0).double() if context.legacy else -gap / (square.sqrt() + 1e-4)
        da = weight / d.shape[0] * torch.where(similar, torch.ones_like(pull), pull) * d
        return da, -da, None, None, None


def contrastive_loss(case):
    a, b, labels = case.bottoms
    for x in (a, b):
        check(all(n == 1 for n in x.shape[2:]))
    check(a.shape[:2] == b.shape[:2] and all(n == 1 for n in labels.shape[1:]))
    p = case.param("contrastive_loss_param")
    similar = labels.reshape(-1, 1) != 0
    flat = [x.reshape(x.shape[:2]) for x in (a, b)]
    return [Contrastive.apply(*flat, similar, f32(p.get("margin", 1)), p.get("legacy_version", False))]


def distillation_loss(case):
    """This project's own: the Kullback-Leibler divergence of the teacher's classes (axis 1), a mean over the positions."""
    x, teacher = case.bottoms
    divergence = teacher.softmax(1) * (teacher.log_softmax(1) - x.log_softmax(1))
    return [divergence.sum() / (x.numel() // x.shape[1])]


def euclidean_loss(case):
    a, b = case.bottoms
    check(a.shape[0] == b.shape[0] and a.numel() == b.numel())
    return [((a - b.reshape(a.shape)) ** 2).sum() / a.shape[0] / 2]


def sigmoid_cross_entropy_loss(case):
    x, targets = case.bottoms
    check(x.shape[0] == targets.shape[0] and x.numel() == targets.numel())
    p = case.param("loss_param")
    t = targets.reshape(x.shape)
    ignore = p.get("ignore_label")
    counted = torch.ones_like(t, dtype=torch.bool) if ignore is None else t.long() != ignore
    losses = torch.nn.functional.binary_cross_entropy_with_logits(x, t, reduction="none") * counted
    divisor = normalizer(p, x.shape[0], x[0].numel(), int(counted.sum()), "BATCH_SIZE")
    return [losses.sum() / divisor]


def smooth_l1_loss(case):
    a, b = case.bottoms
    check(a.shape == b.shape)
    sigma2 = f32(case.param("smooth_l1_loss_param").get("sigma", 1)) ** 2
    d = a - b
    return [torch.where(d.abs() < 1 / sigma2, d * d * sigma2 / 2, d.abs() - 0.5 / sigma2).sum() / a.shape[0]]


LAYERS = {
    "Accuracy": accuracy,
    "ContrastiveLoss": contrastive_loss,
    "DistillationLoss": distillation_loss,
    "EuclideanLoss": euclidean_loss,
    "HingeLoss": hinge_loss,
    "InfogainLoss": infogain_loss,
    "MultinomialLogisticLoss": multinomial_logistic_loss,
    "SigmoidCrossEntropyLoss": sigmoid_cross_entropy_loss,
    "SmoothL1Loss": smooth_l1_loss,
    "SoftmaxWithLoss": softmax_with_loss,
}
