"""The conventions of optax, Keras and TensorFlow.js for SGD, Adam, AdamW, Adagrad, RMSprop and Adamax.

optax and Keras run themselves; TensorFlow.js, which has float32 only, is transcribed from the sources of tfjs-core
4.22.0. The second way is one transcription per rule in which the libraries' differences are arguments.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
import optax
from harness import load, optax_run, per_tensor, rule

keras.config.set_floatx("float64")
VERSIONS = "optax 0.2.8, keras 3.15.1 (JAX backend, floatx float64), transcribed from @tensorflow/tfjs-core 4.22.0"


def keras_run(optimizer):
    data = load()
    variables = {k: keras.Variable(x, dtype="float64") for k, x in data.start.items()}
    optimizer.build(list(variables.values()))
    run = []
    for gradient in data.gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient[k]) for k in variables])
        run.append({k: np.array(v.value) for k, v in variables.items()})
    return run


def by_library(optax_transform, keras_optimizer, tfjs_rule):
    """An oracle that takes h.compat's library: a transform, an optimizer, or a transcription's arguments."""

    def oracle(h):
        if h.compat == "optax":
            return optax_run(optax_transform(h))
        if h.compat == "keras":
            return keras_run(keras_optimizer(h))
        transcription, arguments = tfjs_rule(h)
        return per_tensor(transcription, **arguments)

    return oracle


def registered(name, hyper, options, cases, oracle, check):
    rule(
        f"compat-{name}",
        f"{VERSIONS}; Keras's weightDecay is decoupled on every rule, optax and TensorFlow.js have none but in adamw",
        hyper=hyper,
        options={"compat": "optax", **options},
        cases=cases,
        oracle=oracle,
        checks=[check],
    )


# ---------- SGD ----------


def tfjs_momentum(x, gradients, lr, m, nesterov):
    accumulation = np.zeros_like(x)
    for g in gradients:
        accumulation = m * accumulation + g
        x = x - lr * (g + m * accumulation if nesterov else accumulation)
        yield x


def sgd(x, gradients, lr, momentum, weight_decay, nesterov, inside):
    """inside: the learning rate is in the velocity, which moves the parameter by itself."""
    v = np.zeros_like(x)
    for g in gradients:
        x = x - lr * weight_decay * x
        scale = lr if inside else 1
        v = momentum * v + scale * g
        x = x - (1 if inside else lr) * (momentum * v + scale * g if nesterov else v)
        yield x


registered(
    "sgd",
    {"learningRate": 0.01, "momentum": 0.0, "dampening": 0.0, "weightDecay": 0.0},
    {"nesterov": False},
    {
        "optax, momentum": {"momentum": 0.9},
        "optax, nesterov": {"momentum": 0.9, "nesterov": True},
        "keras": {"compat": "keras"},
        "keras, momentum, weight decay": {"compat": "keras", "momentum": 0.9, "weightDecay": 0.1},
        "keras, nesterov": {"compat": "keras", "momentum": 0.9, "nesterov": True},
        "tfjs, momentum": {"compat": "tfjs", "momentum": 0.9},
        "tfjs, nesterov": {"compat": "tfjs", "momentum": 0.9, "nesterov": True},
    },
    by_library(
        lambda h: optax.sgd(h.learningRate, h.momentum or None, h.nesterov),
        lambda h: keras.optimizers.SGD(h.learningRate, h.momentum, h.nesterov, weight_decay=h.weightDecay or None),
        lambda h: (tfjs_momentum, {"lr": h.learningRate, "m": h.momentum, "nesterov": h.nesterov}),
    ),
    lambda h: per_tensor(
        sgd,
        lr=h.learningRate,
        momentum=h.momentum,
        weight_decay=h.weightDecay,
        nesterov=h.nesterov,
        inside=h.compat == "keras",
    ),
)

# ---------- Adam, AdamW ----------


def tfjs_adam(x, gradients, lr, beta1, beta2, eps):
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    power1, power2 = beta1, beta2
    for g in gradients:
        m = m * beta1 + g * (1 - beta1)
        v = v * beta2 + g**2 * (1 - beta2)
        x = x - lr * (m / (1 - power1) / (np.sqrt(v / (1 - power2)) + eps))
        power1, power2 = power1 * beta1, power2 * beta2
        yield x


def adam(x, gradients, lr, beta1, beta2, eps, weight_decay, amsgrad, epsilon_hat, largest_hat):
    """epsilon_hat: beside the uncorrected root; largest_hat: AMSGrad's maximum over the corrected moments."""
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    largest = np.zeros_like(x)
    for t, g in enumerate(gradients, 1):
        x = x - lr * weight_decay * x
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        c1, c2 = 1 - beta1**t, 1 - beta2**t
        largest = np.maximum(largest, v / c2 if largest_hat else v)
        second = (largest if largest_hat else largest / c2) if amsgrad else v / c2
        x = x - lr * (m / c1) / (np.sqrt(second) + (eps / np.sqrt(c2) if epsilon_hat else eps))
        yield x


