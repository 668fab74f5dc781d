"""Rules with matrix products: Muon."""

from math import sqrt

import numpy as np
import torch
import torch.optim._muon
from harness import load, per_tensor, rule, torch_run

from rules.adam import adam

PARTNER = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01}

# ---------- Muon ----------


def newton_schulz(G, a, b, c, steps, eps):
    """Jordan et al. 2024: an odd polynomial of degree 5, iterated, sends the singular values near 1."""
    X = G / max(np.linalg.norm(G), eps)
    if G.shape[0] > G.shape[1]:
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X.T if G.shape[0] > G.shape[1] else X


def muon(W, gradients, eta, mu, decay, eps, a, b, c, steps, nesterov, adjust):
    """Jordan et al. 2024 in PyTorch's form, for W of shape [in, out]; other tensors get AdamW."""
    if W.ndim != 2:
        yield from adam(
            W,
            gradients,
            alpha=PARTNER["learningRate"],
            beta1=PARTNER["beta1"],
            beta2=PARTNER["beta2"],
            eps=PARTNER["epsilon"],
            weight_decay=PARTNER["weightDecay"],
            amsgrad=False,
            decoupled=True,
        )
        return
    inputs, outputs = W.shape
    factor = {
        "original": sqrt(max(1, outputs / inputs)),
        "match-rms-adamw": 0.2 * sqrt(max(outputs, inputs)),
    }[adjust]
    B = np.zeros_like(W)
    for G in gradients:
        B = mu * B + (1 - mu) * G
        O = newton_schulz(mu * B + (1 - mu) * G if nesterov else B, a, b, c, steps, eps)
        W = W - eta * decay * W - eta * factor * O
        yield W


def in_float64(grad, ns_coefficients, ns_steps, eps):
    """torch's _zeropower_via_newtonschulz with float64 where it has bfloat16."""
    a, b, c = ns_coefficients
    X = grad.T if grad.size(0) > grad.size(1) else grad
    X = X / X.norm().clamp(min=eps)
    for _ in range(ns_steps):
        gram = X @ X.T
        X = torch.addmm(X, torch.addmm(gram, gram, gram, beta=b, alpha=c), X, beta=a)
    return X.T if grad.size(0) > grad.size(1) else X


def torch_muon(h):
    """torch.optim.Muon on the transpose of w, for PyTorch keeps weights as [out, in], and AdamW on b and s."""
    torch.set_default_dtype(torch.float64)
    torch.optim._muon._zeropower_via_newtonschulz = in_float64
    data = load()
    w = torch.nn.Parameter(torch.tensor(data.start["w"].T.copy()))
    rest = {k: torch.nn.Parameter(torch.tensor(data.start[k])) for k in ("b", "s")}
    optimizer = torch.optim.Muon(
        [w],
        h.learningRate,
        weight_decay=h.weightDecay,
        momentum=h.momentum,
        nesterov=h.nesterov,
        ns_coefficients=(h.a, h.b, h.c),
        eps=h.epsilon,
        ns_steps=h.newtonSchulzSteps,
        adjust_lr_fn=h.adjustLr.replace("-", "_"),
    )
    partner = torch.optim.AdamW(
        rest.values(),
        PARTNER["learningRate"],
        betas=(PARTNER["beta1"], PARTNER["beta2"]),
        eps=PARTNER["epsilon"],
        weight_decay=PARTNER["weightDecay"],
    )
    run = []
    for gradient in data.gradients:
        w.grad = torch.tensor(gradient["w"].T.copy())
        for k, p in rest.items():
            p.grad = torch.tensor(gradient[k])
        optimizer.step()
        partner.step()
        run.append({"w": w.detach().numpy().T.copy(), **{k: p.detach().numpy().copy() for k, p in rest.items()}})
    return run


rule(
    "muon",
    "torch.optim.Muon 2.14.1 with Newton-Schulz patched from bfloat16 to float64, on w transposed: w is [in, out] = "
    "[3, 4] here and [out, in] in PyTorch, so rows and columns change places in the adjusted learning rate; b and s by "
    "the partner, torch.optim.AdamW",
    hyper={
        "learningRate": 1e-3,
        "momentum": 0.95,
        "weightDecay": 0.1,
        "epsilon": 1e-7,
        "a": 3.4445,
        "b": -4.775,
        "c": 2.0315,
        "newtonSchulzSteps": 5,
    },
    options={"nesterov": True, "adjustLr": "original"},
    cases={
        "no weight decay": {"weightDecay": 0.0},
        "no nesterov": {"nesterov": False},
        "match rms adamw": {"adjustLr": "match-rms-adamw"},
        "coefficients": {"a": 2.0, "b": -1.5, "c": 0.5, "newtonSchulzSteps": 7},
        "all": {
            "learningRate": 0.02,
            "momentum": 0.8,
            "weightDecay": 0.3,
            "epsilon": 200.0,
            "newtonSchulzSteps": 3,
            "nesterov": False,
            "adjustLr": "match-rms-adamw",
        },
    },
    oracle=torch_muon,
    checks=[
        lambda h: per_tensor(
            muon,
            eta=h.learningRate,
            mu=h.momentum,
            decay=h.weightDecay,
            eps=h.epsilon,
            a=h.a,
            b=h.b,
            c=h.c,
            steps=h.newtonSchulzSteps,
            nesterov=h.nesterov,
            adjust=h.adjustLr,
        )
    ],
    partner={"rule": "adamw", "hyper": PARTNER},
)
