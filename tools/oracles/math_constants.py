"""Prints every constant of packages/core/src/math that is not a plain fraction.

    pip install -r tools/oracles/requirements-math.txt
    python tools/oracles/math_constants.py

Minimax polynomials by Remez's exchange algorithm (E. Remez, 1934), with 60 digits. Tables are computed where they are
used, in exact arithmetic.
"""

from mpmath import atan, cos, erf, erfc, exp, floor, log, lu_solve, matrix, mp, mpf, pi, polyval, sin, sqrt, tanh

mp.dps = 60


def minimax(f, weight, a, b, n, grid=4000):
    """The n coefficients c (lowest first) that minimise max |weight(x) (f(x) - sum c_i x^i)| on [a, b], and that maximum."""
    a, b = mpf(a), mpf(b)
    chebyshev = lambda t: (a + b) / 2 - (b - a) / 2 * cos(pi * t)
    points = [chebyshev(mpf(i) / grid) for i in range(grid + 1)]
    values, weights = [f(x) for x in points], [weight(x) for x in points]
    reference = [round(grid * (2 * i + 1) / (2 * n + 2)) for i in range(n + 1)]
    for _ in range(60):
        system, right = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for row, i in enumerate(reference):
            for j in range(n):
                system[row, j] = points[i] ** j
            system[row, n] = (-1) ** row / weights[i]
            right[row] = values[i]
        solution = lu_solve(system, right)
        coefficients = [solution[j] for j in range(n)]
        error = [w * (y - polyval(coefficients[::-1], x)) for x, y, w in zip(points, values, weights)]
        extrema = [0]
        for i in range(1, grid + 1):
            if (error[i] > 0) != (error[extrema[-1]] > 0):
                extrema.append(i)
            elif abs(error[i]) > abs(error[extrema[-1]]):
                extrema[-1] = i
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(error[extrema[0]]) < abs(error[extrema[-1]]) else -1)
        if extrema == reference or len(extrema) < n + 1:
            break
        reference = extrema
    return coefficients, max(map(abs, error))


def show(title, numbers):
    print(f"\n{title}")
    for x in numbers:
        print(f"  {repr(float(x))},")


def show_minimax(title, *arguments):
    coefficients, error = minimax(*arguments)
    show(f"{title} (error 2^{float(log(error, 2)):.1f})", coefficients)


def head(x, bits):
    """x cut to a multiple of 2^-bits."""
    return floor(x * mpf(2) ** bits) / mpf(2) ** bits


def series(f, limit, near):
    """f away from 0, its limit near 0, where f would cancel to nothing."""
    return lambda x: f(x) if abs(x) > mpf(near) else limit


if __name__ == "__main__":
    ln2 = log(2)

    high = head(ln2 / 16, 40)
    show("exp: ln 2 / 16, high (multiple of 2^-40) and low", [high, ln2 / 16 - high])

    high = head(ln2, 42)
    show("log: ln 2, high (multiple of 2^-42) and low", [high, ln2 - high])

    small = series(lambda x: (exp(x) - 1 - x - x * x / 2) / x**3, mpf(1) / 6, 1e-12)
    show_minimax("expm1: (e^x - 1 - x - x^2/2) / x^3", small, lambda x: x * x + mpf("1e-6"), -ln2 / 4, ln2 / 4, 8)

    edge = (pi / 4) ** 2
    show_minimax("sin: (sin x - x) / x^3 in x^2", lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, lambda z: z, 1e-20, edge, 6)
    show_minimax("cos: (cos x - 1 + x^2/2) / x^4 in x^2", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda z: z * z, 1e-12, edge, 6)

    high = head(pi / 2, 32)
    show("pi/2, high (33 bits) and low", [high, pi / 2 - high])

    show_minimax(
        "tanh: (tanh x - x) / x^3 in x^2, 0 <= x <= 0.55",
        lambda z: (tanh(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, lambda z: z, 1e-20, mpf("0.55") ** 2, 10,
    )  # fmt: skip

    show_minimax("erf: erf(x)/x - 1 in x^2, 0 <= x <= 1", lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: 1, 1e-20, 1, 12)
    x_of = lambda u: 20 / (u + 3) - 4
    show_minimax(
        "erf: exp(x^2) erfc(x) in 20/(x + 4) - 3, 1 <= x <= 6",
        lambda u: erfc(x_of(u)) * exp(x_of(u) ** 2), lambda u: exp(-x_of(u) ** 2), -1, 1, 12,
    )  # fmt: skip

    show("atan2: what the doubles of pi and pi/2 leave out", [pi - float(pi), pi / 2 - float(pi / 2)])
    show_minimax(
        "atan: (atan x - x) / x^3 in x^2, 0 <= x <= 1/2",
        lambda z: (atan(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, lambda z: z, 1e-20, 0.25, 12,
    )  # fmt: skip
