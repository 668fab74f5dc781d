"""python torch_state_fixtures.py: writes fixtures/torch_state/, PyTorch runs exported after 20 steps and their sequel.

Each run is also continued from its own file by a fresh optimizer, through tools/torch_state.py and through its command
line, and must go on bit for bit as the run that was never exported.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from harness import FIXTURES, ROOT, dump, load
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop

sys.path.insert(0, str(ROOT / "tools"))
from torch_state import export_state, import_state  # noqa: E402

EXPORTED = 20
STEPS = [21, 22, 23, 24, 25, 30, 50, 100]

SGD_MOMENTUM = {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.1}
ADAM = {"lr": 0.05, "betas": (0.85, 0.98), "eps": 1e-6, "weight_decay": 0.1, "amsgrad": True}
ADAMW = {"lr": 0.05, "weight_decay": 0.3}
RMSPROP = {"lr": 0.01, "alpha": 0.9, "momentum": 0.9, "centered": True, "weight_decay": 0.1}
ADAGRAD = {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1, "initial_accumulator_value": 0.1}

# file, optimizer, PyTorch's arguments, our rule, hyper-parameters and options, dtype
RUNS = [
    (
        "sgd-momentum",
        SGD,
        SGD_MOMENTUM,
        "sgd",
        {"learningRate": 0.05, "momentum": 0.9, "dampening": 0.0, "weightDecay": 0.1},
        {"nesterov": False},
        torch.float64,
    ),
    (
        "adam-amsgrad",
        Adam,
        ADAM,
        "adam",
        {"learningRate": 0.05, "beta1": 0.85, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.1},
        {"amsgrad": True},
        torch.float64,
    ),
    (
        "adamw",
        AdamW,
        ADAMW,
        "adamw",
        {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.3},
        {"amsgrad": False},
        torch.float64,
    ),
    (
        "adamw-float32",
        AdamW,
        ADAMW,
        "adamw",
        {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.3},
        {"amsgrad": False},
        torch.float32,
    ),
    (
        "rmsprop",
        RMSprop,
        RMSPROP,
        "rmsprop",
        {"learningRate": 0.01, "alpha": 0.9, "epsilon": 1e-8, "weightDecay": 0.1, "momentum": 0.9},
        {"centered": True},
        torch.float64,
    ),
    (
        "adagrad",
        Adagrad,
        ADAGRAD,
        "adagrad",
        {
            "learningRate": 0.1,
            "lrDecay": 0.05,
            "weightDecay": 0.1,
            "initialAccumulatorValue": 0.1,
            "epsilon": 1e-10,
        },
        {},
        torch.float64,
    ),
]


def start(kind, arguments, dtype):
    torch.set_default_dtype(dtype)
    parameters = {k: torch.nn.Parameter(torch.tensor(v, dtype=dtype)) for k, v in load().start.items()}
    return parameters, kind(parameters.items(), **arguments)


def advance(parameters, optimizer, first, last):
    """Steps first to last; the parameters after each."""
    after = {}
    for t in range(first, last + 1):
        for k, p in parameters.items():
            p.grad = torch.tensor(load().gradients[t - 1][k], dtype=p.dtype)
        optimizer.step()
        after[t] = {k: p.detach().clone() for k, p in parameters.items()}
    return after


def same(a, b):
    return all(torch.equal(a[t][k], b[t][k]) for t in a for k in a[t])


def through_command_line(path, kind, arguments, dtype):
    """A fresh run from the file by way of the command line, exported again and imported: its sequel."""
    tool = ROOT / "tools" / "torch_state.py"
    with tempfile.TemporaryDirectory() as folder:
        call = lambda *args: subprocess.run([sys.executable, str(tool), *map(str, args)], check=True)
        checkpoint, again = Path(folder, "checkpoint.pt"), Path(folder, "again.safetensors")
        call("import", path, checkpoint)
        call("export", checkpoint, again, "--optimizer", kind.__name__)
        parameters, optimizer = start(kind, arguments, dtype)
        import_state(optimizer, parameters.items(), again)
    return advance(parameters, optimizer, EXPORTED + 1, 100)


def main():
    folder = FIXTURES / "torch_state"
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind, arguments, rule, hyper, options, dtype in RUNS:
        parameters, optimizer = start(kind, arguments, dtype)
        advance(parameters, optimizer, 1, EXPORTED)
        path = folder / f"{name}.safetensors"
        export_state(optimizer, parameters.items(), path)
        sequel = advance(parameters, optimizer, EXPORTED + 1, 100)

        fresh, other = start(kind, arguments | {"lr": 123.0}, dtype)
        import_state(other, fresh.items(), path)
        if not same(sequel, advance(fresh, other, EXPORTED + 1, 100)):
            raise ValueError(f"{name}: the run continued from the file differs")
        if not same(sequel, through_command_line(path, kind, arguments, dtype)):
            raise ValueError(f"{name}: the run continued through the command line differs")

        rows = {k: [sequel[t][k].double().flatten().tolist() for t in STEPS] for k in parameters}
        description = {
            "rule": rule,
            "source": f"torch.optim.{kind.__name__} 2.14.1, exported by tools/torch_state.py",
            "file": path.name,
            "dtype": str(dtype).removeprefix("torch."),
            "exportedAfter": EXPORTED,
            "hyper": hyper,
            "options": options,
            "steps": STEPS,
            "trajectory": rows,
        }
        dump(folder / f"{name}.json", description)
        print(
            f"torch_state/{name}: {path.stat().st_size} bytes, slots",
            *json.loads(json.dumps(sorted(optimizer.state_dict()["state"][0]))),
        )


if __name__ == "__main__":
    main()
