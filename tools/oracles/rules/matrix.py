"""Rules with matrix products, eigenvectors or inverse roots: Muon, Shampoo, SOAP."""

from math import sqrt
from types import SimpleNamespace

import numpy as np
import pytorch_optimizer
import torch
import torch.optim._muon
from harness import load, per_tensor, rule, torch_run
from pytorch_optimizer.optimizer import soap as soap_module

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

# ---------- Shampoo ----------


def inverse_root(A, p):
    """A to the power -1/p, A symmetric and positive definite."""
    values, vectors = np.linalg.eigh(A)
    return vectors @ np.diag(values ** (-1 / p)) @ vectors.T


def shampoo(W, gradients, eta, eps):
    """Gupta, Koren, Singer 2018, algorithm 1; a vector is a tensor of order 1, a scalar a vector of length 1."""
    if W.ndim == 2:
        L, R = eps * np.eye(W.shape[0]), eps * np.eye(W.shape[1])
        for G in gradients:
            L = L + G @ G.T
            R = R + G.T @ G
            W = W - eta * inverse_root(L, 4) @ G @ inverse_root(R, 4)
            yield W
    else:
        L = eps * np.eye(W.size)
        for G in gradients:
            g = np.ravel(G)
            L = L + np.outer(g, g)
            W = W - eta * (inverse_root(L, 2) @ g).reshape(W.shape)
            yield W


def library_shampoo(h):
    """pytorch_optimizer's, which takes the plain gradient of a scalar: for s the transcription stands in."""
    theirs = torch_run(lambda p: pytorch_optimizer.Shampoo(p, h.learningRate, matrix_eps=h.epsilon, momentum=0.0))
    ours = per_tensor(shampoo, eta=h.learningRate, eps=h.epsilon)
    return [x | {"s": y["s"]} for x, y in zip(theirs, ours)]


rule(
    "shampoo",
    "transcribed from Gupta, Koren, Singer 2018, algorithm 1, with numpy's eigenvectors; w and b checked against "
    "pytorch_optimizer.Shampoo 4.1.0 (whose step for a scalar is the plain gradient)",
    hyper={"learningRate": 0.1, "epsilon": 1e-4},
    cases={"epsilon": {"learningRate": 1.0, "epsilon": 1.0}},
    oracle=lambda h: per_tensor(shampoo, eta=h.learningRate, eps=h.epsilon),
    checks=[library_shampoo],
    tolerance=1e-10,
    gradients="gradients-matrix.json",
)

# ---------- SOAP ----------


def soap(W, gradients, eta, beta1, beta2, shampoo_beta, eps, every):
    """Vyas et al. 2024, algorithms 3 and 4; the first gradient starts L and R only. Vectors get Adam, as late."""
    M = np.zeros_like(W)
    V = np.zeros_like(W)
    L = R = 0.0
    QL = QR = None
    matrix = W.ndim == 2
    into = lambda X: QL.T @ X @ QR if matrix else X
    back = lambda X: QL @ X @ QR.T if matrix else X
    for t, G in enumerate(gradients):
        if t > 0:
            M = beta1 * M + (1 - beta1) * G
            V = beta2 * V + (1 - beta2) * into(G) ** 2
            N = back(into(M) / (np.sqrt(V) + eps))
            W = W - eta * sqrt(1 - beta2**t) / (1 - beta1**t) * N
        if matrix:
            L = shampoo_beta * L + (1 - shampoo_beta) * G @ G.T
            R = shampoo_beta * R + (1 - shampoo_beta) * G.T @ G
            if t == 0:
                QL, QR = np.linalg.eigh(L)[1], np.linalg.eigh(R)[1]
            elif t % every == 0:
                V, QL = refreshed(V, L, QL, 0)
                V, QR = refreshed(V, R, QR, 1)
        yield W


def refreshed(V, P, Q, axis):
    """One step of orthogonal iteration, largest estimated eigenvalues first, V's axis in the same order."""
    S = P @ Q
    order = np.argsort(-np.sum(Q * S, axis=0))
    return np.take(V, order, axis), np.linalg.qr(S[:, order])[0]


def library_soap(h):
    """pytorch_optimizer's SOAP with float64 where its QR has float32."""
    soap_module.torch = SimpleNamespace(**{**vars(torch), "float32": torch.float64})
    return torch_run(
        lambda p: pytorch_optimizer.SOAP(
            p,
            h.learningRate,
            betas=(h.beta1, h.beta2),
            shampoo_beta=h.shampooBeta,
            weight_decay=0.0,
            precondition_frequency=h.preconditionFrequency,
            eps=h.epsilon,
        )
    )


rule(
    "soap",
    "pytorch_optimizer.SOAP 4.1.0 with its QR patched from float32 to float64, without weight decay (which it applies "
    "after the step); the first step only starts the preconditioner, vectors and scalars get Adam one step late",
    hyper={
        "learningRate": 3e-3,
        "beta1": 0.95,
        "beta2": 0.95,
        "shampooBeta": 0.95,
        "epsilon": 1e-8,
        "preconditionFrequency": 10,
    },
    cases={
        "all": {
            "learningRate": 0.05,
            "beta1": 0.9,
            "beta2": 0.98,
            "shampooBeta": 0.9,
            "epsilon": 1e-4,
            "preconditionFrequency": 3,
        }
    },
    oracle=library_soap,
    checks=[
        lambda h: per_tensor(
            soap,
            eta=h.learningRate,
            beta1=h.beta1,
            beta2=h.beta2,
            shampoo_beta=h.shampooBeta,
            eps=h.epsilon,
            every=h.preconditionFrequency,
        )
    ],
    tolerance=1e-10,
    gradients="gradients-matrix.json",
)
