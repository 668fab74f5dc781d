"""Carries parameters and the state of optax's adam, adamw and adamax between JAX and Downhill, in one safetensors file.

    from optax_state import export_state, import_state
    export_state(state, parameters, "state.safetensors", "AdamW")             # read it with fromTorch
    state, parameters = import_state(state, parameters, "state.safetensors")  # written by toTorch

`parameters` is a tree of arrays, whose names are its keys joined by dots: {"dense": {"kernel": ...}} has
"dense.kernel". `state` is what init() or update() gave; other transforms around Adam's stay as they are. The kind is
Adam, AdamW or Adamax: these rules are the same in optax and PyTorch, without Nesterov's momentum, and so is their
file, that of torch_state.py. AMSGrad is not: its largest moment is another one in optax. JAX keeps matrices as
[in, out], as Downhill does, so nothing is to be transposed.

Needs optax and safetensors.
"""

import json
import os

import jax
import numpy as np
import optax
from safetensors import safe_open
from safetensors.numpy import save

ENTRY, VERSION = "torch-optimizer-state", 1
# The moments' names in PyTorch, and the one field that its groups must have.
KINDS = {
    "Adam": (("exp_avg", "exp_avg_sq"), {"decoupled_weight_decay": False}),
    "AdamW": (("exp_avg", "exp_avg_sq"), {"decoupled_weight_decay": True}),
    "Adamax": (("exp_avg", "exp_inf"), {}),
}


class StateError(Exception):
    """What does not fit, and what can be done."""


def export_state(state, parameters, path, kind):
    """Writes parameters and state, the file whole or not at all."""
    moments, fields = moments_of(kind)
    adam = adam_state(state)
    tensors = {}
    for name, p, mu, nu in zip(names_of(parameters), *map(leaves, (parameters, adam.mu, adam.nu))):
        step = np.asarray(adam.count, np.asarray(p).dtype)
        slots = {"step": step, moments[0]: mu, moments[1]: nu}
        tensors |= {f"parameters/{name}": p} | {f"state/{name}/{slot}": x for slot, x in slots.items()}
    header = {"version": VERSION, "optimizer": kind, "groups": [fields | {"params": names_of(parameters)}]}
    unfinished = f"{path}.part"
    with open(unfinished, "wb") as file:
        file.write(save({k: np.asarray(x, order="C") for k, x in tensors.items()}, {ENTRY: json.dumps(header)}))
    os.replace(unfinished, path)


def import_state(state, parameters, path):
    """The state and the parameters with the file's numbers in them."""
    with safe_open(path, framework="np") as file:
        header = json.loads((file.metadata() or {}).get(ENTRY, "null"))
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    if header is None or header["version"] != VERSION:
        raise StateError(f'{path}: its metadata must have "{ENTRY}" of version {VERSION}')
    moments, _ = moments_of(header["optimizer"])
    names = names_of(parameters)
    found = sorted(k.removeprefix("parameters/") for k in tensors if k.startswith("parameters/"))
    if found != sorted(names):
        raise StateError(f"{path} has the parameters {found}, the tree {sorted(names)}")
    steps = {int(tensors.get(f"state/{name}/step", 0)) for name in names}
    if len(steps) != 1:
        raise StateError(f"{path}: parameters have made {sorted(steps)} updates; optax counts them for all together")

    def read(tree, key):
        made = [fitting(f"{path}: {key(n)}", tensors.get(key(n)), x) for n, x in zip(names, leaves(tree))]
        return jax.tree.unflatten(jax.tree.structure(tree), made)

    def renewed(adam):
        return adam._replace(
            count=jax.numpy.asarray(steps.pop(), adam.count.dtype),
            mu=read(adam.mu, lambda name: f"state/{name}/{moments[0]}"),
            nu=read(adam.nu, lambda name: f"state/{name}/{moments[1]}"),
        )

    adam_state(state)
    state = jax.tree.map(lambda x: renewed(x) if is_adam(x) else x, state, is_leaf=is_adam)
    return state, read(parameters, lambda name: f"parameters/{name}")


def is_adam(x):
    return isinstance(x, optax.ScaleByAdamState)


leaves = jax.tree.leaves


def adam_state(state):
    found = [x for x in leaves(state, is_leaf=is_adam) if is_adam(x)]
    if len(found) == 1:
        return found[0]
    raise StateError(f"the state has {len(found)} of optax.ScaleByAdamState; expected one")


def moments_of(kind):
    if kind in KINDS:
        return KINDS[kind]
    raise StateError(f"{kind} is not among {', '.join(KINDS)}")


def names_of(parameters):
    part = lambda key: str(next(getattr(key, a) for a in ("key", "idx", "name") if hasattr(key, a)))
    return [".".join(map(part, path)) for path, _ in jax.tree_util.tree_leaves_with_path(parameters)]


def fitting(what, found, template):
    if found is None:
        raise StateError(f"{what} is not there")
    if found.shape != np.shape(template):
        raise StateError(f"{what} has shape {list(found.shape)}, expected {list(np.shape(template))}")
    return jax.numpy.asarray(found, template.dtype)
