"""The first set: gradient descent, SGD, Adagrad, RMSprop, Adam, AdamW; PyTorch is the oracle, the papers the check."""

import torch

import paper
from harness import Case, per_tensor, rule, torch_run

TORCH = "2.14.1"


def case(name, kind, check, hyper, names, **options):
    """A case whose hyper-parameters reach PyTorch and the transcription under the names given for each of ours."""
    theirs = {names[k][0]: v for k, v in hyper.items() if k in names}
    letters = {names[k][1]: v for k, v in hyper.items() if k in names}
    betas = [hyper[k] for k in ("beta1", "beta2") if k in hyper]
    if betas:
        theirs["betas"] = tuple(betas)
        letters |= {"beta1": betas[0], "beta2": betas[1]}
    return Case(
        name,
        hyper,
        options,
        oracle=lambda: torch_run(lambda p: kind(p, **theirs, **options)),
        check=lambda: per_tensor(check, **letters, **options),
    )


# ---------- SGD ----------

SGD = {
    "learningRate": ("lr", "lr"),
    "momentum": ("momentum", "momentum"),
    "dampening": ("dampening", "dampening"),
    "weightDecay": ("weight_decay", "weight_decay"),
}


def sgd(name, momentum=0.0, dampening=0.0, weightDecay=0.0, learningRate=1e-3, **options):
    hyper = {"learningRate": learningRate, "momentum": momentum, "dampening": dampening, "weightDecay": weightDecay}
    return case(name, torch.optim.SGD, paper.sgd, hyper, SGD, **options)


rule(
    "gradient-descent",
    f"torch.optim.SGD {TORCH} without momentum",
    [
        case("defaults", torch.optim.SGD, paper.sgd, {"learningRate": 1e-3}, SGD),
        case("learning rate 0.1", torch.optim.SGD, paper.sgd, {"learningRate": 0.1}, SGD),
    ],
)
rule(
    "sgd",
    f"torch.optim.SGD {TORCH}",
    [
        sgd("defaults", nesterov=False),
        sgd("weight decay", weightDecay=0.1, nesterov=False),
        sgd("momentum", momentum=0.9, nesterov=False),
        sgd("nesterov", momentum=0.9, nesterov=True),
        sgd("dampening", momentum=0.9, dampening=0.5, nesterov=False),
        sgd("momentum, weight decay", momentum=0.9, weightDecay=0.1, learningRate=0.05, nesterov=False),
        sgd("nesterov, weight decay", momentum=0.9, weightDecay=0.1, learningRate=0.05, nesterov=True),
        sgd("all", momentum=0.8, dampening=0.3, weightDecay=0.1, learningRate=0.05, nesterov=False),
    ],
)

# ---------- Adagrad ----------

ADAGRAD = {
    "learningRate": ("lr", "lr"),
    "lrDecay": ("lr_decay", "lr_decay"),
    "weightDecay": ("weight_decay", "weight_decay"),
    "initialAccumulatorValue": ("initial_accumulator_value", "initial_accumulator_value"),
    "epsilon": ("eps", "eps"),
}


def adagrad(name, learningRate=0.01, lrDecay=0.0, weightDecay=0.0, initialAccumulatorValue=0.0, epsilon=1e-10):
    hyper = {
        "learningRate": learningRate,
        "lrDecay": lrDecay,
        "weightDecay": weightDecay,
        "initialAccumulatorValue": initialAccumulatorValue,
        "epsilon": epsilon,
    }
    return case(name, torch.optim.Adagrad, paper.adagrad, hyper, ADAGRAD)


rule(
    "adagrad",
    f"torch.optim.Adagrad {TORCH}",
    [
        adagrad("defaults"),
        adagrad("learning rate decay", lrDecay=0.1),
        adagrad("weight decay", weightDecay=0.1),
        adagrad("initial accumulator value", initialAccumulatorValue=0.1),
        adagrad("epsilon", epsilon=1e-3),
        adagrad("all", 0.1, lrDecay=0.05, weightDecay=0.1, initialAccumulatorValue=0.1, epsilon=1e-7),
    ],
)

# ---------- RMSprop ----------

RMSPROP = {
    "learningRate": ("lr", "lr"),
    "alpha": ("alpha", "alpha"),
    "epsilon": ("eps", "eps"),
    "weightDecay": ("weight_decay", "weight_decay"),
    "momentum": ("momentum", "momentum"),
}


def rmsprop(name, learningRate=0.01, alpha=0.99, epsilon=1e-8, weightDecay=0.0, momentum=0.0, centered=False):
    hyper = {
        "learningRate": learningRate,
        "alpha": alpha,
        "epsilon": epsilon,
        "weightDecay": weightDecay,
        "momentum": momentum,
    }
    return case(name, torch.optim.RMSprop, paper.rmsprop, hyper, RMSPROP, centered=centered)


rule(
    "rmsprop",
    f"torch.optim.RMSprop {TORCH}",
    [
        rmsprop("defaults"),
        rmsprop("weight decay", weightDecay=0.1),
        rmsprop("momentum", momentum=0.9),
        rmsprop("centered", centered=True),
        rmsprop("epsilon", epsilon=1e-3),
        rmsprop("centered, momentum", momentum=0.9, centered=True),
        rmsprop("all", 1e-3, 0.9, 1e-6, weightDecay=0.1, momentum=0.9, centered=True),
    ],
)

# ---------- Adam ----------

ADAM = {"learningRate": ("lr", "alpha"), "epsilon": ("eps", "eps"), "weightDecay": ("weight_decay", "weight_decay")}


def adam(name, learningRate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0.0, amsgrad=False):
    hyper = {
        "learningRate": learningRate,
        "beta1": beta1,
        "beta2": beta2,
        "epsilon": epsilon,
        "weightDecay": weightDecay,
    }
    return case(name, torch.optim.Adam, paper.adam, hyper, ADAM, amsgrad=amsgrad)


def adamw(name, learningRate=1e-3, weightDecay=0.01, **more):
    c = adam(name, learningRate, weightDecay=weightDecay, **more)
    hyper, options = c.hyper, c.options
    theirs = {
        "lr": hyper["learningRate"],
        "betas": (hyper["beta1"], hyper["beta2"]),
        "eps": hyper["epsilon"],
        "weight_decay": hyper["weightDecay"],
    }
    letters = {"alpha": theirs["lr"], "beta1": hyper["beta1"], "beta2": hyper["beta2"], "eps": theirs["eps"]}
    c.oracle = lambda: torch_run(lambda p: torch.optim.AdamW(p, **theirs, **options))
    c.check = lambda: per_tensor(
        paper.adam, **letters, weight_decay=hyper["weightDecay"], decoupled=True, **options
    )
    return c


rule(
    "adam",
    f"torch.optim.Adam {TORCH}",
    [
        adam("defaults"),
        adam("weight decay", weightDecay=0.1),
        adam("amsgrad", amsgrad=True),
        adam("betas and epsilon", beta1=0.8, beta2=0.95, epsilon=1e-3),
        adam("beta1 0", beta1=0.0),
        adam("all", 0.05, 0.85, 0.98, 1e-6, weightDecay=0.1, amsgrad=True),
    ],
)
rule(
    "adamw",
    f"torch.optim.AdamW {TORCH}",
    [
        adamw("defaults"),
        adamw("weight decay 0.5", weightDecay=0.5),
        adamw("no weight decay", weightDecay=0.0),
        adamw("amsgrad", amsgrad=True),
        adamw("all", 0.05, 0.3, beta1=0.85, beta2=0.98, epsilon=1e-6, amsgrad=True),
    ],
)
