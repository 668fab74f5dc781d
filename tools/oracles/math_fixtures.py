"""Writes packages/core/src/math/fixtures/<function>.json, rows of arguments, the double nearest to the exact value,
and what it leaves out, in units in the last place.

    pip install -r tools/oracles/requirements-math.txt
    python tools/oracles/math_fixtures.py [count] [folder]

`count` random points a function (default 120) besides the chosen ones; `folder` defaults to the fixtures' own.
"""

import json
import math
import random
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
from mpmath import mp, mpf

FOLDER = Path(__file__).resolve().parents[2] / "packages/core/src/math/fixtures"
TINY = [5e-324, 1e-310, 2.0**-1022, 1e-200, 1e-20, 2.0**-54, 2.0**-53, 2.0**-27, 1e-8, 1e-5, 1e-3]
PI_2 = lambda n: float(n * mpmath.pi / 2)


def precise(f, *arguments):
    """f at 400 bits, or more where its value is closer than that to a number it is subtracted from."""
    mp.prec = 400
    return f(*map(mpf, arguments))


def nearest(value):
    """The double nearest to an mpf, also among subnormals (an integer quotient rounds once)."""
    sign, mantissa, exponent, _ = value._mpf_
    exact = Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** int(exponent)
    try:
        return exact, exact.numerator / exact.denominator
    except OverflowError:
        return exact, math.inf


def rows(f, arguments):
    seen = {}
    for point in arguments:
        point = point if isinstance(point, tuple) else (point,)
        exact, high = nearest(precise(f, *point))
        # Below half the smallest double there is nothing to measure; at infinity neither.
        if high != 0 and math.isfinite(high):
            seen[point] = [*point, high, round(float((exact - Fraction(high)) / Fraction(math.ulp(high))), 4)]
    return list(seen.values())


def both(xs):
    return [x for y in xs for x in (y, -y)]


def around(xs, steps=2):
    out = []
    for x in xs:
        low = high = x
        out.append(x)
        for _ in range(steps):
            low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
            out += [low, high]
    return out


def uniform(r, n, a, b):
    return [r.uniform(a, b) for _ in range(n)]


def logarithmic(r, n, a, b):
    """2^u, u uniform in [a, b]."""
    return [math.ldexp(r.uniform(1, 2), r.randint(a, b - 1)) for _ in range(n)]


