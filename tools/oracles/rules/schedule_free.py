"""Schedule-Free SGD and AdamW: the parameters are y, where gradients are taken; the view is x, the average."""

import numpy as np
import schedulefree
from harness import per_tensor, rule, torch_run

SOURCE = "schedulefree.{} 1.4.1, the authors' code; the view is x = y + (1 - 1/beta) (z - y), as its eval()"


def schedule_free(y, gradients, gamma, beta, weight_decay, T_warmup, r, power, beta2=None, eps=0.0):
    """Defazio et al. 2024, algorithm 1 with x, y and z all kept, as the paper writes it; yields y and x.

    With beta2 the AdamW form: gradients over the root of their second moment. Decay is added at y.
    """
    x = y
    z = y
    v = np.zeros_like(y)
    weights = largest = 0.0
    for t, g in enumerate(gradients, 1):
        gamma_t = gamma * min(1, t / T_warmup) if T_warmup else gamma
        largest = max(largest, gamma_t)
        w = t**r * largest**power
        weights = weights + w
        c = w / weights if weights else 0.0
        if beta2 is not None:
            v = beta2 * v + (1 - beta2) * g**2
            g = g / (np.sqrt(v / (1 - beta2**t)) + eps)
        z = z - gamma_t * (g + weight_decay * y)
        x = (1 - c) * x + c * z
        y = (1 - beta) * z + beta * x
        yield y, x


def train(optimizer):
    optimizer.train()
    return optimizer


def averages(beta):
    """Reads x without the rounding that eval() and train() would leave in y."""

    def view(optimizer, parameters):
        x = {k: p.lerp(optimizer.state[p]["z"], 1 - 1 / beta) for k, p in parameters.items()}
        return {k: v.detach().numpy().copy() for k, v in x.items()}

    return view


paper = lambda h: {
    "gamma": h.learningRate,
    "weight_decay": h.weightDecay,
    "T_warmup": h.warmupSteps,
    "r": h.r,
    "power": h.weightLrPower,
}
theirs = lambda h: {
    "lr": h.learningRate,
    "weight_decay": h.weightDecay,
    "warmup_steps": h.warmupSteps,
    "r": h.r,
    "weight_lr_power": h.weightLrPower,
}
AVERAGE = {"weightDecay": 0.0, "warmupSteps": 0, "r": 0.0, "weightLrPower": 2.0}
variants = {
    "weight decay": {"weightDecay": 0.1, "learningRate": 0.01},
    "warmup": {"warmupSteps": 30},
    "r": {"r": 1.5},
    "learning rate 0": {"learningRate": 0.0},
    "warmup, weightLrPower 0": {"warmupSteps": 30, "weightLrPower": 0.0},
}
rule(
    "schedule-free-sgd",
    SOURCE.format("SGDScheduleFree"),
    hyper={"learningRate": 1.0, "momentum": 0.9, **AVERAGE},
    cases={
        **variants,
        "all": {
            "learningRate": 0.05,
            "momentum": 0.8,
            "weightDecay": 0.1,
            "warmupSteps": 15,
            "r": 0.5,
            "weightLrPower": 1.0,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: train(schedulefree.SGDScheduleFree(p, momentum=h.momentum, **theirs(h))),
        view=averages(h.momentum),
    ),
    checks=[lambda h: per_tensor(schedule_free, beta=h.momentum, **paper(h))],
    tolerance=1e-12,
)
rule(
    "schedule-free-adamw",
    SOURCE.format("AdamWScheduleFree"),
    hyper={"learningRate": 0.0025, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **AVERAGE},
    cases={
        **variants,
        "all": {
            "learningRate": 0.05,
            "beta1": 0.8,
            "beta2": 0.98,
            "epsilon": 1e-6,
            "weightDecay": 0.1,
            "warmupSteps": 15,
            "r": 0.5,
            "weightLrPower": 1.0,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: train(schedulefree.AdamWScheduleFree(p, betas=(h.beta1, h.beta2), eps=h.epsilon, **theirs(h))),
        view=averages(h.beta1),
    ),
    checks=[lambda h: per_tensor(schedule_free, beta=h.beta1, beta2=h.beta2, eps=h.epsilon, **paper(h))],
    tolerance=1e-12,
)
