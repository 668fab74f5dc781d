"""PyTorch as a participant: requests on stdin, answers on stdout, a line of JSON each. One thread."""

import json
import sys
import time

import torch

torch.set_num_threads(1)
VARIANT = sys.argv[1] if len(sys.argv) > 1 else "foreach"
RATES = {"adam": 1e-3, "adamw": 1e-3, "momentum": 1e-2}


def numbers(seed, shape, scale=1.0, dtype=torch.float32):
    count = 1
    for length in shape:
        count *= length
    i = torch.arange(count, dtype=torch.int64)
    x = ((i * 7919 + seed * 104729) % 20011).double() / 20011 - 0.5
    return (x * scale).to(dtype).reshape(shape)


def sampled(x):
    """Numbers from all over a result: all of a short one."""
    return x.flatten()[:: -(-x.numel() // 500)].tolist()


def optimizer(rule, parameters):
    how = {"fused": True} if VARIANT == "fused" else {"foreach": True}
    if rule == "adam":
        return torch.optim.Adam(parameters, lr=RATES[rule], **how)
    if rule == "adamw":
        return torch.optim.AdamW(parameters, lr=RATES[rule], **how)
    if rule == "momentum":
        return torch.optim.SGD(parameters, lr=RATES[rule], momentum=0.9, **how)
    return None


def training(sizes, batch, classes, make):
    p = []
    for i in range(len(sizes) - 1):
        p.append(numbers(10 + 2 * i, (sizes[i], sizes[i + 1]), 0.2))
        p.append(numbers(11 + 2 * i, (sizes[i + 1],), 0.2))
    for w in p:
        w.requires_grad_(True)
    x = numbers(1, (batch, sizes[0]))
    y = torch.arange(batch) % sizes[-1] if classes else numbers(2, (batch, sizes[-1]))
    step = make(p)
    state = {}

    def run():
        h = x
        for i in range(0, len(p), 2):
            h = torch.addmm(p[i + 1], h, p[i])
            if i + 2 < len(p):
                h = torch.relu(h)
        loss = torch.nn.functional.cross_entropy(h, y) if classes else torch.nn.functional.mse_loss(h, y)
        step.zero_grad()
        loss.backward()
        step.step()
        state["loss"] = loss

    return run, lambda: [state["loss"].item(), *sampled(p[0].detach())]


def prepare(spec):
    kind = spec["kind"]
    if kind == "step":
        return training(spec["sizes"], spec["batch"], spec["classes"], lambda p: optimizer("adam", p))
    if kind == "linear":
        return training([spec["columns"], 1], spec["rows"], False, lambda p: torch.optim.SGD(p, lr=1e-2))
    if kind == "update":
        p = [numbers(10 + i, (spec["length"],), 0.2).requires_grad_(True) for i in range(spec["tensors"])]
        for i, w in enumerate(p):
            w.grad = numbers(50 + i, (spec["length"],))
        step = optimizer(spec["rule"], p)
        return step and (step.step, lambda: sampled(p[0].detach()))
    if kind == "softmax":
        x = numbers(1, (spec["rows"], spec["classes"])).requires_grad_(True)
        y = torch.arange(spec["rows"]) % spec["classes"]
        state = {}

        def run():
            x.grad = None
            state["loss"] = torch.nn.functional.cross_entropy(x, y)
            state["loss"].backward()

        return run, lambda: [state["loss"].item(), *sampled(x.grad)]
    if kind == "matmul":
        dtype = getattr(torch, spec["dtype"])
        a, b = (numbers(seed, (spec["n"], spec["n"]), 1.0, dtype) for seed in (1, 2))
        y = torch.empty_like(a)
        return (lambda: torch.matmul(a, b, out=y)), lambda: sampled(y)
    return None


prepared = None
for line in sys.stdin:
    request = json.loads(line)
    begin = time.perf_counter()
    if request["ask"] == "prepare":
        prepared = prepare(request["spec"])
        answer = {"ready": prepared is not None, "ms": (time.perf_counter() - begin) * 1e3}
    elif request["ask"] == "run":
        for _ in range(request["times"]):
            prepared[0]()
        answer = {"ms": (time.perf_counter() - begin) * 1e3}
    else:
        answer = {"result": prepared[1]()}
    print(json.dumps(answer), flush=True)