def functions(n):
    r = random.Random(20260101)
    ln2 = math.log(2)
    near_zero = both(TINY + logarithmic(r, n // 4, -60, 0))
    angles = (
        near_zero + uniform(r, n // 2, -10, 10) + both(logarithmic(r, n // 2, 3, 1024)) + around([PI_2(k) for k in range(1, 9)], 1)
        + both([PI_2(k) for k in (355, 710, 10**5, 10**8, 10**15)] + [1e5, 131071.9, 131072.5, 1e22, 1e300, 1.7976931348623157e308])
        # The double closest to a multiple of pi/2 (J.-M. Muller, "Elementary Functions", 11.3), and runners-up.
        + [6381956970095103 * 2.0**797, 5.319372648326541e255, 3.386e15, 16367173.0, 10.995574287564276]
    )  # fmt: skip
    logs = around([1.0, 1.40625, 2.0, 1 + 1 / 64, 1 - 1 / 128, math.sqrt(0.5)], 3) + uniform(r, n // 2, 0.5, 2)
    yield "exp", mpmath.exp, (
        near_zero + uniform(r, n, -745, 709.7) + uniform(r, n // 2, -3, 3) + uniform(r, n // 4, -745.1, -708)
        + around([709.78, -708.39, -745.13, ln2 / 32, -ln2 / 32, ln2, -1.0, 1.0])
    )  # fmt: skip
    yield "expm1", mpmath.expm1, (
        near_zero + uniform(r, n // 2, -40, 709.7) + uniform(r, n, -2, 2) + uniform(r, n // 2, 0.1, 0.4)
        + uniform(r, n // 2, -0.4, -0.1) + around([0.1733, -0.1733, 36.8, 40.0, -36.7, -40.0, ln2, -ln2])
    )  # fmt: skip
    yield "log", mpmath.log, logs + TINY + logarithmic(r, n, -1074, 1024) + [1.7976931348623157e308]
    yield "log1p", mpmath.log1p, (
        near_zero + [x - 1 for x in logs] + around([0.015625, -0.015625]) + logarithmic(r, n // 2, -10, 1024)
        + [-1 + x for x in logarithmic(r, n // 4, -53, -1)] + uniform(r, n, -0.9, 3)
    )  # fmt: skip
    yield "pow", mpmath.power, (
        [(b, float(t)) for b in (0.9, 0.99, 0.999, 0.9999) for t in (1, 2, 3, 10, 100, 1000, 12345, 100000)]
        + [(x, r.uniform(-700, 700) / math.log(x)) for x in logarithmic(r, n, -1074, 1024) if x != 1]
        + [(x, r.uniform(-744, 709) / math.log(x)) for x in uniform(r, n, 0.97, 1.03) + uniform(r, n, 0.5, 2) if x != 1]
        + [(1 + math.ldexp(k, -52), r.uniform(-744, 709) / math.ldexp(k, -52)) for k in (-0.5, 1, 2, 3, 2.0**20, -(2.0**25))]
        + [(x, y) for x, y in zip(logarithmic(r, n, -30, 30), uniform(r, n, -30, 30))]
        + [(x, (-743 - u) / math.log(x)) for x, u in zip(uniform(r, n // 4, 2, 100), uniform(r, n // 4, -30, 1))]
        + [(10.0, 308.0), (10.0, -308.0), (2.0, -1074.0), (2.0, 1023.0), (5e-324, 0.5), (5e-324, -0.9), (1e308, 0.3)]
        + [(7.0, 1e-300), (3.0, -1e-17), (math.nextafter(1, 2), 1e17), (0.5, 1074.0), (3.0, 34.0), (-2.5, 7.0)]
    )  # fmt: skip
    yield "sin", mpmath.sin, angles
    yield "cos", mpmath.cos, angles
    yield "tanh", mpmath.tanh, near_zero + uniform(r, n, -2, 2) + uniform(r, n, -20, 20) + around([0.55, 19.0, 20.0, 22.0])
    yield "sigmoid", lambda x: 1 / (1 + mpmath.exp(-x)), (
        near_zero + uniform(r, n, -5, 5) + uniform(r, n, -40, 40) + uniform(r, n // 2, -745, 0)
    )
    yield "erf", mpmath.erf, near_zero + uniform(r, n, -1.2, 1.2) + uniform(r, n, -6, 6) + around([1.0, 2.0, 5.9, 6.0, 7.0])

    # All around the circle at every magnitude, far from it, and where the reductions change.
    turns = zip(uniform(r, 2 * n, -3.2, 3.2), logarithmic(r, n, -9, 9) + logarithmic(r, n, -1060, 1023))
    yield "atan2", mpmath.atan2, (
        [(math.sin(a) * s, math.cos(a) * s) for a, s in turns]
        + list(zip(both(logarithmic(r, n // 2, -1074, 1023)), both(uniform(r, n // 2, -10, 10))))
        + [(y, x) for y in both([1.0, 5e-324, 1e-310, 3e-200, 1.5e300, 1.7976931348623157e308]) for x in both([0.75, 2e-308, 1.6e308])]
        + [(y * a, x) for a in around([0.5, 1.0, 2.0]) for y in (1.0, -1.0) for x in (1.0, -1.0)]
    )  # fmt: skip
    yield "cbrt", lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), (
        near_zero + uniform(r, n, -10, 10) + both(logarithmic(r, n, -1074, 1024)) + around([1.0, 8.0, 27.0, -64.0, 1e-300, 1e300])
        + logarithmic(r, n // 4, -1074, -1022) + [1.7976931348623157e308]
    )  # fmt: skip


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, f, arguments in functions(count):
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows(f, arguments))
        (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n")
        print(name, lines.count("\n") + 1, flush=True)
