"""Carries parameters and optimizer state between PyTorch and Downhill, in one safetensors file.

In Python, with the optimizer at hand:

    from torch_state import export_state, import_state
    export_state(optimizer, model.named_parameters(), "state.safetensors")   # read it with fromTorch
    import_state(optimizer, model.named_parameters(), "state.safetensors")   # written by toTorch

On the command line, from and to a checkpoint saved by torch.save({"model": ..., "optimizer": ...}) of two state dicts:

    python torch_state.py export checkpoint.pt state.safetensors --optimizer Adam
    python torch_state.py import state.safetensors checkpoint.pt

A state dict does not say which optimizer it is of, hence --optimizer. Nor does it name its parameters, unless the
optimizer was made from model.named_parameters(); then give their names in the optimizer's order with --names w,b.

The file: a tensor "parameters/NAME" for each parameter and "state/NAME/SLOT" for each tensor of its state, under
PyTorch's slot names (exp_avg, exp_avg_sq, momentum_buffer, step, ...), in PyTorch's own shapes, dtypes and layout
(a linear layer's weight is [out, in]). The header's metadata has one entry, "torch-optimizer-state", with JSON:
{ "version": 1, "optimizer": the class name, "groups": PyTorch's parameter groups with names for parameters }.

Only the optimizer's parameters are carried, not a model's buffers (running means). Needs torch and safetensors.
"""

import argparse
import json
import os
import pickle
import sys

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

ENTRY, VERSION = "torch-optimizer-state", 1


class StateError(Exception):
    """What does not fit, and what can be done."""


# ---------- the file ----------


def write(path, optimizer, groups, parameters, state):
    """Writes the file whole or not at all. state: name -> slot -> tensor; groups: dicts with names as "params"."""
    tensors = {f"parameters/{name}": p.detach().cpu().contiguous() for name, p in parameters.items()}
    for name, slots in state.items():
        for slot, value in slots.items():
            if value is not None:  # SGD has no buffer without momentum
                tensors[f"state/{name}/{slot}"] = torch.as_tensor(value).detach().cpu().contiguous()
    header = {"version": VERSION, "optimizer": optimizer, "groups": [plain(g) for g in groups]}
    unfinished = f"{path}.part"
    with open(unfinished, "wb") as file:
        file.write(save({k: t.clone() for k, t in tensors.items()}, {ENTRY: json.dumps(header)}))
    os.replace(unfinished, path)


def read(path):
    """The file's optimizer name, groups, parameters by name and state by name and slot."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    if ENTRY not in metadata:
        raise StateError(f'{path}: its metadata has no "{ENTRY}"; it has {sorted(metadata)}')
    header = json.loads(metadata[ENTRY])
    if header["version"] != VERSION:
        raise StateError(f"{path} is of version {header['version']}, this script reads version {VERSION}")
    parameters, state = {}, {}
    for key, tensor in tensors.items():
        kind, _, rest = key.partition("/")
        if kind == "parameters":
            parameters[rest] = tensor
        elif kind == "state":
            name, _, slot = rest.rpartition("/")
            state.setdefault(name, {})[slot] = tensor
        else:
            raise StateError(f'{path}: tensor "{key}" is neither under parameters/ nor under state/')
    groups = header["groups"]
    for name in [name for group in groups for name in group["params"]]:
        if name not in parameters:
            raise StateError(f'{path}: a group has "{name}", there are the parameters {sorted(parameters)}')
    return header["optimizer"], groups, parameters, state


def plain(group):
    """A parameter group as JSON: tensors and tuples become numbers and lists."""
    value = lambda v: v.item() if torch.is_tensor(v) else list(v) if isinstance(v, tuple) else v
    return {k: value(v) for k, v in group.items() if k != "param_names"}


# ---------- an optimizer ----------


def names_of(optimizer, named_parameters):
    """The optimizer's parameters by index, as its state dict counts them, and all parameters by name."""
    parameters = dict(named_parameters)
    name_of = {id(p): name for name, p in parameters.items()}
    names = []
    for group in optimizer.param_groups:
        for p in group["params"]:
            if id(p) not in name_of:
                raise StateError(f"the optimizer has a parameter of shape {list(p.shape)} that is not among the names")
            names.append(name_of[id(p)])
    return names, parameters


def export_state(optimizer, named_parameters, path):
    """Writes the optimizer's state, its hyper-parameters and the parameters' values."""
    names, parameters = names_of(optimizer, named_parameters)
    export_dicts(type(optimizer).__name__, optimizer.state_dict(), parameters, names, path)


def export_dicts(optimizer, state_dict, parameters, names, path):
    """As export_state, from state dicts: parameters by name, names in the order of the optimizer's indices."""
    groups = [g | {"params": [names[i] for i in g["params"]]} for g in state_dict["param_groups"]]
    state = {names[i]: slots for i, slots in state_dict["state"].items()}
    write(path, optimizer, groups, {name: parameters[name] for name in names}, state)


