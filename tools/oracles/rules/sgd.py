"""Gradient descent, SGD with momentum, SGDW."""

import timm.optim
import torch
from harness import per_tensor, rule, torch_run


def sgd(x, gradients, lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, decoupled=False):
    """Sutskever et al. 2013 in PyTorch's form: the learning rate stays outside of the velocity.

    decoupled: Loshchilov and Hutter 2019, algorithm 1, with the decay times the learning rate.
    """
    v = None
    for g in gradients:
        if decoupled:
            x = (1 - lr * weight_decay) * x
        else:
            g = g + weight_decay * x
        if momentum:
            v = g if v is None else momentum * v + (1 - dampening) * g
            g = g + momentum * v if nesterov else v
        x = x - lr * g
        yield x


rule(
    "gradient-descent",
    "torch.optim.SGD 2.14.1 without momentum",
    hyper={"learningRate": 1e-3},
    cases={"learning rate 0.1": {"learningRate": 0.1}},
    oracle=lambda h: torch_run(lambda p: torch.optim.SGD(p, lr=h.learningRate)),
    checks=[lambda h: per_tensor(sgd, lr=h.learningRate)],
)

arguments = lambda h: {
    "lr": h.learningRate,
    "momentum": h.momentum,
    "dampening": h.dampening,
    "weight_decay": h.weightDecay,
    "nesterov": h.nesterov,
}
variants = {
    "weight decay": {"weightDecay": 0.1},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9, "nesterov": True},
    "dampening": {"momentum": 0.9, "dampening": 0.5},
    "dampening without momentum": {"dampening": 0.5},
    "momentum, weight decay": {"momentum": 0.9, "weightDecay": 0.1, "learningRate": 0.05},
    "nesterov, weight decay": {"momentum": 0.9, "weightDecay": 0.1, "learningRate": 0.05, "nesterov": True},
    "all": {"momentum": 0.8, "dampening": 0.3, "weightDecay": 0.1, "learningRate": 0.05},
}
rule(
    "sgd",
    "torch.optim.SGD 2.14.1",
    hyper={"learningRate": 1e-3, "momentum": 0.0, "dampening": 0.0, "weightDecay": 0.0},
    options={"nesterov": False},
    cases=variants,
    oracle=lambda h: torch_run(lambda p: torch.optim.SGD(p, **arguments(h))),
    checks=[lambda h: per_tensor(sgd, **arguments(h))],
)
rule(
    "sgdw",
    "timm.optim.SGDW 1.0.31 (decay times the learning rate)",
    hyper={"learningRate": 1e-3, "momentum": 0.0, "dampening": 0.0, "weightDecay": 0.0},
    options={"nesterov": False},
    cases=variants,
    oracle=lambda h: torch_run(lambda p: timm.optim.SGDW(p, **arguments(h))),
    checks=[lambda h: per_tensor(sgd, **arguments(h), decoupled=True)],
)
