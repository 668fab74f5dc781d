"""python schedules.py: writes schedules.json, values of learning-rate schedules by step, and of plateau by metric.

Each schedule's values come from a library; beside it stands the closed form of the table in the papers' and libraries'
documentation, in plain Python, which must agree to 1e-13 of the largest value. Where no library has the schedule, two
independent closed forms stand in for it. values[t] is for t = 0, 1, ...: the rate of the first update is values[0].
"""

from math import ceil, cos, floor, pi, prod, sqrt, tanh

import numpy as np
import optax
import pytorch_optimizer.lr_scheduler as other
import timm.scheduler
import torch
from harness import FIXTURES, dump
from torch.optim import lr_scheduler

N = 40
TORCH, OPTAX, TIMM, OTHER = (
    "torch.optim.lr_scheduler.{} 2.14.1",
    "optax.{} 0.2.8",
    "timm.scheduler.{} 1.0.31",
    "pytorch_optimizer.{} 4.1.0",
)
ENTRIES = []


def sgd(rate, momentum=0.9):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros((), dtype=torch.float64))], rate, momentum=momentum)


def stepped(make, rate, key="lr"):
    """The values that a PyTorch scheduler gives to steps 0 to N."""
    optimizer = sgd(rate)
    scheduler = make(optimizer)
    values = []
    for _ in range(N + 1):
        values.append(float(optimizer.param_groups[0][key]))
        optimizer.step()
        scheduler.step()
    return values


def called(schedule):
    """The values of an optax schedule, in float64."""
    return [float(schedule(np.float64(t))) for t in range(N + 1)]


def entry(name, source, arguments, values, closed_form, **more):
    expected = [closed_form(t) for t in range(len(values))]
    worst = max(abs(a - b) for a, b in zip(values, expected)) / max(map(abs, values))
    if not worst < 1e-13:
        raise ValueError(f"{name} {arguments}: library and closed form differ by {worst:.1e}")
    ENTRIES.append({"name": name, "source": source, "arguments": arguments, **more, "values": values})


# ---------- constant, steps, exponential ----------