def import_state(optimizer, named_parameters, path):
    """Sets the parameters' values, the optimizer's state and its hyper-parameters from the file."""
    names, parameters = names_of(optimizer, named_parameters)
    kind, groups, values, state = read(path)
    if kind != type(optimizer).__name__:
        raise StateError(f"{path} is the state of {kind}, the optimizer is {type(optimizer).__name__}")
    if sorted(names) != sorted(values):
        raise StateError(f"{path} has the parameters {sorted(values)}, the optimizer {sorted(names)}")
    for name in names:
        if values[name].shape != parameters[name].shape:
            shapes = list(values[name].shape), list(parameters[name].shape)
            raise StateError(f'{path}: parameter "{name}" has shape {shapes[0]}, the model {shapes[1]}')
    optimizer.load_state_dict(state_dict_of(groups, state, names, optimizer.state_dict()["param_groups"]))
    with torch.no_grad():
        for name in names:
            parameters[name].copy_(values[name])


def state_dict_of(groups, state, names, template):
    """PyTorch's state dict; the template's groups say which are its own fields, and which of them are tuples."""
    index = {name: i for i, name in enumerate(names)}
    filled = []
    for group in template:
        own = [names[i] for i in group["params"]]
        found = next((g for g in groups if sorted(g["params"]) == sorted(own)), None)
        if found is None:
            raise StateError(f"no group in the file has just the parameters {own}")
        value = lambda k, v: v if k not in found else tuple(found[k]) if isinstance(v, tuple) else found[k]
        filled.append({k: value(k, v) for k, v in group.items()} | {"params": group["params"]})
    return {"state": {index[name]: dict(slots) for name, slots in state.items()}, "param_groups": filled}


# ---------- command line ----------


def export_checkpoint(source, target, optimizer, names):
    checkpoint = torch.load(source, map_location="cpu", weights_only=True)
    missing = {"model", "optimizer"} - set(checkpoint)
    if missing:
        raise StateError(f"{source}: expected the keys model and optimizer, found {sorted(checkpoint)}")
    groups = checkpoint["optimizer"]["param_groups"]
    if names is None:
        if not all("param_names" in g for g in groups):
            raise StateError(f"{source} does not name the optimizer's parameters: give --names, in its order")
        names = [name for g in groups for name in g["param_names"]]
    count = sum(len(g["params"]) for g in groups)
    if len(names) != count:
        raise StateError(f"{source}: the optimizer has {count} parameters, --names gives {len(names)}")
    unknown = [name for name in names if name not in checkpoint["model"]]
    if unknown:
        raise StateError(f"{source}: no parameters {unknown}; the model has {sorted(checkpoint['model'])}")
    export_dicts(optimizer, checkpoint["optimizer"], checkpoint["model"], names, target)


def import_checkpoint(source, target):
    kind, groups, parameters, state = read(source)
    names = [name for g in groups for name in g["params"]]
    index = {name: i for i, name in enumerate(names)}
    tuples = lambda v: tuple(v) if isinstance(v, list) else v
    param_groups = [
        {k: tuples(v) for k, v in g.items()} | {"params": [index[n] for n in g["params"]], "param_names": g["params"]}
        for g in groups
    ]
    unfinished = f"{target}.part"
    torch.save(
        {
            "model": parameters,
            "optimizer": {"state": {index[n]: s for n, s in state.items()}, "param_groups": param_groups},
            "optimizer_class": kind,
        },
        unfinished,
    )
    os.replace(unfinished, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="from a PyTorch checkpoint to a safetensors file")
    export.add_argument("checkpoint")
    export.add_argument("safetensors")
    export.add_argument("--optimizer", required=True, help="the optimizer's class, as Adam or AdamW")
    export.add_argument("--names", help="the parameters' names in the optimizer's order, as w,b")
    back = commands.add_parser("import", help="from a safetensors file to a PyTorch checkpoint")
    back.add_argument("safetensors")
    back.add_argument("checkpoint")
    a = parser.parse_args()
    try:
        if a.command == "export":
            export_checkpoint(a.checkpoint, a.safetensors, a.optimizer, a.names.split(",") if a.names else None)
        else:
            import_checkpoint(a.safetensors, a.checkpoint)
    except (StateError, OSError) as error:
        sys.exit(f"torch_state: {error}")
    except SafetensorError as error:
        sys.exit(f"torch_state: {a.safetensors} is not a whole safetensors file: {error}")
    except (pickle.UnpicklingError, RuntimeError):
        sys.exit(f"torch_state: {a.checkpoint} is not a checkpoint of tensors and plain values")


if __name__ == "__main__":
    main()
