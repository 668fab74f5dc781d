"""python gradients.py: writes gradients.json, the start, the 100 gradients and the 100 loss values of the fixtures.

The gradients do not depend on the parameters, so an update rule is compared by itself. They have what makes wrong
rules show: sign flips, exact zeros, elements that stay zero at first, magnitudes from 1e-8 to 1e3 (both across
elements and within one element), a tensor whose gradient is zero for a step, a step where all of them are, and two
spells of small gradients, so that clipping both acts and does not. Written with seven significant digits.
"""

import numpy as np
from harness import FIXTURES, dump

STEPS = 100

START = {
    "w": [[0.5, -1.25, 2.0, -0.75], [1.5, -0.3, 0.0, 10.0], [-2.5, 0.001, 0.8, -4.0]],
    "b": [0.1, -0.2, 3.0, 0.0],
    "s": 1.75,
}


def elements(rng):
    """Each element's gradient over time, [100] each: 12 of w, 4 of b, 1 of s."""
    t = np.arange(1, STEPS + 1)
    normal = lambda: rng.standard_normal(STEPS)
    wide = lambda: np.sign(rng.uniform(-1, 1, STEPS)) * 10 ** rng.uniform(-8, 3, STEPS)
    after = lambda first: (t >= first).astype(float)
    w = [
        3e-8 * normal(),
        1e-6 * normal(),
        1e-4 * (1 + 0.3 * normal()),  # keeps its sign
        1e-2 * (-1.0) ** t * (1 + 0.1 * normal()),  # flips every step
        normal(),
        -1 - 0.5 * normal(),
        10 * normal() * after(6),  # zero for the first five steps
        1e3 * (0.5 + 0.5 * normal()),  # large, with a drift
        wide(),  # every magnitude
        normal() * (rng.uniform(0, 1, STEPS) < 0.2),  # sparse
        1e-3 * normal() * after(50),  # zero for half of the run
        3 * np.sin(t / 5),
    ]
    b = [
        wide(),
        100 * np.sin(t / 9),
        1e-3 * normal() * after(4),
        0.1 * np.where((t > 30) & (t <= 70), -1.0, 1.0) * (1 + 0.2 * normal()),
    ]
    s = [2 * normal() - 0.5]
    return np.array(w + b + s).T


def gradients(rng):
    g = elements(rng)
    g[19:29] *= 1e-3
    g[59:64] *= 1e-5
    g[6, 12:16] = 0  # b at step 7
    g[39, :] = 0  # everything at step 40
    g[49, 16] = 0  # s at step 50
    g = np.where(g == 0, 0.0, np.sign(g) * np.clip(np.abs(g), 1e-8, 1e3))
    return [[float(f"{x:.6e}") for x in row] for row in g]


def main():
    rng = np.random.Generator(np.random.PCG64(20))
    rows = gradients(rng)
    t = np.arange(1, STEPS + 1)
    values = 1e4 * np.exp(-t / 8) * (1 + 0.3 * rng.uniform(-1, 1, STEPS)) + 1e-3
    named = lambda rows: [{"w": r[:12], "b": r[12:16], "s": r[16:]} for r in rows]
    parameters = {k: {"shape": list(np.shape(v)), "data": np.ravel(v).tolist()} for k, v in START.items()}
    dump(
        FIXTURES / "gradients.json",
        {
            "parameters": parameters,
            "gradients": named(rows),
            "values": [float(f"{v:.6e}") for v in values],
        },
    )


if __name__ == "__main__":
    main()
