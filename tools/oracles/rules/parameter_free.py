"""Rules that set their own step size from sums over all tensors: Polyak, Prodigy, D-Adaptation, DoG."""

from math import sqrt

import dadaptation
import dog as authors_of_dog
import numpy as np
import optax
import prodigyopt
from harness import all_tensors, optax_run, rule, torch_run

# ---------- Polyak ----------


def polyak(x, gradients, values, scale, f_min, gamma_b, eps, variant):
    """Loizou et al. 2021, SPS_max with c = 1; all tensors as one vector. No step where the gradient is zero."""
    for g, f in zip(gradients, values):
        gap = max(f - f_min, 0) if variant == "sps+" else f - f_min
        squared = g @ g + eps
        if squared > 2.0**-52:
            x = x - scale * min(gap / squared, gamma_b) * g
        yield x


rule(
    "polyak",
    "optax.scale_by_polyak 0.2.8, then the learning rate (optax.polyak_sgd scales the gradient first, so that its "
    "scaling divides the step); the loss values are those of gradients.json",
    hyper={"learningRate": 1.0, "maxLearningRate": 1.0, "fMin": 0.0, "epsilon": 0.0},
    options={"variant": "sps"},
    cases={
        "max learning rate": {"maxLearningRate": 1e-3},
        "minimum": {"fMin": 10.0},
        "minimum, sps+": {"fMin": 10.0, "variant": "sps+"},
        "zero gradient below the minimum": {"fMin": 100.0, "on": {"first": 40}},
        "epsilon": {"epsilon": 100.0},
        "all": {
            "learningRate": 0.5,
            "maxLearningRate": 0.01,
            "fMin": 1.0,
            "epsilon": 1.0,
            "variant": "sps+",
        },
    },
    oracle=lambda h: optax_run(
        optax.chain(
            optax.scale_by_polyak(h.fMin, h.maxLearningRate, h.epsilon, h.variant),
            optax.scale_by_learning_rate(h.learningRate),
        ),
        extra=lambda value, gradient: {"value": value},
    ),
    checks=[
        lambda h: all_tensors(
            polyak,
            scale=h.learningRate,
            f_min=h.fMin,
            gamma_b=h.maxLearningRate,
            eps=h.epsilon,
            variant=h.variant,
        )
    ],
)

# ---------- Prodigy ----------


def prodigy(
    x,
    gradients,
    values,
    gamma,
    beta1,
    beta2,
    beta3,
    eps,
    decay,
    d0,
    d_coef,
    growth_rate,
    correct,
    warmup,
    decouple,
):
    """Mishchenko and Defazio 2024, algorithm 4, in the authors' code's form; all tensors as one vector."""
    x0 = x
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    s = np.zeros_like(x)
    r = 0.0
    d = largest = d0
    for k, g in enumerate(gradients):
        if not decouple:
            g = g + decay * x
        bias = sqrt(1 - beta2 ** (k + 1)) / (1 - beta1 ** (k + 1)) if correct else 1.0
        step = d * gamma * bias
        m = beta1 * m + (1 - beta1) * d * g
        v = beta2 * v + (1 - beta2) * d**2 * g**2
        r = beta3 * r + d / d0 * step * (g @ (x0 - x))
        s = beta3 * s + d / d0 * (d if warmup else step) * g
        d_hat = d_coef * r / np.sum(np.abs(s)) if np.any(s) else 0.0
        if d == d0:
            d = max(d, d_hat)
        largest = max(largest, d_hat)
        d = min(largest, d * growth_rate)
        if decouple:
            x = x - step * decay * x
        x = x - step * m / (np.sqrt(v) + d * eps)
        yield x


def growth(h):
    """The growth rate, whose default is infinite and so not a JSON number."""
    return float("inf") if h.growthRate is None else h.growthRate


PRODIGY_ALL = {
    "learningRate": 0.1,
    "beta1": 0.8,
    "beta2": 0.98,
    "beta3": 0.95,
    "epsilon": 1e-6,
    "weightDecay": 0.3,
    "d0": 1e-3,
    "dCoefficient": 2.0,
    "growthRate": 1.3,
    "biasCorrection": True,
    "safeguardWarmup": True,
}


def authors_prodigy(h):
    return lambda p: prodigyopt.Prodigy(
        p,
        h.learningRate,
        betas=(h.beta1, h.beta2),
        beta3=h.beta3,
        eps=h.epsilon,
        weight_decay=h.weightDecay,
        decouple=h.decoupled,
        use_bias_correction=h.biasCorrection,
        safeguard_warmup=h.safeguardWarmup,
        d0=h.d0,
        d_coef=h.dCoefficient,
        growth_rate=growth(h),
    )


