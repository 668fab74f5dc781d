"""Rules that move by a sign: signSGD, Signum, Lion, Tiger."""

import numpy as np
import optax
import pytorch_optimizer
import timm.optim
from harness import optax_run, per_tensor, rule, torch_run

sign = np.sign


def signum(x, gradients, delta, beta, decay):
    """Bernstein et al. 2018, algorithm 2; beta 0 is signSGD, algorithm 1. Tiger is the same rule."""
    m = np.zeros_like(x)
    for g in gradients:
        m = beta * m + (1 - beta) * g
        x = x - delta * (sign(m) + decay * x)
        yield x


rule(
    "sign-sgd",
    "optax.sign_sgd 0.2.8",
    hyper={"learningRate": 1e-3},
    cases={"learning rate 0.1": {"learningRate": 0.1}},
    oracle=lambda h: optax_run(optax.sign_sgd(h.learningRate)),
    checks=[lambda h: per_tensor(signum, delta=h.learningRate, beta=0.0, decay=0.0)],
)
rule(
    "signum",
    "optax.chain(ema without debias, scale_by_sign, add_decayed_weights) 0.2.8; without decay this is optax.signum",
    hyper={"learningRate": 1e-3, "beta": 0.9, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "beta": {"beta": 0.5},
        "all": {"learningRate": 0.05, "beta": 0.99, "weightDecay": 0.3},
    },
    oracle=lambda h: optax_run(
        optax.chain(
            optax.ema(h.beta, debias=False),
            optax.scale_by_sign(),
            optax.add_decayed_weights(h.weightDecay),
            optax.scale_by_learning_rate(h.learningRate),
        )
    ),
    checks=[
        lambda h: per_tensor(signum, delta=h.learningRate, beta=h.beta, decay=h.weightDecay),
        lambda h: None if h.weightDecay else optax_run(optax.signum(h.learningRate, h.beta)),
    ],
)
rule(
    "tiger",
    "pytorch_optimizer.Tiger 4.1.0",
    hyper={"learningRate": 1e-3, "beta": 0.965, "weightDecay": 0.01},
    cases={
        "no weight decay": {"weightDecay": 0.0},
        "all": {"learningRate": 0.05, "beta": 0.9, "weightDecay": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: pytorch_optimizer.Tiger(p, h.learningRate, beta=h.beta, weight_decay=h.weightDecay)
    ),
    checks=[lambda h: per_tensor(signum, delta=h.learningRate, beta=h.beta, decay=h.weightDecay)],
)


def lion(theta, gradients, eta, beta1, beta2, decay):
    """Chen et al. 2023, algorithm 2."""
    m = np.zeros_like(theta)
    for g in gradients:
        c = beta1 * m + (1 - beta1) * g
        theta = theta - eta * (sign(c) + decay * theta)
        m = beta2 * m + (1 - beta2) * g
        yield theta


rule(
    "lion",
    "timm.optim.Lion 1.0.31",
    hyper={"learningRate": 1e-4, "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "betas": {"beta1": 0.5, "beta2": 0.8},
        "beta2 below beta1": {"beta1": 0.9, "beta2": 0.7},
        "all": {"learningRate": 0.05, "beta1": 0.95, "beta2": 0.98, "weightDecay": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: timm.optim.Lion(p, h.learningRate, betas=(h.beta1, h.beta2), weight_decay=h.weightDecay)
    ),
    checks=[
        lambda h: per_tensor(lion, eta=h.learningRate, beta1=h.beta1, beta2=h.beta2, decay=h.weightDecay),
        lambda h: optax_run(optax.lion(h.learningRate, h.beta1, h.beta2, weight_decay=h.weightDecay)),
    ],
)
