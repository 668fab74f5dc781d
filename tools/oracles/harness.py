"""Runs an optimizer over the recorded gradients and writes the trajectory as a fixture.

A *run* is the list of the 100 states after each step, each a dict of arrays by parameter name; with a second
read-out it is a pair (run, views). There are three ways to get one: torch_run, optax_run, and for a transcription
per_tensor or all_tensors.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "packages" / "optimizers" / "fixtures"
STEPS = [1, 2, 3, 4, 5, 10, 20, 50, 100]


# ---------- data ----------


@dataclass
class Data:
    start: dict  # name -> array
    gradients: list  # per step: name -> array
    values: list  # per step: the loss


CHANGES = [{}]  # how load() differs from the recorded run: a case may ask for that


def load():
    return changed(**CHANGES[-1])


@lru_cache
def changed(parameters=1.0, gradients=1.0, first=1):
    """The recorded run with factors of its start and its gradients, begun at another gradient and value."""
    data = recorded()
    begun = lambda rows: rows[first - 1 :] + rows[: first - 1]
    times = lambda tree, factor: {k: x * factor for k, x in tree.items()}
    return Data(
        start=times(data.start, parameters),
        gradients=[times(g, gradients) for g in begun(data.gradients)],
        values=begun(data.values),
    )


@lru_cache
def recorded():
    raw = json.loads((FIXTURES / "gradients.json").read_text())
    shape = {k: v["shape"] for k, v in raw["parameters"].items()}
    array = lambda name, data: np.array(data, dtype=np.float64).reshape(shape[name])
    return Data(
        start={k: array(k, v["data"]) for k, v in raw["parameters"].items()},
        gradients=[{k: array(k, v) for k, v in row.items()} for row in raw["gradients"]],
        values=raw.get("values"),
    )


# ---------- the three ways to run a rule ----------


def torch_run(make, view=None, before=None, dtype="float64"):
    """Runs a torch.optim.Optimizer; make(parameters) builds it from the list of w, b, s.

    view(optimizer, parameters) gives the second read-out after a step; before(parameters) may change the gradients.
    """
    import torch

    dtype = getattr(torch, dtype)
    torch.set_default_dtype(dtype)
    data = load()
    parameters = {k: torch.nn.Parameter(torch.tensor(v, dtype=dtype)) for k, v in data.start.items()}
    optimizer = make(list(parameters.values()))
    run, views = [], []
    read = lambda: {k: p.detach().numpy().copy() for k, p in parameters.items()}
    for gradient in data.gradients:
        for k, p in parameters.items():
            p.grad = torch.tensor(gradient[k], dtype=dtype)
        if before:
            before(parameters)
        optimizer.step()
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


def flat(tree):
    """All tensors as one vector."""
    return np.concatenate([np.ravel(x) for x in tree.values()])


def split(vector):
    """The tensors of such a vector."""
    out, at = {}, 0
    for k, x in load().start.items():
        out[k] = np.array(vector[at : at + x.size]).reshape(x.shape)
        at += x.size
    return out


def all_tensors(rule, **hyper):
    """Runs a transcription that sees all tensors as one vector: rule(x, gradients, values, **hyper)."""
    data = load()
    steps = list(rule(flat(data.start), [flat(g) for g in data.gradients], data.values, **hyper))
    if isinstance(steps[0], tuple):
        return [split(x) for x, _ in steps], [split(y) for _, y in steps]
    return [split(x) for x in steps]


def transformed(transform, rule, **hyper):
    """Runs an elementwise transcription on gradients sent through transform(gradients, parameters), both by name."""
    data = load()
    x = [flat(data.start)]
    gradients = (flat(transform(g, split(x[-1]))) for g in data.gradients)
    for y in rule(x[0], gradients, **hyper):
        x.append(y)
    return [split(y) for y in x[1:]]


# ---------- rules ----------


@dataclass
class Rule:
    name: str
    source: str
    hyper: dict  # our names, with the defaults
    options: dict
    cases: dict  # name -> what differs from the defaults
    oracle: object  # h -> run, the fixture's numbers
    checks: list  # h -> run or None where it does not apply: second ways to the same numbers
    tolerance: float
    float32: object  # h -> the same implementation's run in float32, where it deviates by more than other rules do
    extra: dict  # further facts for the fixture's reader


RULES = {}
BASES = {}  # the rules that transforms and wrappers are composed with: their fixtures' option "base" names one


def rule(name, source, *, hyper, cases, oracle, checks, options=None, tolerance=1e-13, float32=None, **extra):
    """Registers a rule; the case "defaults" is added. h has every hyper-parameter and option as an attribute.

    A case's "on" says how its run differs from the recorded one: changed().
    """
    cases = {"defaults": {}, **cases}
    RULES[name] = Rule(name, source, hyper, options or {}, cases, oracle, checks, tolerance, float32, extra)


def deviation(a, b):
    """The largest difference of any element at any step, over its largest magnitude from the start to that step."""
    worst = 0.0
    for k, start in load().start.items():
        x, y = np.array([start] + [r[k] for r in a]), np.array([start] + [r[k] for r in b])
        largest = np.maximum.accumulate(np.abs(x))
        worst = max(worst, np.max(np.abs(x - y) / np.where(largest, largest, 1)))
    return worst


def pair(run):
    return run if isinstance(run, tuple) else (run, None)


def rows(run):
    return {k: [np.ravel(run[t - 1][k]).tolist() for t in STEPS] for k in run[0]}


def record(r):
    """Runs all cases of a rule, compares each with its checks, and writes its fixture. Returns the worst deviation."""
    cases, deviations = [], []
    for name, differs in r.cases.items():
        on = differs.get("on", {})
        CHANGES.append(on)
        differs = {k: v for k, v in differs.items() if k != "on"}
        unknown = set(differs) - set(r.hyper) - set(r.options)
        if unknown:
            raise ValueError(f"{r.name}/{name}: neither hyper-parameter nor option: {unknown}")
        hyper = {k: differs.get(k, v) for k, v in r.hyper.items()}
        options = {k: differs.get(k, v) for k, v in r.options.items()}
        h = SimpleNamespace(**hyper, **options)
        run, view = pair(r.oracle(h))
        if not all(np.isfinite(x[k]).all() for x in run for k in x):
            raise ValueError(f"{r.name}/{name}: the trajectory is not finite")
        for check in r.checks:
            other = check(h)
            if other is None:
                continue
            again, view_again = pair(other)
            d = max(deviation(run, again), deviation(view, view_again) if view else 0.0)
            deviations.append(d)
            if not d <= r.tolerance:
                raise ValueError(f"{r.name}/{name}: two ways differ by {d:.2e}, allowed {r.tolerance:.0e}")
        hyper = {k: v for k, v in hyper.items() if v is not None}  # null: a default that JSON cannot write
        base = {"base": BASES[options.pop("base")]} if "base" in options else {}
        case = {
            "name": name,
            **base,
            "hyper": hyper,
            "options": options,
            **({"on": on} if on else {}),
            "steps": STEPS,
            "trajectory": rows(run),
        }
        if view:
            case["view"] = rows(view)
        if r.float32 and (d := deviation(run, r.float32(h))) > 1e-5:
            case["float32"] = float(f"{d:.1e}")
        cases.append(case)
    path = FIXTURES / f"{r.name}.json"
    dump(path, {"rule": r.name, "source": r.source, **r.extra, "cases": cases})
    agreed = f"{len(deviations)} checks, worst {max(deviations):.1e}" if deviations else "NOT CHECKED"
    print(f"{r.name}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB, {agreed}", flush=True)
    return max(deviations, default=None)


def dump(path, value):
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