def adam_check(h):
    return per_tensor(
        adam,
        lr=h.learningRate,
        beta1=h.beta1,
        beta2=h.beta2,
        eps=h.epsilon,
        weight_decay=h.weightDecay,
        amsgrad=h.amsgrad,
        epsilon_hat=h.compat == "keras",
        largest_hat=h.compat == "optax",
    )


def keras_adam(kind):
    return lambda h: kind(
        h.learningRate,
        beta_1=h.beta1,
        beta_2=h.beta2,
        epsilon=h.epsilon,
        amsgrad=h.amsgrad,
        weight_decay=h.weightDecay or None,
    )


def optax_adam(h):
    moments = {"b1": h.beta1, "b2": h.beta2, "eps": h.epsilon}
    scale = optax.scale_by_amsgrad(**moments) if h.amsgrad else optax.scale_by_adam(**moments)
    return optax.chain(scale, optax.add_decayed_weights(h.weightDecay), optax.scale_by_learning_rate(h.learningRate))


MOMENTS = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
OTHERS = {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.98}
registered(
    "adam",
    MOMENTS | {"weightDecay": 0.0},
    {"amsgrad": False},
    {
        "optax, amsgrad": {"amsgrad": True},
        "keras": {"compat": "keras", "epsilon": 1e-7},
        "keras, amsgrad": {"compat": "keras", "epsilon": 1e-7, "amsgrad": True},
        "keras, all": {**OTHERS, "compat": "keras", "epsilon": 1e-3, "amsgrad": True, "weightDecay": 0.3},
        "tfjs": {"compat": "tfjs", "epsilon": 1e-7},
        "tfjs, all": {**OTHERS, "compat": "tfjs", "epsilon": 1e-3},
    },
    by_library(
        optax_adam,
        keras_adam(keras.optimizers.Adam),
        lambda h: (
            tfjs_adam,
            {"lr": h.learningRate, "beta1": h.beta1, "beta2": h.beta2, "eps": h.epsilon},
        ),
    ),
    adam_check,
)
registered(
    "adamw",
    MOMENTS | {"weightDecay": 1e-4},
    {"amsgrad": False},
    {
        "optax, all": {**OTHERS, "epsilon": 1e-3, "amsgrad": True, "weightDecay": 0.3},
        "keras": {"compat": "keras", "epsilon": 1e-7, "weightDecay": 0.004},
        "keras, all": {**OTHERS, "compat": "keras", "epsilon": 1e-3, "amsgrad": True, "weightDecay": 0.3},
    },
    by_library(optax_adam, keras_adam(keras.optimizers.AdamW), None),
    adam_check,
)

# ---------- Adagrad ----------


def tfjs_adagrad(x, gradients, lr, initial, eps):
    accumulated = np.full_like(x, initial)
    for g in gradients:
        accumulated = accumulated + g**2
        x = x - lr * (g / np.sqrt(accumulated + eps))
        yield x


def adagrad(x, gradients, lr, initial, eps, weight_decay):
    """Epsilon inside the root, in all three."""
    G = initial
    for g in gradients:
        x = x - lr * weight_decay * x
        G = G + g * g
        x = x - lr / np.sqrt(eps + G) * g
        yield x


registered(
    "adagrad",
    {
        "learningRate": 0.001,
        "lrDecay": 0.0,
        "weightDecay": 0.0,
        "initialAccumulatorValue": 0.1,
        "epsilon": 1e-7,
    },
    {},
    {
        "optax, all": {"learningRate": 0.1, "initialAccumulatorValue": 0.5, "epsilon": 1e-3},
        "keras": {"compat": "keras"},
        "keras, all": {
            "compat": "keras",
            "learningRate": 0.1,
            "initialAccumulatorValue": 0.5,
            "epsilon": 1e-3,
            "weightDecay": 0.3,
        },
        "tfjs": {"compat": "tfjs"},
        "tfjs, all": {"compat": "tfjs", "learningRate": 0.1, "initialAccumulatorValue": 0.5},
    },
    by_library(
        lambda h: optax.adagrad(h.learningRate, h.initialAccumulatorValue, h.epsilon),
        lambda h: keras.optimizers.Adagrad(
            h.learningRate, h.initialAccumulatorValue, h.epsilon, weight_decay=h.weightDecay or None
        ),
        lambda h: (
            tfjs_adagrad,
            {"lr": h.learningRate, "initial": h.initialAccumulatorValue, "eps": h.epsilon},
        ),
    ),
    lambda h: per_tensor(
        adagrad,
        lr=h.learningRate,
        initial=h.initialAccumulatorValue,
        eps=h.epsilon,
        weight_decay=h.weightDecay,
    ),
)

# ---------- RMSprop ----------


