"""Writes packages/models/fixtures: losses and nets by PyTorch, metrics and penalised fits by scikit-learn.

    pip install -r tools/oracles/requirements-models.txt
    python tools/oracles/models.py

All in float64. Inputs are written with four digits, so that they are the same numbers for both sides.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn import linear_model, metrics

FOLDER = Path(__file__).resolve().parents[2] / "packages/models/fixtures"
torch.set_default_dtype(torch.float64)
rng = np.random.Generator(np.random.PCG64(7))


def normal(*shape, scale=1.0):
    return np.round(scale * rng.standard_normal(shape), 4)


def packed(x):
    x = np.asarray(x.detach() if isinstance(x, torch.Tensor) else x, dtype=np.float64)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


def dump(name, value):
    FOLDER.mkdir(parents=True, exist_ok=True)
    items = value.items() if isinstance(value, dict) else enumerate(value)
    lines = [(f"{json.dumps(k)}: " if isinstance(value, dict) else "") + json.dumps(v, allow_nan=False) for k, v in items]
    ends = "{}" if isinstance(value, dict) else "[]"
    (FOLDER / f"{name}.json").write_text(ends[0] + "\n" + ",\n".join(lines) + "\n" + ends[1] + "\n")


def weighted(losses, weight):
    if losses.ndim > 1:
        losses = losses.mean(dim=1)
    return losses.mean() if weight is None else (weight * losses).sum() / weight.sum()


# ---------- losses ----------


def losses():
    weight = np.round(rng.uniform(0, 3, 6), 4)
    weight[2] = 0
    p, t = normal(6, scale=2), normal(6, scale=2)
    p2, t2 = normal(6, 3), normal(6, 3)
    logits = np.array([-800.0, -3.5, 0.0, 0.25, 12.0, 900.0])
    binary, soft = np.array([0.0, 1, 1, 0, 1, 1]), np.array([0.0, 0.9, 0.5, 0.1, 1, 0.75])
    z, c = normal(6, 4, scale=3), np.array([0, 3, 2, 2, 1, 0])
    large = np.array([[1000.0, 0, -1000, 5], [0, 0, 0, 0], [-1e5, -1e5, -1e5 + 1, -1e5], [3, 2, 1, 0], [700, 710, 1, 1], [1, 2, 3, 4]])
    none = dict(reduction="none")
    tensor = torch.from_numpy
    table = [
        ("meanSquaredError", p, t, {}, lambda x, y: F.mse_loss(x, y, **none)),
        ("meanSquaredError", p2, t2, {}, lambda x, y: F.mse_loss(x, y, **none)),
        ("meanAbsoluteError", p, t, {}, lambda x, y: F.l1_loss(x, y, **none)),
        ("huber", p, t, {}, lambda x, y: F.huber_loss(x, y, **none)),
        ("huber", p2, t2, {"delta": 2.5}, lambda x, y: F.huber_loss(x, y, delta=2.5, **none)),
        ("binaryCrossEntropy", logits, binary, {}, lambda x, y: F.binary_cross_entropy_with_logits(x, y, **none)),
        ("binaryCrossEntropy", logits, soft, {}, lambda x, y: F.binary_cross_entropy_with_logits(x, y, **none)),
        ("categoricalCrossEntropy", z, c, {}, lambda x, y: F.cross_entropy(x, y, **none)),
        ("categoricalCrossEntropy", large, c, {}, lambda x, y: F.cross_entropy(x, y, **none)),
        ("categoricalCrossEntropy", z, c, {"labelSmoothing": 0.1}, lambda x, y: F.cross_entropy(x, y, label_smoothing=0.1, **none)),
    ]  # fmt: skip
    cases = []
    for name, prediction, target, options, f in table:
        for w in (None, weight):
            x = tensor(prediction.copy()).requires_grad_()
            value = weighted(f(x, tensor(target)), None if w is None else tensor(w))
            value.backward()
            cases.append(
                {
                    "loss": name,
                    "options": options,
                    "prediction": packed(prediction),
                    "target": packed(target),
                    **({} if w is None else {"weight": packed(w)}),
                    "value": value.item(),
                    "gradient": packed(x.grad),
                }
            )
    dump("losses", cases)


# ---------- nets ----------


ACTIVATIONS = {
    "relu": F.relu,
    "leakyRelu": F.leaky_relu,
    "elu": F.elu,
    "gelu": F.gelu,
    "softplus": F.softplus,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "identity": lambda x: x,
}


def nets():
    """Three steps of plain gradient descent at rate 0.1: loss before each, and the parameters after the last."""
    table = [({"hidden": [7, 5], "classes": 3, "activation": a}, None) for a in ACTIVATIONS]
    table += [
        ({"hidden": [], "classes": 4}, None),
        ({"hidden": [6], "classes": 3, "penalties": {"l1": 0.03, "l2": 0.2}}, None),
        ({"hidden": [6], "outputs": 1}, None),
        ({"hidden": [6, 4], "outputs": 2, "activation": "tanh", "loss": {"huber": 0.5}}, 0.5),
    ]
    cases = []
    for options, delta in table:
        hidden, out = options["hidden"], options.get("classes") or options["outputs"]
        widths = [4, *hidden, out]
        names = [f"hidden{i + 1}" for i in range(len(hidden))] + ["output"]
        parameters = {}
        for name, a, b in zip(names, widths, widths[1:]):
            parameters[f"{name}.weight"] = normal(a, b, scale=0.7)
            parameters[f"{name}.bias"] = normal(b, scale=0.3)
        x, weight = normal(9, 4), np.round(rng.uniform(0.1, 2, 9), 4)
        classes = "classes" in options
        y = rng.integers(0, out, 9) if classes else normal(9) if out == 1 else normal(9, out)
        p = {k: torch.from_numpy(v.copy()).requires_grad_() for k, v in parameters.items()}
        activation = ACTIVATIONS[options.get("activation", "relu")]
        penalties = options.get("penalties", {"l1": 0, "l2": 0})

        def outputs():
            h = torch.from_numpy(x)
            for name in names:
                h = F.linear(h, p[f"{name}.weight"].T, p[f"{name}.bias"])
                h = activation(h) if name != "output" else h
            return h

        def loss():
            h, t = outputs(), torch.from_numpy(y)
            if classes:
                l = F.cross_entropy(h, t, reduction="none")
            else:
                h = h.reshape(t.shape)
                l = F.huber_loss(h, t, delta=delta, reduction="none") if delta else F.mse_loss(h, t, reduction="none")
            ws = [v for k, v in p.items() if k.endswith("weight")]
            penalty = sum(penalties["l1"] * w.abs().sum() + penalties["l2"] / 2 * w.square().sum() for w in ws)
            return weighted(l, torch.from_numpy(weight)) + penalty

        values = []
        descent = torch.optim.SGD(p.values(), lr=0.1)
        with torch.no_grad():
            h = outputs()
            predicted = torch.softmax(h, 1) if classes else h.reshape(y.shape)
        for step in range(3):
            descent.zero_grad()
            value = loss()
            value.backward()
            if step == 0:
                gradient = {k: packed(v.grad) for k, v in p.items()}
            values.append(value.item())
            descent.step()
        cases.append(
            {
                "options": options,
                "parameters": {k: packed(v) for k, v in parameters.items()},
                "x": packed(x),
                "y": packed(y),
                "weight": packed(weight),
                "prediction": packed(predicted),
                "values": values,
                "gradient": gradient,
                "after": {k: packed(v) for k, v in p.items()},
            }
        )
    dump("nets", cases)


# ---------- metrics ----------


def figures():
    n = 40
    y, weight = normal(n, scale=10), np.round(rng.uniform(0, 2, n), 4)
    prediction = np.round(y + normal(n, scale=4), 4)
    y2 = normal(n // 2, 2, scale=3)
    prediction2 = np.round(y2 + normal(n // 2, 2), 4)
    regression = [
        {
            "prediction": packed(p),
            "target": packed(t),
            **({} if w is None else {"weight": packed(w)}),
            "r2": metrics.r2_score(t, p, sample_weight=w),
            "rmse": metrics.root_mean_squared_error(t, p, sample_weight=w),
            "mae": metrics.mean_absolute_error(t, p, sample_weight=w),
        }
        for p, t, w in [(prediction, y, None), (prediction, y, weight), (prediction2, y2, weight[: n // 2])]
    ]
    probabilities = rng.dirichlet([0.5, 0.5, 0.5, 0.5], n)
    probabilities[3] = [1, 0, 0, 0]
    target = rng.integers(0, 4, n)
    target[3] = 1
    predicted = probabilities.argmax(1)
    classification = []
    for w in (None, weight):
        p, r, f, s = metrics.precision_recall_fscore_support(target, predicted, sample_weight=w, zero_division=0)
        mean = lambda average: list(
            metrics.precision_recall_fscore_support(target, predicted, sample_weight=w, average=average, zero_division=0)[:3]
        )
        classification.append(
            {
                "probabilities": packed(probabilities),
                "target": packed(target),
                "predicted": packed(predicted),
                **({} if w is None else {"weight": packed(w)}),
                "accuracy": metrics.accuracy_score(target, predicted, sample_weight=w),
                "logLoss": metrics.log_loss(target, probabilities, sample_weight=w),
                "confusion": metrics.confusion_matrix(target, predicted, sample_weight=w).tolist(),
                "precision": p.tolist(),
                "recall": r.tolist(),
                "f1": f.tolist(),
                "support": s.tolist(),
                "macro": mean("macro"),
                "weighted": mean("weighted"),
            }
        )
    dump("metrics", {"regression": regression, "classification": classification})


# ---------- penalised fits ----------


def fits():
    """Solutions where the gradient of our loss, with the strengths that its documentation gives, must be 0."""
    n = 30
    x = normal(n, 4)
    y = np.round(x @ [2, -1, 0, 0.05] + 3 + normal(n, scale=0.5), 4)
    two = (x @ [1, -2, 0.5, 0] + normal(n) > 0).astype(int)
    three = np.digitize(x @ [1, 1, -1, 0] + normal(n), [-0.7, 0.7])
    tight = {"tol": 1e-14, "max_iter": 10_000}
    logistic = dict(C=0.7, solver="newton-cholesky", **tight)
    table = [
        ("linear", {}, {"l2": 2 * 1.5 / n}, y, linear_model.Ridge(alpha=1.5)),
        ("linear", {}, {"l1": 2 * 0.1}, y, linear_model.Lasso(alpha=0.1, **tight)),
        ("linear", {}, {"l1": 2 * 0.2 * 0.5, "l2": 2 * 0.2 * 0.5}, y, linear_model.ElasticNet(alpha=0.2, l1_ratio=0.5, **tight)),
        ("logistic", {}, {"l2": 1 / (0.7 * n)}, two, linear_model.LogisticRegression(**logistic)),
        ("softmax", {"classes": 3}, {"l2": 1 / (0.7 * n)}, three, linear_model.LogisticRegression(**logistic)),
    ]  # fmt: skip
    cases = []
    for model, options, penalties, target, estimator in table:
        estimator.fit(x, target)
        prediction = estimator.predict_proba(x) if hasattr(estimator, "predict_proba") else estimator.predict(x)
        cases.append(
            {
                "model": model,
                "options": {**options, "penalties": penalties},
                "estimator": str(estimator),
                "x": packed(x),
                "y": packed(target),
                "weight": packed(np.atleast_2d(estimator.coef_).T),
                "bias": packed(np.atleast_1d(estimator.intercept_)),
                "prediction": packed(prediction),
            }
        )
    dump("fits", cases)


if __name__ == "__main__":
    losses()
    nets()
    figures()
    fits()
