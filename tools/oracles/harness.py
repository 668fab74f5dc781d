"""Runs an optimizer over the recorded gradients and writes the trajectory as a fixture.

A *run* is the list of the 100 states after each step, each a dict of arrays by parameter name; with a second
read-out it is a pair (run, views). There are three ways to get one: torch_run, optax_run and paper_run.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("JAX_ENABLE_X64", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "packages" / "optimizers" / "fixtures"
STEPS = [1, 2, 3, 4, 5, 10, 20, 50, 100]


# ---------- data ----------


@dataclass
class Data:
    start: dict  # name -> array
    gradients: list  # per step: name -> array
    values: list  # per step: the loss


def load():
    raw = json.loads((FIXTURES / "gradients.json").read_text())
    shape = {k: v["shape"] for k, v in raw["parameters"].items()}
    array = lambda name, data: np.array(data, dtype=np.float64).reshape(shape[name])
    return Data(
        start={k: array(k, v["data"]) for k, v in raw["parameters"].items()},
        gradients=[{k: array(k, v) for k, v in row.items()} for row in raw["gradients"]],
        values=raw["values"],
    )


# ---------- the three ways to run a rule ----------


def torch_run(make, view=None, closure=False):
    """Runs a torch.optim.Optimizer in float64; make(parameters) builds it from the list of w, b, s.

    view(optimizer, parameters) gives the second read-out after a step. With closure, step() gets one that returns
    the recorded loss value.
    """
    import torch

    torch.set_default_dtype(torch.float64)
    data = load()
    parameters = {k: torch.nn.Parameter(torch.tensor(v)) for k, v in data.start.items()}
    optimizer = make(list(parameters.values()))
    run, views = [], []
    read = lambda: {k: p.detach().numpy().copy() for k, p in parameters.items()}
    for gradient, value in zip(data.gradients, data.values):
        for k, p in parameters.items():
            p.grad = torch.tensor(gradient[k])
        optimizer.step(lambda: torch.tensor(value)) if closure else optimizer.step()
        run.append(read())
        if view:
            views.append(view(optimizer, parameters))
    return (run, views) if view else run


def optax_run(transform, view=None, extra=None):
    """Runs an optax GradientTransformation in float64 (JAX_ENABLE_X64).

    view(state, parameters) gives the second read-out; extra(value, gradient) further arguments of update().
    """
    import jax
    import optax

    data = load()
    parameters = {k: jax.numpy.asarray(v) for k, v in data.start.items()}
    state = transform.init(parameters)

    @jax.jit
    def step(parameters, state, gradient, more):
        updates, state = transform.update(gradient, state, parameters, **more)
        return optax.apply_updates(parameters, updates), state

    run, views = [], []
    read = lambda tree: {k: np.array(p) for k, p in tree.items()}
    for gradient, value in zip(data.gradients, data.values):
        more = extra(value, gradient) if extra else {}
        parameters, state = step(parameters, state, gradient, more)
        run.append(read(parameters))
        if view:
            views.append(read(view(state, parameters)))
    return (run, views) if view else run


def per_tensor(rule, **hyper):
    """Runs a transcription rule(x, gradients, **hyper) -> x after each step, tensor by tensor.

    A rule that yields pairs has a second read-out.
    """
    data = load()
    runs = {}
    for k, x in data.start.items():
        with np.errstate(divide="ignore", invalid="ignore"):
            runs[k] = list(rule(x.copy(), [g[k] for g in data.gradients], **hyper))
    if isinstance(runs["w"][0], tuple):
        return tuple([{k: np.array(runs[k][t][i]) for k in runs} for t in range(100)] for i in (0, 1))
    return [{k: np.array(runs[k][t]) for k in runs} for t in range(100)]


def all_tensors(rule, **hyper):
    """Runs a transcription that sees all tensors as one vector: rule(x, gradients, values, **hyper)."""
    data = load()
    flat = lambda tree: np.concatenate([np.ravel(tree[k]) for k in data.start])
    shapes = {k: v.shape for k, v in data.start.items()}

    def split(x):
        out, at = {}, 0
        for k, shape in shapes.items():
            n = int(np.prod(shape))
            out[k] = np.array(x[at : at + n]).reshape(shape)
            at += n
        return out

    steps = list(rule(flat(data.start), [flat(g) for g in data.gradients], data.values, **hyper))
    if isinstance(steps[0], tuple):
        return [split(x) for x, _ in steps], [split(y) for _, y in steps]
    return [split(x) for x in steps]


# ---------- fixtures ----------


@dataclass
class Case:
    """One setting of a rule: our names in hyper and options, an oracle, and a second way to the same numbers."""

    name: str
    hyper: dict
    options: dict
    oracle: object  # () -> run
    check: object = None  # () -> run
    tolerance: float = 1e-13  # of the trajectory's largest magnitude, between oracle and check


@dataclass
class Rule:
    name: str
    source: str
    cases: list = field(default_factory=list)
    extra: dict = field(default_factory=dict)  # further facts for the fixture's reader


RULES = {}


def rule(name, source, cases, **extra):
    RULES[name] = Rule(name, source, cases, extra)


def deviation(a, b):
    """Largest difference of two runs, over the trajectory's largest magnitude."""
    largest = max(np.max(np.abs(x[k])) for x in a for k in x)
    return max(np.max(np.abs(x[k] - y[k])) for x, y in zip(a, b) for k in x) / largest


def pair(run):
    return run if isinstance(run, tuple) else (run, None)


def rows(run):
    return {k: [np.ravel(run[t - 1][k]).tolist() for t in STEPS] for k in run[0]}


def record(r):
    """Runs all cases of a rule, compares each with its check, and writes its fixture. Returns a report line."""
    cases, worst = [], None
    for c in r.cases:
        run, view = pair(c.oracle())
        if not all(np.isfinite(x[k]).all() for x in run for k in x):
            raise ValueError(f"{r.name}/{c.name}: the trajectory is not finite")
        if c.check:
            again, view_again = pair(c.check())
            d = max(deviation(run, again), deviation(view, view_again) if view else 0.0)
            if not d <= c.tolerance:
                raise ValueError(f"{r.name}/{c.name}: the two ways differ by {d:.2e}, allowed {c.tolerance:.0e}")
            worst = max(worst or 0.0, d)
        case = {"name": c.name, "hyper": c.hyper, "options": c.options, "steps": STEPS, "trajectory": rows(run)}
        if view:
            case["view"] = rows(view)
        cases.append(case)
    path = FIXTURES / f"{r.name}.json"
    dump(path, {"rule": r.name, "source": r.source, **r.extra, "cases": cases})
    checked = "unchecked" if worst is None else f"checked to {worst:.1e}"
    return f"{r.name}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB, {checked}"


def dump(path, value, indent=0):
    """Writes JSON with numbers that read back exactly: objects over lines, arrays of numbers on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(value) + "\n")


def text(value, pad=""):
    inner = pad + " "
    if isinstance(value, dict) and any(isinstance(v, (dict, list)) for v in value.values()):
        items = [f"{inner}{json.dumps(k)}: {text(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{pad}}}"
    if isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
        return "[\n" + ",\n".join(inner + text(v, inner) for v in value) + f"\n{pad}]"
    return json.dumps(value, allow_nan=False)
