"""Rules that change Adam's moments: AdaBelief, Yogi, Adan, ADOPT, AdEMAMix."""

from math import exp, log

import numpy as np
import optax
import pytorch_optimizer
import timm.optim
from harness import optax_run, per_tensor, rule, torch_run

# ---------- AdaBelief ----------


def adabelief(theta, gradients, alpha, beta1, beta2, eps, weight_decay):
    """Zhuang et al. 2020, algorithm 2: the same epsilon in the belief s and beside its root; decoupled decay."""
    m = np.zeros_like(theta)
    s = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        theta = theta - alpha * weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * (g - m) ** 2 + eps
        theta = theta - alpha * (m / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
        yield theta


rule(
    "adabelief",
    "timm.optim.AdaBelief 1.0.31 with rectify=False",
    hyper={"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-16, "weightDecay": 0.0},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6},
        "all": {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.98, "epsilon": 1e-8, "weightDecay": 0.3},
    },
    oracle=lambda h: torch_run(
        lambda p: timm.optim.AdaBelief(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2),
            eps=h.epsilon,
            weight_decay=h.weightDecay,
            decoupled_decay=True,
            rectify=False,
        )
    ),
    checks=[
        lambda h: per_tensor(
            adabelief,
            alpha=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            eps=h.epsilon,
            weight_decay=h.weightDecay,
        ),
        lambda h: (
            None
            if h.weightDecay
            else optax_run(optax.adabelief(h.learningRate, h.beta1, h.beta2, eps=h.epsilon, eps_root=h.epsilon))
        ),
    ],
)

# ---------- Yogi ----------


def yogi(x, gradients, eta, beta1, beta2, eps, initial):
    """Zaheer et al. 2018, algorithm 2, with Adam's bias corrections and the moments' start as TensorFlow Addons."""
    m = np.full_like(x, initial)
    v = np.full_like(x, initial)
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = v - (1 - beta2) * np.sign(v - g**2) * g**2
        x = x - eta * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        yield x


rule(
    "yogi",
    "optax.scale_by_yogi 0.2.8 (both moments start at initialAccumulatorValue; the paper has no bias correction)",
    hyper={
        "learningRate": 0.01,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-3,
        "initialAccumulatorValue": 1e-6,
    },
    cases={
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6},
        "initial accumulator value": {"initialAccumulatorValue": 0.1},
        "all": {
            "learningRate": 0.1,
            "beta1": 0.85,
            "beta2": 0.98,
            "epsilon": 1e-5,
            "initialAccumulatorValue": 0.0,
        },
    },
    oracle=lambda h: optax_run(
        optax.chain(
            optax.scale_by_yogi(h.beta1, h.beta2, h.epsilon, initial_accumulator_value=h.initialAccumulatorValue),
            optax.scale_by_learning_rate(h.learningRate),
        )
    ),
    checks=[
        lambda h: per_tensor(
            yogi,
            eta=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            eps=h.epsilon,
            initial=h.initialAccumulatorValue,
        ),
        lambda h: torch_run(
            lambda p: pytorch_optimizer.Yogi(
                p,
                h.learningRate,
                betas=(h.beta1, h.beta2),
                eps=h.epsilon,
                initial_accumulator=h.initialAccumulatorValue,
                adam_debias=False,
            )
        ),
    ],
)

# ---------- Adan ----------


def adan(theta, gradients, eta, beta1, beta2, beta3, eps, decay, no_prox):
    """Xie et al. 2022, algorithm 1, with the authors' code's bias corrections; each beta is one minus the paper's."""
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    n = np.zeros_like(theta)
    before = gradients[0]
    for k, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * (g - before)
        n = beta3 * n + (1 - beta3) * (g + beta2 * (g - before)) ** 2
        eta_k = eta / (np.sqrt(n / (1 - beta3**k)) + eps)
        step = eta_k * (m / (1 - beta1**k) + beta2 * v / (1 - beta2**k))
        theta = (1 - eta * decay) * theta - step if no_prox else (theta - step) / (1 + eta * decay)
        before = g
        yield theta


rule(
    "adan",
    "timm.optim.Adan 1.0.31 (beta = 1 - the paper's; never optax.adan, which has 1 - beta2 where beta2 is meant)",
    hyper={
        "learningRate": 1e-3,
        "beta1": 0.98,
        "beta2": 0.92,
        "beta3": 0.99,
        "epsilon": 1e-8,
        "weightDecay": 0.0,
    },
    options={"noProx": False},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "weight decay without the proximal step": {"weightDecay": 0.1, "noProx": True},
        "betas and epsilon": {"beta1": 0.9, "beta2": 0.7, "beta3": 0.95, "epsilon": 1e-3},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.9,
            "beta2": 0.8,
            "beta3": 0.98,
            "epsilon": 1e-6,
            "weightDecay": 0.3,
            "noProx": True,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: timm.optim.Adan(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2, h.beta3),
            eps=h.epsilon,
            weight_decay=h.weightDecay,
            no_prox=h.noProx,
        )
    ),
    checks=[
        lambda h: per_tensor(
            adan,
            eta=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            beta3=h.beta3,
            eps=h.epsilon,
            decay=h.weightDecay,
            no_prox=h.noProx,
        )
    ],
)

# ---------- ADOPT ----------