rule(
    "prodigy",
    "prodigyopt.Prodigy 1.1.2, the authors' code (beta3's default is the root of beta2; growthRate's default, left "
    "out, is infinite)",
    hyper={
        "learningRate": 1.0,
        "beta1": 0.9,
        "beta2": 0.999,
        "beta3": sqrt(0.999),
        "epsilon": 1e-8,
        "weightDecay": 0.0,
        "d0": 1e-6,
        "dCoefficient": 1.0,
        "growthRate": None,
    },
    options={"biasCorrection": False, "safeguardWarmup": False, "decoupled": True},
    cases={
        "weight decay": {"learningRate": 0.1, "weightDecay": 0.1},
        "coupled weight decay": {"learningRate": 0.05, "weightDecay": 0.1, "decoupled": False},
        "bias correction": {"learningRate": 0.3, "biasCorrection": True},
        "safeguard warmup": {"learningRate": 0.1, "safeguardWarmup": True},
        "growth rate": {"growthRate": 1.1},
        "d coefficient": {"learningRate": 0.1, "dCoefficient": 0.5, "d0": 1e-3},
        "betas": {"learningRate": 0.1, "beta1": 0.8, "beta2": 0.98, "beta3": 0.95, "epsilon": 1e-3},
        "zero gradient first": {"learningRate": 0.1, "on": {"first": 40}},
        "from the origin": {"learningRate": 0.3, "biasCorrection": True, "on": {"parameters": 0}},
        "from the origin, all": {**PRODIGY_ALL, "on": {"parameters": 0}},
        "all": PRODIGY_ALL,
    },
    oracle=lambda h: torch_run(authors_prodigy(h)),
    float32=lambda h: torch_run(authors_prodigy(h), dtype="float32"),
    checks=[
        lambda h: all_tensors(
            prodigy,
            gamma=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            beta3=h.beta3,
            eps=h.epsilon,
            decay=h.weightDecay,
            d0=h.d0,
            d_coef=h.dCoefficient,
            growth_rate=growth(h),
            correct=h.biasCorrection,
            warmup=h.safeguardWarmup,
            decouple=h.decoupled,
        )
    ],
    tolerance=1e-12,
)

# ---------- D-Adaptation ----------


def dadapt_adam(x, gradients, values, gamma, beta1, beta2, eps, decay, d0, growth_rate, correct, decouple):
    """Defazio and Mishchenko 2023, algorithm 5 (Adam), in the authors' code's form; all tensors as one vector."""
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    s = np.zeros_like(x)
    r = 0.0
    d = d0
    root = sqrt(beta2)
    for k, g in enumerate(gradients):
        if not decouple:
            g = g + decay * x
        bias = sqrt(1 - beta2 ** (k + 1)) / (1 - beta1 ** (k + 1)) if correct else 1.0
        step = d * gamma * bias
        r = root * r + (1 - root) * step * (g @ (s / (np.sqrt(v) + eps)))
        m = beta1 * m + (1 - beta1) * step * g
        v = beta2 * v + (1 - beta2) * g**2
        s = root * s + (1 - root) * step * g
        d_hat = r / ((1 - root) * np.sum(np.abs(s))) if np.any(s) else 0.0
        d = max(d, min(d_hat, d * growth_rate))
        if decouple:
            x = x - step * decay * x
        x = x - m / (np.sqrt(v) + eps)
        yield x


rule(
    "dadapt-adam",
    "dadaptation.DAdaptAdam 3.2, the authors' code (growthRate's default, left out, is infinite)",
    hyper={
        "learningRate": 1.0,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "weightDecay": 0.0,
        "d0": 1e-6,
        "growthRate": None,
    },
    options={"biasCorrection": False, "decoupled": False},
    cases={
        "weight decay": {"learningRate": 0.1, "weightDecay": 0.1},
        "decoupled weight decay": {"learningRate": 0.1, "weightDecay": 0.1, "decoupled": True},
        "bias correction": {"learningRate": 0.1, "biasCorrection": True},
        "growth rate": {"d0": 1e-3, "growthRate": 1.02},
        "zero gradient first": {"learningRate": 0.1, "on": {"first": 40}},
        "all": {
            "learningRate": 0.5,
            "beta1": 0.8,
            "beta2": 0.98,
            "epsilon": 1e-6,
            "weightDecay": 0.1,
            "d0": 1e-3,
            "growthRate": 1.05,
            "biasCorrection": True,
            "decoupled": True,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: dadaptation.DAdaptAdam(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2),
            eps=h.epsilon,
            weight_decay=h.weightDecay,
            decouple=h.decoupled,
            use_bias_correction=h.biasCorrection,
            d0=h.d0,
            growth_rate=growth(h),
        )
    ),
    checks=[
        lambda h: all_tensors(
            dadapt_adam,
            gamma=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            eps=h.epsilon,
            decay=h.weightDecay,
            d0=h.d0,
            growth_rate=growth(h),
            correct=h.biasCorrection,
            decouple=h.decoupled,
        )
    ],
    tolerance=1e-12,
)

# ---------- DoG ----------


def dog(x, gradients, values, c, r_rel, eps, decay):
    """Ivgi, Hinder, Carmon 2023, equation 1; all tensors as one vector."""
    x0 = x
    r = r_rel * (1 + np.linalg.norm(x0))
    G = eps
    for g in gradients:
        g = g + decay * x
        r = max(r, np.linalg.norm(x - x0))
        G = G + g @ g
        x = x - c * r / sqrt(G) * g
        yield x


DOG_ALL = {"learningRate": 0.5, "repsRel": 0.1, "epsilon": 100.0, "weightDecay": 0.3}


def authors_dog(h):
    return lambda p: authors_of_dog.DoG(
        p, reps_rel=h.repsRel, lr=h.learningRate, weight_decay=h.weightDecay, eps=h.epsilon
    )


rule(
    "dog",
    "dog.DoG 1.0.3, the authors' code (decay coupled; reps_rel is repsRel)",
    hyper={"learningRate": 1.0, "repsRel": 1e-6, "epsilon": 1e-8, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "reps_rel": {"repsRel": 0.01},
        "from the origin": {"on": {"parameters": 0}},
        "from the origin, all": {**DOG_ALL, "on": {"parameters": 0}},
        "all": DOG_ALL,
    },
    oracle=lambda h: torch_run(authors_dog(h)),
    float32=lambda h: torch_run(authors_dog(h), dtype="float32"),
    checks=[lambda h: all_tensors(dog, c=h.learningRate, r_rel=h.repsRel, eps=h.epsilon, decay=h.weightDecay)],
    tolerance=1e-12,
)