def tfjs_rmsprop(x, gradients, lr, decay, momentum, eps):
    mean_square = np.zeros_like(x)
    moments = np.zeros_like(x)
    for g in gradients:
        mean_square = mean_square * decay + g**2 * (1 - decay)
        moments = moments * momentum + g * lr / np.sqrt(mean_square + eps)
        x = x - moments
        yield x


def rmsprop(x, gradients, lr, rho, momentum, eps, weight_decay, centered):
    """Epsilon inside the root, in all three; with a constant learning rate its place makes no difference."""
    n = np.zeros_like(x)
    mean = np.zeros_like(x)
    b = np.zeros_like(x)
    for g in gradients:
        x = x - lr * weight_decay * x
        n = rho * n + (1 - rho) * g**2
        mean = rho * mean + (1 - rho) * g
        b = momentum * b + g / np.sqrt((n - mean**2 if centered else n) + eps)
        x = x - lr * b
        yield x


registered(
    "rmsprop",
    {"learningRate": 0.001, "alpha": 0.9, "epsilon": 1e-8, "weightDecay": 0.0, "momentum": 0.0},
    {"centered": False},
    {
        "optax, all": {
            "learningRate": 0.05,
            "alpha": 0.8,
            "epsilon": 1e-3,
            "momentum": 0.9,
            "centered": True,
        },
        "keras": {"compat": "keras", "epsilon": 1e-7},
        "keras, all": {
            "compat": "keras",
            "learningRate": 0.05,
            "alpha": 0.8,
            "epsilon": 1e-3,
            "momentum": 0.9,
            "centered": True,
            "weightDecay": 0.3,
        },
        "tfjs": {"compat": "tfjs", "epsilon": 1e-7},
        "tfjs, momentum": {
            "compat": "tfjs",
            "learningRate": 0.05,
            "alpha": 0.8,
            "epsilon": 1e-3,
            "momentum": 0.9,
        },
    },
    by_library(
        lambda h: optax.rmsprop(h.learningRate, h.alpha, h.epsilon, centered=h.centered, momentum=h.momentum or None),
        lambda h: keras.optimizers.RMSprop(
            h.learningRate,
            h.alpha,
            h.momentum,
            h.epsilon,
            h.centered,
            weight_decay=h.weightDecay or None,
        ),
        lambda h: (
            tfjs_rmsprop,
            {"lr": h.learningRate, "decay": h.alpha, "momentum": h.momentum, "eps": h.epsilon},
        ),
    ),
    lambda h: per_tensor(
        rmsprop,
        lr=h.learningRate,
        rho=h.alpha,
        momentum=h.momentum,
        eps=h.epsilon,
        weight_decay=h.weightDecay,
        centered=h.centered,
    ),
)

# ---------- Adamax ----------


def tfjs_adamax(x, gradients, lr, beta1, beta2, eps):
    m = np.zeros_like(x)
    u = np.zeros_like(x)
    power1 = beta1
    for g in gradients:
        m = m * beta1 + g * (1 - beta1)
        u = np.maximum(u * beta2, np.abs(g))
        x = x - lr / (1 - power1) * (m / (u + eps))
        power1 = power1 * beta1
        yield x


def adamax(x, gradients, lr, beta1, beta2, eps, weight_decay, outside):
    """outside: epsilon is beside the maximum instead of in it."""
    m = np.zeros_like(x)
    u = np.zeros_like(x)
    for t, g in enumerate(gradients, 1):
        x = x - lr * weight_decay * x
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, np.abs(g) + (0 if outside else eps))
        x = x - lr * m / (1 - beta1**t) / (u + (eps if outside else 0))
        yield x


registered(
    "adamax",
    MOMENTS | {"weightDecay": 0.0},
    {},
    {
        "optax, all": {**OTHERS, "epsilon": 1e-3},
        "keras": {"compat": "keras", "epsilon": 1e-7},
        "keras, all": {**OTHERS, "compat": "keras", "epsilon": 1e-3, "weightDecay": 0.3},
        "tfjs": {"compat": "tfjs", "epsilon": 1e-7},
        "tfjs, all": {**OTHERS, "compat": "tfjs", "epsilon": 1e-3},
    },
    by_library(
        lambda h: optax.adamax(h.learningRate, h.beta1, h.beta2, h.epsilon),
        lambda h: keras.optimizers.Adamax(
            h.learningRate, h.beta1, h.beta2, h.epsilon, weight_decay=h.weightDecay or None
        ),
        lambda h: (
            tfjs_adamax,
            {"lr": h.learningRate, "beta1": h.beta1, "beta2": h.beta2, "eps": h.epsilon},
        ),
    ),
    lambda h: per_tensor(
        adamax,
        lr=h.learningRate,
        beta1=h.beta1,
        beta2=h.beta2,
        eps=h.epsilon,
        weight_decay=h.weightDecay,
        outside=h.compat != "optax",
    ),
)
