"""python optax_state_fixtures.py: writes fixtures/optax_state/, optax runs exported after 20 steps and their sequel.

Each run is also continued from its own file by a fresh optimizer, through tools/optax_state.py, and must go on bit for
bit as the run that was never exported.
"""

import sys

import jax
import numpy as np
import optax
from harness import FIXTURES, ROOT, dump, load

sys.path.insert(0, str(ROOT / "tools"))
from optax_state import export_state, import_state  # noqa: E402

EXPORTED = 20
STEPS = [21, 22, 23, 24, 25, 30, 50, 100]
HYPER = {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.98, "epsilon": 1e-6}

# file, kind, optax's, our rule, hyper-parameters, dtype
RUNS = [
    ("adam", "Adam", optax.adam(0.05, 0.85, 0.98, 1e-6), "adam", HYPER, "float64"),
    (
        "adamw-clipped",
        "AdamW",
        optax.chain(optax.clip_by_global_norm(1e9), optax.adamw(0.05, 0.85, 0.98, 1e-6, weight_decay=0.3)),
        "adamw",
        HYPER | {"weightDecay": 0.3},
        "float64",
    ),
    (
        "adamw-float32",
        "AdamW",
        optax.adamw(0.05, 0.85, 0.98, 1e-6, weight_decay=0.3),
        "adamw",
        HYPER | {"weightDecay": 0.3},
        "float32",
    ),
    ("adamax", "Adamax", optax.adamax(0.05, 0.85, 0.98, 1e-6), "adamax", HYPER, "float64"),
]


def start(transform, dtype):
    parameters = {k: jax.numpy.asarray(v, dtype) for k, v in load().start.items()}
    return transform.init(parameters), parameters


def advance(transform, state, parameters, first, last):
    """Steps first to last: the state, and the parameters after each."""
    after = {}
    for t in range(first, last + 1):
        gradient = {k: jax.numpy.asarray(load().gradients[t - 1][k], p.dtype) for k, p in parameters.items()}
        updates, state = transform.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        after[t] = parameters
    return state, after


def main():
    folder = FIXTURES / "optax_state"
    for name, kind, transform, rule, hyper, dtype in RUNS:
        state, after = advance(transform, *start(transform, dtype), 1, EXPORTED)
        path = folder / f"{name}.safetensors"
        path.parent.mkdir(parents=True, exist_ok=True)
        export_state(state, after[EXPORTED], path, kind)
        _, sequel = advance(transform, state, after[EXPORTED], EXPORTED + 1, 100)

        _, again = advance(transform, *import_state(*start(transform, dtype), path), EXPORTED + 1, 100)
        if not all(np.array_equal(sequel[t][k], again[t][k]) for t in sequel for k in sequel[t]):
            raise ValueError(f"{name}: the run continued from the file differs")

        description = {
            "rule": rule,
            "source": f"optax.{rule} 0.2.8, exported by tools/optax_state.py",
            "file": path.name,
            "dtype": dtype,
            "exportedAfter": EXPORTED,
            "hyper": hyper,
            "options": {},
            "steps": STEPS,
            "trajectory": {k: [np.ravel(sequel[t][k]).tolist() for t in STEPS] for k in after[EXPORTED]},
        }
        dump(folder / f"{name}.json", description)
        print(f"optax_state/{name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