def adopt(theta, gradients, alpha, beta1, beta2, eps, exponent, clipping, weight_decay, decoupled):
    """Taniguchi et al. 2024, algorithm 2, c_t = t^(1/4): the first gradient only starts v."""
    v = m = None
    for t, g in enumerate(gradients):
        if not decoupled:
            g = g + weight_decay * theta
        if t == 0:
            v = g**2
            m = np.zeros_like(theta)
            yield theta
            continue
        if decoupled:
            theta = theta - alpha * weight_decay * theta
        c = t**exponent if clipping else np.inf
        m = beta1 * m + (1 - beta1) * np.clip(g / np.maximum(np.sqrt(v), eps), -c, c)
        theta = theta - alpha * m
        v = beta2 * v + (1 - beta2) * g**2
        yield theta


rule(
    "adopt",
    "timm.optim.Adopt 1.0.31 with clip_exp 0.25, the paper's (no decay at step 1, which takes no step)",
    hyper={
        "learningRate": 1e-3,
        "beta1": 0.9,
        "beta2": 0.9999,
        "epsilon": 1e-6,
        "clipExponent": 0.25,
        "weightDecay": 0.0,
    },
    options={"clipping": True, "decoupled": False},
    cases={
        "weight decay": {"weightDecay": 0.1},
        "decoupled weight decay": {"weightDecay": 0.1, "decoupled": True},
        "no clipping": {"clipping": False},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.85,
            "beta2": 0.98,
            "epsilon": 1e-4,
            "clipExponent": 1 / 3,
            "weightDecay": 0.3,
            "decoupled": True,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: timm.optim.Adopt(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2),
            eps=h.epsilon,
            clip_exp=h.clipExponent if h.clipping else None,
            weight_decay=h.weightDecay,
            decoupled=h.decoupled,
        )
    ),
    checks=[
        lambda h: per_tensor(
            adopt,
            alpha=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            eps=h.epsilon,
            exponent=h.clipExponent,
            clipping=h.clipping,
            weight_decay=h.weightDecay,
            decoupled=h.decoupled,
        ),
        lambda h: (
            None
            if h.weightDecay
            else optax_run(optax.contrib.adopt(h.learningRate, h.beta1, h.beta2, h.epsilon, use_clipping=h.clipping))
        ),
    ],
)

# ---------- AdEMAMix ----------


def ademamix_alpha(t, T, alpha):
    """Pagliardini et al. 2024, section 3, alpha's linear schedule."""
    return min(t * alpha / T, alpha) if T else alpha


def ademamix_beta3(t, T, beta1, beta3):
    """The same section's schedule of beta3, linear in the half life."""
    if not T:
        return beta3
    a, b = log(beta1), log(beta3)
    return min(exp(a * b / ((1 - t / T) * b + t / T * a)), beta3)


def ademamix(theta, gradients, eta, beta1, beta2, beta3, alpha, eps, decay, T):
    """Pagliardini et al. 2024, algorithm 1; T is T_alpha and T_beta3, 0 for none."""
    m1 = np.zeros_like(theta)
    m2 = np.zeros_like(theta)
    nu = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        beta3_t = ademamix_beta3(t, T, beta1, beta3)
        m1 = beta1 * m1 + (1 - beta1) * g
        m2 = beta3_t * m2 + (1 - beta3_t) * g
        nu = beta2 * nu + (1 - beta2) * g**2
        m1_hat = m1 / (1 - beta1**t)
        nu_hat = nu / (1 - beta2**t)
        mixed = m1_hat + ademamix_alpha(t, T, alpha) * m2
        theta = theta - eta * (mixed / (np.sqrt(nu_hat) + eps) + decay * theta)
        yield theta


rule(
    "ademamix",
    "pytorch_optimizer.AdEMAMix 4.1.0 with weight_decouple (t_alpha_beta3 is warmupSteps; the authors' code adds "
    "1e-8 to beta1 and beta3 in the schedule, the paper does not)",
    hyper={
        "learningRate": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "beta3": 0.9999,
        "alpha": 5.0,
        "epsilon": 1e-8,
        "weightDecay": 0.0,
        "warmupSteps": 0,
    },
    cases={
        "weight decay": {"weightDecay": 0.1},
        "warmup": {"warmupSteps": 60},
        "betas and epsilon": {"beta1": 0.8, "beta2": 0.95, "beta3": 0.99, "epsilon": 1e-3},
        "all": {
            "learningRate": 0.05,
            "beta1": 0.85,
            "beta2": 0.98,
            "beta3": 0.999,
            "alpha": 8.0,
            "epsilon": 1e-6,
            "weightDecay": 0.3,
            "warmupSteps": 150,
        },
    },
    oracle=lambda h: torch_run(
        lambda p: pytorch_optimizer.AdEMAMix(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2, h.beta3),
            alpha=h.alpha,
            t_alpha_beta3=h.warmupSteps or None,
            eps=h.epsilon,
            weight_decay=h.weightDecay,
            weight_decouple=True,
        )
    ),
    checks=[
        lambda h: per_tensor(
            ademamix,
            eta=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            beta3=h.beta3,
            alpha=h.alpha,
            eps=h.epsilon,
            decay=h.weightDecay,
            T=h.warmupSteps,
        ),
        lambda h: (
            None
            if h.warmupSteps
            else optax_run(
                optax.contrib.ademamix(
                    h.learningRate,
                    h.beta1,
                    h.beta2,
                    h.beta3,
                    h.alpha,
                    h.epsilon,
                    weight_decay=h.weightDecay,
                )
            )
        ),
    ],
)