entry("constant", OPTAX.format("constant_schedule"), {"learningRate": 0.1}, [0.1] * 5, lambda t: 0.1)
entry(
    "constant-factor",
    TORCH.format("ConstantLR"),
    {"learningRate": 0.1, "factor": 1 / 3, "steps": 5},
    stepped(lambda o: lr_scheduler.ConstantLR(o, 1 / 3, 5), 0.1),
    lambda t: 0.1 * (1 / 3 if t < 5 else 1),
)
entry(
    "step",
    TORCH.format("StepLR"),
    {"learningRate": 0.1, "stepSize": 7, "gamma": 0.3},
    stepped(lambda o: lr_scheduler.StepLR(o, 7, 0.3), 0.1),
    lambda t: 0.1 * 0.3 ** (t // 7),
)
entry(
    "multistep",
    TORCH.format("MultiStepLR"),
    {"learningRate": 0.1, "milestones": [3, 11, 30], "gamma": 0.3},
    stepped(lambda o: lr_scheduler.MultiStepLR(o, [3, 11, 30], 0.3), 0.1),
    lambda t: 0.1 * 0.3 ** sum(t >= m for m in (3, 11, 30)),
)
entry(
    "piecewise-constant",
    OPTAX.format("piecewise_constant_schedule") + " (a boundary's step already has the new value)",
    {"learningRate": 0.1, "boundaries": [3, 11, 30], "scales": [0.5, 2.0, 0.1]},
    called(optax.piecewise_constant_schedule(0.1, {3: 0.5, 11: 2.0, 30: 0.1})),
    lambda t: 0.1 * (0.5 if t >= 3 else 1) * (2 if t >= 11 else 1) * (0.1 if t >= 30 else 1),
)
entry(
    "exponential",
    TORCH.format("ExponentialLR"),
    {"learningRate": 0.1, "gamma": 0.9},
    stepped(lambda o: lr_scheduler.ExponentialLR(o, 0.9), 0.1),
    lambda t: 0.1 * 0.9**t,
)
entry(
    "exponential",
    OPTAX.format("exponential_decay"),
    {"learningRate": 0.1, "gamma": 0.5, "transitionSteps": 8, "transitionBegin": 4, "endValue": 0.02},
    called(optax.exponential_decay(0.1, 8, 0.5, transition_begin=4, end_value=0.02)),
    lambda t: max(0.02, 0.1 * 0.5 ** (max(0, t - 4) / 8)),
)
entry(
    "exponential",
    OPTAX.format("exponential_decay"),
    {"learningRate": 0.1, "gamma": 0.5, "transitionSteps": 8, "staircase": True},
    called(optax.exponential_decay(0.1, 8, 0.5, staircase=True)),
    lambda t: 0.1 * 0.5 ** (t // 8),
)

# ---------- inverse time, inverse square root ----------


entry(
    "inverse-time",
    "closed form, that of Keras InverseTimeDecay; second way: torch.optim.lr_scheduler.LambdaLR 2.14.1",
    {"learningRate": 0.1, "decayRate": 0.5, "decaySteps": 4},
    stepped(lambda o: lr_scheduler.LambdaLR(o, lambda t: (1 + 0.5 * t / 4) ** -1), 0.1),
    lambda t: 0.1 / (1 + 0.5 * (t / 4)),
)
entry(
    "inverse-time",
    "closed form, that of Keras InverseTimeDecay with staircase; second way: LambdaLR",
    {"learningRate": 0.1, "decayRate": 0.5, "decaySteps": 4, "staircase": True},
    stepped(lambda o: lr_scheduler.LambdaLR(o, lambda t: (1 + 0.5 * floor(t / 4)) ** -1), 0.1),
    lambda t: 0.1 / (1 + 0.5 * (t // 4)),
)
entry(
    "inverse-sqrt",
    "closed form, Vaswani et al. 2017 equation 3 scaled to its peak: min((t+1)/W, sqrt(W/(t+1))); second way: LambdaLR "
    "with their min(s^-0.5, s W^-1.5) W^0.5",
    {"learningRate": 0.1, "warmupSteps": 10},
    stepped(lambda o: lr_scheduler.LambdaLR(o, lambda t: min((t + 1) ** -0.5, (t + 1) * 10**-1.5) * 10**0.5), 0.1),
    lambda t: 0.1 * min((t + 1) / 10, sqrt(10 / (t + 1))),
)
entry(
    "inverse-sqrt",
    "closed form, that of transformers.get_inverse_sqrt_schedule: t/W, then 1/sqrt((t + s)/T), s = T - W; second way: "
    "LambdaLR",
    {"learningRate": 0.1, "warmupSteps": 6, "timescale": 20},
    stepped(lambda o: lr_scheduler.LambdaLR(o, lambda t: t / 6 if t < 6 else ((t + 14) / 20) ** -0.5), 0.1),
    lambda t: 0.1 * (t / 6) if t < 6 else 0.1 / sqrt((t + 20 - 6) / 20),
)

# ---------- polynomial, linear ----------

polynomial = lambda t, a, b, T, p: (a - b) * (1 - min(max(t, 0), T) / T) ** p + b
entry(
    "polynomial",
    OPTAX.format("polynomial_schedule"),
    {"learningRate": 0.1, "endValue": 0.01, "power": 2.0, "steps": 24},
    called(optax.polynomial_schedule(0.1, 0.01, 2.0, 24)),
    lambda t: polynomial(t, 0.1, 0.01, 24, 2),
)
entry(
    "polynomial",
    OPTAX.format("polynomial_schedule"),
    {"learningRate": 0.01, "endValue": 0.1, "power": 0.5, "steps": 24, "transitionBegin": 6},
    called(optax.polynomial_schedule(0.01, 0.1, 0.5, 24, 6)),
    lambda t: polynomial(t - 6, 0.01, 0.1, 24, 0.5),
)
entry(
    "polynomial",
    TORCH.format("PolynomialLR"),
    {"learningRate": 0.1, "endValue": 0.0, "power": 3.0, "steps": 24},
    stepped(lambda o: lr_scheduler.PolynomialLR(o, 24, 3.0), 0.1),
    lambda t: polynomial(t, 0.1, 0, 24, 3),
)


def cycled(t):
    T = 12 * max(1, ceil(t / 12))
    return (0.1 - 0.01) * (1 - t / T) ** 2 + 0.01


entry(
    "polynomial",
    "closed form, that of Keras PolynomialDecay with cycle: the length is the next multiple of steps; second "
    "way: LambdaLR",
    {"learningRate": 0.1, "endValue": 0.01, "power": 2.0, "steps": 12, "cycle": True},
    stepped(lambda o: lr_scheduler.LambdaLR(o, lambda t: 0.1 + 0.9 * (1 - t / (-(-t // 12) * 12 or 12)) ** 2), 0.1),
    cycled,
)
entry(
    "linear",
    OPTAX.format("linear_schedule"),
    {"learningRate": 0.1, "endValue": 0.02, "steps": 24},
    called(optax.linear_schedule(0.1, 0.02, 24)),
    lambda t: 0.1 + (0.02 - 0.1) * min(t, 24) / 24,
)
entry(
    "linear-factor",
    TORCH.format("LinearLR"),
    {"learningRate": 0.1, "startFactor": 1 / 3, "endFactor": 1.0, "steps": 5},
    stepped(lambda o: lr_scheduler.LinearLR(o), 0.1),
    lambda t: 0.1 * (1 / 3 + (1 - 1 / 3) * min(t, 5) / 5),
)

# ---------- cosine ----------

cosine = lambda t, a, b, T: b + (a - b) * (1 + cos(pi * min(t, T) / T)) / 2
entry(
    "cosine",
    OPTAX.format("cosine_decay_schedule")
    + " (alpha = endValue / learningRate; stays at the end, where PyTorch's rises)",
    {"learningRate": 0.1, "endValue": 0.01, "steps": 24},
    called(optax.cosine_decay_schedule(0.1, 24, 0.1)),
    lambda t: cosine(t, 0.1, 0.01, 24),
)
entry(
    "cosine",
    TORCH.format("CosineAnnealingLR") + ", up to its end",
    {"learningRate": 0.1, "endValue": 0.0, "steps": 24},
    stepped(lambda o: lr_scheduler.CosineAnnealingLR(o, 24), 0.1)[:25],
    lambda t: cosine(t, 0.1, 0, 24),
)
entry(
    "cosine",
    OPTAX.format("cosine_decay_schedule"),
    {"learningRate": 0.1, "endValue": 0.01, "steps": 24, "exponent": 2.0},
    called(optax.cosine_decay_schedule(0.1, 24, 0.1, exponent=2.0)),
    lambda t: 0.1 * (0.9 * ((1 + cos(pi * min(t, 24) / 24)) / 2) ** 2 + 0.1),
)


def restarted(t, a, b, T, multiplier, decay=1.0):
    while t >= T:
        t, T, a = t - T, T * multiplier, a * decay
    return b + (a - b) * (1 + cos(pi * t / T)) / 2


for multiplier in (1, 2):
    entry(
        "cosine-restarts",
        TORCH.format("CosineAnnealingWarmRestarts"),
        {"learningRate": 0.1, "endValue": 0.01, "steps": 6, "multiplier": multiplier},
        stepped(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 6, multiplier, 0.01), 0.1),
        lambda t: restarted(t, 0.1, 0.01, 6, multiplier),
    )


def by_timm(make, rate=0.1):
    scheduler = make(sgd(rate))
    return [float(scheduler._get_lr(t)[0]) for t in range(N + 1)]


entry(
    "cosine-restarts",
    TIMM.format("CosineLRScheduler") + " (the peak is multiplied by amplitude at each restart)",
    {"learningRate": 0.1, "endValue": 0.01, "steps": 8, "multiplier": 1, "amplitude": 0.5},
    by_timm(lambda o: timm.scheduler.CosineLRScheduler(o, 8, 0.01, cycle_decay=0.5, cycle_limit=99)),
    lambda t: restarted(t, 0.1, 0.01, 8, 1, 0.5),
)

# ---------- warmup ----------

entry(
    "warmup-cosine",
    OPTAX.format("warmup_cosine_decay_schedule") + " (steps counts the warmup; the first value is initialValue)",
    {"initialValue": 0.0, "learningRate": 0.1, "warmupSteps": 8, "steps": 30, "endValue": 0.01},
    called(optax.warmup_cosine_decay_schedule(0.0, 0.1, 8, 30, 0.01)),
    lambda t: 0.1 * t / 8 if t < 8 else cosine(t - 8, 0.1, 0.01, 22),
)
entry(
    "warmup-exponential",
    OPTAX.format("warmup_exponential_decay_schedule"),
    {"initialValue": 0.01, "learningRate": 0.1, "warmupSteps": 8, "transitionSteps": 5, "gamma": 0.5},
    called(optax.warmup_exponential_decay_schedule(0.01, 0.1, 8, 5, 0.5)),
    lambda t: 0.01 + 0.09 * t / 8 if t < 8 else 0.1 * 0.5 ** ((t - 8) / 5),
)
entry(
    "warmup-constant",
    OPTAX.format("warmup_constant_schedule"),
    {"initialValue": 0.0, "learningRate": 0.1, "warmupSteps": 8},
    called(optax.warmup_constant_schedule(0.0, 0.1, 8)),
    lambda t: 0.1 * min(t, 8) / 8,
)
entry(
    "warmup-linear",
    "optax.join_schedules of two linear_schedule 0.2.8 (that of transformers.get_linear_schedule_with_warmup)",
    {"initialValue": 0.0, "learningRate": 0.1, "warmupSteps": 8, "steps": 30, "endValue": 0.0},
    called(optax.join_schedules([optax.linear_schedule(0.0, 0.1, 8), optax.linear_schedule(0.1, 0.0, 22)], [8])),
    lambda t: 0.1 * t / 8 if t < 8 else 0.1 * max(0, 30 - t) / 22,
)

# ---------- one-cycle, cyclic ----------

between = {
    "cos": lambda a, b, x: b + (a - b) / 2 * (1 + cos(pi * x)),
    "linear": lambda a, b, x: a + (b - a) * x,
}


def one_cycle(t, phases, anneal):
    """phases: (end step, value from, value to)."""
    start = 0.0
    for end, a, b in phases:
        if t <= end:
            return between[anneal](a, b, (t - start) / (end - start))
        start = end


for anneal, three in (("cos", False), ("linear", False), ("cos", True)):
    total, pct, low, high, final = N + 1, 0.3, 0.1 / 25, 0.1, 0.1 / 25 / 1e4
    up = pct * total - 1
    if three:
        phases = [(up, low, high), (2 * pct * total - 2, high, low), (total - 1, low, final)]
        momenta = [(up, 0.95, 0.85), (2 * pct * total - 2, 0.85, 0.95), (total - 1, 0.95, 0.95)]
    else:
        phases = [(up, low, high), (total - 1, high, final)]
        momenta = [(up, 0.95, 0.85), (total - 1, 0.85, 0.95)]
    make = lambda o: lr_scheduler.OneCycleLR(o, 0.1, total_steps=total, anneal_strategy=anneal, three_phase=three)

    def one_cycle_values(key):
        """As stepped(), without the scheduler's step past its end, which it refuses."""
        optimizer = sgd(0.1)
        scheduler = make(optimizer)
        values = [optimizer.param_groups[0][key]]
        for _ in range(total - 1):
            optimizer.step()
            scheduler.step()
            values.append(optimizer.param_groups[0][key])
        return values

    arguments = {
        "maxLearningRate": 0.1,
        "steps": total,
        "warmupFraction": pct,
        "divFactor": 25.0,
        "finalDivFactor": 1e4,
        "anneal": anneal,
        "threePhase": three,
    }
    source = TORCH.format("OneCycleLR") + " (the peak at step warmupFraction * steps - 1, the end at steps - 1)"
    entry("one-cycle", source, arguments, one_cycle_values("lr"), lambda t: one_cycle(t, phases, anneal))
    entry(
        "one-cycle-momentum",
        source,
        {
            "baseMomentum": 0.85,
            "maxMomentum": 0.95,
            "steps": total,
            "warmupFraction": pct,
            "anneal": anneal,
            "threePhase": three,
        },
        one_cycle_values("momentum"),
        lambda t: one_cycle(t, momenta, anneal),
    )
entry(
    "one-cycle-optax",
    OPTAX.format("cosine_onecycle_schedule") + " (the peak at step int(warmupFraction * steps), the end at steps)",
    {"maxLearningRate": 0.1, "steps": 36, "warmupFraction": 0.3, "divFactor": 25.0, "finalDivFactor": 1e4},
    called(optax.cosine_onecycle_schedule(36, 0.1)),
    lambda t: one_cycle(min(t, 36), [(10, 0.1 / 25, 0.1), (36, 0.1, 0.1 / 25 / 1e4)], "cos"),
)


def cyclic(t, up, down, mode, gamma):
    cycle, at = divmod(t, up + down)
    height = at / up if at <= up else (up + down - at) / down
    scale = {"triangular": 1, "triangular2": 0.5**cycle, "exp-range": gamma**t}[mode]
    return 0.01 + 0.09 * height * scale


for mode, up, down, gamma in (
    ("triangular", 5, 5, 1.0),
    ("triangular", 4, 8, 1.0),
    ("triangular2", 5, 5, 1.0),
    ("exp-range", 5, 5, 0.97),
):
    entry(
        "cyclic",
        TORCH.format("CyclicLR"),
        {
            "learningRate": 0.01,
            "maxLearningRate": 0.1,
            "stepsUp": up,
            "stepsDown": down,
            "mode": mode,
            "gamma": gamma,
        },
        stepped(
            lambda o: lr_scheduler.CyclicLR(
                o, 0.01, 0.1, up, down, mode.replace("-", "_"), gamma, cycle_momentum=False
            ),
            0.1,
        ),
        lambda t: cyclic(t, up, down, mode, gamma),
    )

# ---------- WSD, REX, tanh, Chebyshev ----------

FALLS = {
    "1-sqrt": lambda x: 1 - sqrt(x),
    "linear": lambda x: 1 - x,
    "1-square": lambda x: 1 - x * x,
    "cosine": lambda x: (1 + cos(pi * x)) / 2,
}
for shape in FALLS:
    floor_ratio = 0.1 if shape == "cosine" else 0.0

    def wsd(t):
        if t < 6:
            return 0.1 * t / 6
        if t < 18:
            return 0.1
        fall = FALLS[shape](min((t - 18) / 14, 1))
        return 0.1 * (floor_ratio + (1 - floor_ratio) * fall)

    entry(
        "wsd",
        OTHER.format("lr_scheduler.get_wsd_schedule"),
        {
            "learningRate": 0.1,
            "warmupSteps": 6,
            "stableSteps": 12,
            "decaySteps": 14,
            "decay": shape,
            "endValue": 0.1 * floor_ratio,
        },
        stepped(lambda o: other.get_wsd_schedule(o, 6, 12, 14, min_lr_ratio=floor_ratio, cooldown_type=shape), 0.1),
        wsd,
    )


def rex_values():
    scheduler = other.REXScheduler(sgd(0.1), 24, 0.1, 0.01)
    scheduler.step_t = 0
    return [scheduler.step() for _ in range(N + 1)]


entry(
    "rex",
    OTHER.format("lr_scheduler.REXScheduler"),
    {"learningRate": 0.1, "endValue": 0.01, "steps": 24},
    rex_values(),
    lambda t: 0.01 + 0.09 * (1 - t / 24) / (1 - t / 48) if t < 24 else 0.01,
)
entry(
    "tanh",
    TIMM.format("TanhLRScheduler") + " (from step steps on endValue itself, a jump of (1 - tanh(upper)) / 2)",
    {"learningRate": 0.1, "endValue": 0.01, "steps": 24, "lower": -7.0, "upper": 3.0},
    by_timm(lambda o: timm.scheduler.TanhLRScheduler(o, 24, lr_min=0.01)),
    lambda t: 0.01 + 0.045 * (1 - tanh(-7 * (1 - t / 24) + 3 * t / 24)) if t < 24 else 0.01,
)


def chebyshev(t, T, m, M):
    """Agarwal, Goel, Zhang 2021: reciprocals of the Chebyshev nodes of [m, M] in their fractal order."""
    order = [0]
    while len(order) < T:
        n = 2 * len(order)
        order = [i for a in order for i in (a, n - 1 - a)]
    theta = (order[t] + 0.5) * pi / T
    return 0.1 / ((M + m) / 2 - (M - m) / 2 * cos(theta))


entry(
    "chebyshev",
    OTHER.format("lr_scheduler.chebyshev.get_chebyshev_perm_steps") + " (steps a power of two)",
    {"learningRate": 0.1, "steps": 16, "lower": 0.05, "upper": 1.0},
    [0.1 * float(x) for x in other.chebyshev.get_chebyshev_perm_steps(16)],
    lambda t: chebyshev(t, 16, 0.05, 1.0),
)

# ---------- composition ----------

entry(
    "join",
    OPTAX.format("join_schedules") + " (each schedule counts from its own boundary)",
    {
        "parts": [
            {"name": "linear", "arguments": {"learningRate": 0.0, "endValue": 0.1, "steps": 5}},
            {"name": "constant", "arguments": {"learningRate": 0.1}},
            {"name": "cosine", "arguments": {"learningRate": 0.1, "endValue": 0.0, "steps": 10}},
        ],
        "boundaries": [5, 20],
    },
    called(
        optax.join_schedules(
            [
                optax.linear_schedule(0.0, 0.1, 5),
                optax.constant_schedule(0.1),
                optax.cosine_decay_schedule(0.1, 10),
            ],
            [5, 20],
        )
    ),
    lambda t: 0.1 * t / 5 if t < 5 else 0.1 if t < 20 else cosine(t - 20, 0.1, 0, 10),
)
factor = lambda t: 1.02 if t % 3 == 0 else 0.9 + 0.05 / t
entry(
    "multiplicative",
    TORCH.format("MultiplicativeLR"),
    {"learningRate": 0.1, "factors": [factor(t) for t in range(1, N + 1)]},
    stepped(lambda o: lr_scheduler.MultiplicativeLR(o, factor), 0.1),
    lambda t: 0.1 * prod(factor(s) for s in range(1, t + 1)),
)
entry(
    "lambda",
    TORCH.format("LambdaLR"),
    {"learningRate": 0.1, "factors": [factor(t + 1) for t in range(N + 1)]},
    stepped(lambda o: lr_scheduler.LambdaLR(o, lambda t: factor(t + 1)), 0.1),
    lambda t: 0.1 * factor(t + 1),
)
entry(
    "product",
    TORCH.format("ChainedScheduler") + " of ConstantLR(0.1, 4) and ExponentialLR(0.9): the product of the factors",
    {
        "parts": [
            {"name": "constant-factor", "arguments": {"learningRate": 1.0, "factor": 0.1, "steps": 4}},
            {"name": "exponential", "arguments": {"learningRate": 0.1, "gamma": 0.9}},
        ]
    },
    stepped(
        lambda o: lr_scheduler.ChainedScheduler(
            [lr_scheduler.ConstantLR(o, 0.1, 4), lr_scheduler.ExponentialLR(o, 0.9)]
        ),
        0.1,
    ),
    lambda t: 0.1 * (0.1 if t < 4 else 1) * 0.9**t,
)

# ---------- plateau ----------

METRIC = [1.0, 0.8, 0.79, 0.795, 0.79, 0.7899999, 0.79, 0.6, 0.61, 0.62, 0.6, 0.59, 0.6, 0.6]
METRIC += [0.6, 0.6, 0.6, 0.6, 0.58, 0.6, 0.6, 0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]


def plateau(
    factor=0.1,
    patience=10,
    threshold=1e-4,
    threshold_mode="rel",
    cooldown=0,
    min_lr=0.0,
    eps=1e-8,
    mode="min",
):
    """The rate after each metric, as PyTorch documents it."""
    rate, best, bad, cooling, rates = 0.1, None, 0, 0, []
    for metric in METRIC:
        m = -metric if mode == "max" else metric
        if best is None:
            better = True
        elif threshold_mode == "rel":
            better = m < (best * (1 + threshold) if mode == "max" else best * (1 - threshold))
        else:
            better = m < best - threshold
        best, bad = (m, 0) if better else (best, bad + 1)
        if cooling > 0:
            cooling, bad = cooling - 1, 0
        if bad > patience:
            lower = max(rate * factor, min_lr)
            rate = lower if rate - lower > eps else rate
            bad, cooling = 0, cooldown
        rates.append(rate)
    return rates


def torch_plateau(**arguments):
    optimizer = sgd(0.1)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **arguments)
    rates = []
    for metric in METRIC:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


OURS = {
    "factor": "factor",
    "patience": "patience",
    "threshold": "threshold",
    "threshold_mode": "thresholdMode",
    "cooldown": "cooldown",
    "min_lr": "minLearningRate",
    "eps": "epsilon",
    "mode": "mode",
}
PLATEAU = {
    "mode": "min",
    "factor": 0.1,
    "patience": 10,
    "threshold": 1e-4,
    "threshold_mode": "rel",
    "cooldown": 0,
}
PLATEAU |= {"min_lr": 0.0, "eps": 1e-8}
for differs in (
    {},
    {"patience": 2, "factor": 0.5},
    {"patience": 0, "factor": 0.5, "min_lr": 0.01},
    {"patience": 1, "factor": 0.5, "cooldown": 3},
    {"patience": 2, "factor": 0.5, "threshold": 0.05, "threshold_mode": "abs"},
    {"patience": 2, "factor": 0.5, "threshold": 0.05},
    {"patience": 3, "factor": 0.5, "mode": "max"},
    {"patience": 1, "factor": 0.5, "eps": 0.02},
):
    theirs = PLATEAU | differs
    rates = plateau(**theirs)
    entry(
        "plateau",
        TORCH.format("ReduceLROnPlateau") + " (values[i] after metrics[i]; reduced when the bad ones exceed patience)",
        {"learningRate": 0.1, **{OURS[k]: v for k, v in theirs.items()}},
        torch_plateau(**theirs),
        lambda i: rates[i],
        metrics=METRIC,
    )

if __name__ == "__main__":
    path = FIXTURES / "schedules.json"
    dump(path, {"schedules": ENTRIES})
    print(f"schedules: {len(ENTRIES)} entries, {path.stat().st_size / 1000:.0f} kB")
