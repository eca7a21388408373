#!/usr/bin/env python3
"""Minimax approximations of tanh, erf, exp, log and normal quantiles for float32 SIMD code.

Finds the coefficients with a rational Remez exchange (solved in 60-digit arithmetic), rounds them to
float32, then measures the error of the float32 evaluation (fused multiply-add, Horner's rule) over a
dense sweep. Prints C++ constexpr arrays, lowest power first, each with its measured errors.

    python3 -m venv /tmp/fit && /tmp/fit/bin/pip install numpy mpmath
    /tmp/fit/bin/python scripts/fit_functions.py            # everything
    /tmp/fit/bin/python scripts/fit_functions.py tanh exp   # some

Units: ulp is the distance of neighbouring float32 values at the true result.
"""

import math
import sys

import mpmath as mp
import numpy as np

mp.mp.dps = 60
F = np.float32
EXTENDED = np.longdouble


# --- float32 arithmetic as the SIMD code does it ---------------------------------------------------


def fma(a, b, c):
    """a * b + c rounded once: the product of two floats is exact in double (the sum rounds there first,
    which changes the float result in about one case of 2^29)."""
    return (np.asarray(a, F).astype(np.float64) * np.asarray(b, F) + np.asarray(c, F)).astype(F)


def horner(coefficients, t):
    """sum c[i] t^i in float32."""
    result = np.full_like(t, coefficients[-1])
    for c in coefficients[-2::-1]:
        result = fma(result, t, F(c))
    return result


def ulp_of(truth):
    """Distance of neighbouring floats at |truth| (normal range)."""
    exponent = np.floor(np.log2(np.maximum(np.abs(truth), 2.0**-126)))
    return 2.0 ** (exponent - 23)


def float_sweep(low, high, count=400_000):
    """Distinct float32 values in [low, high], low >= 0: evenly spaced and, towards zero, by magnitude."""
    even = np.linspace(low, high, count)
    magnitude = np.geomspace(max(low, 1e-30), high, count)
    return np.unique(np.concatenate([even, magnitude]).astype(F))


# --- Remez -----------------------------------------------------------------------------------------


def evaluate_extended(coefficients, t):
    result = np.zeros_like(t)
    for c in coefficients[::-1]:
        result = result * t + EXTENDED(mp.nstr(c, 25))
    return result


def solve_reference(points, f, weight, degree_p, degree_q, level):
    """P, Q (Q[0] = 1) and E with weight (f - P/Q) = +-E at the points; fixed-point iteration on E Q."""
    count = len(points)
    values = [f(t) for t in points]
    signs = [(-1) ** i / weight(t) for i, t in enumerate(points)]
    for _ in range(60):
        matrix, right = mp.matrix(count, count), mp.matrix(count, 1)
        for i, t in enumerate(points):
            shifted = values[i] - signs[i] * level
            for k in range(degree_p + 1):
                matrix[i, k] = t**k
            for k in range(1, degree_q + 1):
                matrix[i, degree_p + k] = -shifted * t**k
            matrix[i, count - 1] = signs[i]
            right[i] = values[i]
        solution = mp.lu_solve(matrix, right)
        previous, level = level, solution[count - 1]
        if degree_q == 0 or abs(level - previous) <= mp.mpf(10) ** -25 * abs(level):
            break
    p = [solution[k] for k in range(degree_p + 1)]
    q = [mp.mpf(1)] + [solution[degree_p + k] for k in range(1, degree_q + 1)]
    return p, q, level


def least_squares(f, weight, low, high, degree_p, degree_q, points=64):
    """A start for the exchange: weighted least squares of P - f Q, reweighted by 1/Q (Sanathanan-Koerner)."""
    nodes = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * (i + 0.5) / points) for i in range(points)]
    values, weights, denominator = [f(t) for t in nodes], [weight(t) for t in nodes], [mp.mpf(1)] * points
    for _ in range(12):
        matrix, right = mp.matrix(points, degree_p + degree_q + 1), mp.matrix(points, 1)
        for i, t in enumerate(nodes):
            w = weights[i] / denominator[i]
            for k in range(degree_p + 1):
                matrix[i, k] = w * t**k
            for k in range(1, degree_q + 1):
                matrix[i, degree_p + k] = -w * values[i] * t**k
            right[i] = w * values[i]
        solution = mp.lu_solve(matrix.T * matrix, matrix.T * right)
        q = [mp.mpf(1)] + [solution[degree_p + k] for k in range(1, degree_q + 1)]
        denominator = [mp.fabs(mp.polyval(q[::-1], t)) for t in nodes]
    return [solution[k] for k in range(degree_p + 1)], q


def alternating_extrema(error, count):
    """Indices of `count` extrema of alternating sign, the largest such run."""
    bounds = np.flatnonzero(np.diff(np.sign(error))) + 1
    pieces = np.split(np.arange(len(error)), bounds)
    extrema = [piece[np.argmax(np.abs(error[piece]))] for piece in pieces]
    while len(extrema) > count:
        drop_first = abs(error[extrema[0]]) < abs(error[extrema[-1]])
        if len(extrema) == count + 1:
            extrema.pop(0 if drop_first else -1)
            continue
        weakest = int(np.argmin(np.abs(error[extrema])))
        if weakest in (0, len(extrema) - 1):
            extrema.pop(weakest)
        else:  # an inner one goes with its weaker neighbour, so that the signs still alternate
            left, right = extrema[weakest - 1], extrema[weakest + 1]
            other = weakest - 1 if abs(error[left]) < abs(error[right]) else weakest + 1
            for index in sorted((weakest, other), reverse=True):
                extrema.pop(index)
    return extrema


def remez(f, weight, low, high, degree_p, degree_q=0, grid_size=3000):
    """Minimax P/Q for weight * (f - P/Q) on [low, high]. Returns p, q (q[0] = 1) and the largest error."""
    low, high = mp.mpf(low), mp.mpf(high)
    count = degree_p + degree_q + 2
    angle = [mp.pi * i / (grid_size - 1) for i in range(grid_size)]
    grid = [(low + high) / 2 - (high - low) / 2 * mp.cos(a) for a in angle]
    to_extended = lambda xs: np.array([EXTENDED(mp.nstr(x, 25)) for x in xs])
    f_grid, w_grid, t_grid = (to_extended(xs) for xs in ([f(t) for t in grid], [weight(t) for t in grid], grid))
    error_of = lambda p, q: w_grid * (f_grid - evaluate_extended(p, t_grid) / evaluate_extended(q, t_grid))
    p, q = least_squares(f, weight, low, high, degree_p, degree_q)
    best = None
    for _ in range(40):
        if np.min(evaluate_extended(q, t_grid)) <= 0:
            break  # a pole inside
        error = error_of(p, q)
        largest = float(np.max(np.abs(error)))
        if best is None or largest < best[2]:
            best = (p, q, largest)
        indices = alternating_extrema(error, count)
        if len(indices) < count:
            break
        peaks = error[indices]
        if np.max(np.abs(peaks)) <= 1.001 * np.min(np.abs(peaks)):
            break
        level = mp.mpf(float(np.sign(peaks[0]) * np.mean(np.abs(peaks))))
        p, q, _ = solve_reference([grid[i] for i in indices], f, weight, degree_p, degree_q, level)
    return best


# --- output ----------------------------------------------------------------------------------------


def cpp_array(name, coefficients):
    numbers = [f"{float(F(c)):.9g}" for c in coefficients]
    literals = ", ".join(f"{n}f" if "." in n or "e" in n else f"{n}.0f" for n in numbers)
    return f"inline constexpr float {name}[{len(coefficients)}] = {{{literals}}};"


def to_floats(coefficients):
    return [F(mp.nstr(c, 20)) for c in coefficients]


# --- tanh and erf: x P(x^2) / Q(x^2), odd ----------------------------------------------------------


def odd_rational(p, q, x):
    """x P(x^2) / Q(x^2) in float32: x*x rounded, two Horner chains, one product, one true division."""
    t = (x * x).astype(F)
    return ((x * horner(p, t)).astype(F) / horner(q, t)).astype(F)


def measure_odd(p, q, x, truth):
    got = odd_rational(p, q, x).astype(np.float64)
    absolute = np.max(np.abs(got - truth))
    relative = np.max(np.abs(got - truth) / truth)
    ulps = np.max(np.abs(got - truth) / ulp_of(truth))
    fall = np.max(np.maximum.accumulate(got) - got)  # 0 when the result never decreases
    return absolute, relative, ulps, np.max(got), fall


def truth_of(name, x):
    if name == "tanh":
        return np.tanh(x.astype(np.float64))
    return np.array([math.erf(v) for v in x.astype(np.float64)])


def saturation_point(name, p, q, clamp):
    """The smallest float x up to `clamp` whose result is at least 1 and whose true value is within 6e-8 of 1
    (or as near as the clamp allows): clamping |x| there, and the result to 1, makes everything beyond
    exactly +-1. None when there is none."""
    low, high = F(clamp * 0.9).view(np.uint32), F(clamp).view(np.uint32)
    x = np.arange(low, high + 1, dtype=np.uint32).view(F)  # every float
    shortfall = 1 - truth_of(name, x)
    x = x[(odd_rational(p, q, x) >= 1) & (shortfall <= max(6e-8, 1.02 * shortfall[-1]))]
    return x[0] if len(x) else None


def fit_odd(name, mp_function, clamp, pairs, scalings, seed=1):
    """Minimax in relative error of name(sqrt t)/sqrt t over t in [0, clamp^2]; then the float32 rounding of
    the coefficients is chosen among common scalings of P and Q by the measured error."""
    quotient = lambda t: mp_function(mp.sqrt(t)) / mp.sqrt(t) if t > 0 else mp.diff(mp_function, 0)
    weight = lambda t: 1 / quotient(t)
    x = float_sweep(1e-30, clamp, 30_000)
    truth = truth_of(name, x)
    dense = float_sweep(1e-30, clamp)
    dense_truth = truth_of(name, dense)
    rng = np.random.default_rng(seed)
    for degree_p, degree_q in pairs:
        fit = remez(quotient, weight, 0, mp.mpf(clamp) ** 2, degree_p, degree_q)
        title = f"{name} {2 * degree_p + 1}/{2 * degree_q}"
        if fit is None:
            print(f"// {title}: the exchange found no pole-free fit\n")
            continue
        p, q, exact_error = fit
        best = None
        for trial in range(scalings):
            scale = mp.mpf(1) if trial == 0 else mp.mpf(float(2 ** rng.uniform(0, 1)))
            rounded = to_floats([c * scale for c in p]), to_floats([c * scale for c in q])
            scores = measure_odd(*rounded, x, truth)
            key = (scores[3] > 1, scores[1])
            if trial == 0 and not key[0]:
                key = (False, scores[1] * 0.97)  # Q[0] = 1 is worth 3 %: tiny x map to themselves
            if best is None or key < best[0]:
                best = key, rounded
        report_odd(name, title, best[1], exact_error, clamp, dense, dense_truth)


def report_odd(name, title, rounded, exact_error, clamp, dense, dense_truth):
    absolute, relative, ulps, largest, fall = measure_odd(*rounded, dense, dense_truth)
    print(f"// {title}, |x| <= {clamp}: minimax relative error {exact_error:.3g}; in float32: absolute {absolute:.3g}, "
          f"relative {relative:.3g}, {ulps:.2f} ulp;")
    print(f"// largest result 1{float(largest) - 1:+.3g}, largest decrease {float(fall):.3g}, near 0 (|x| < 0.5) relative "
          f"{measure_odd(*rounded, dense[dense < 0.5], dense_truth[dense < 0.5])[1]:.3g}")
    saturation = saturation_point(name, *rounded, clamp)
    if saturation is None:
        print("// no saturation point: the result stays below 1 near the clamp")
    else:
        got = np.minimum(odd_rational(*rounded, np.minimum(dense, saturation)), F(1)).astype(np.float64)
        print(f"// min(R(min(|x|, {float(saturation):.9g}f)), 1): exactly 1 beyond, absolute error "
              f"{np.max(np.abs(got - dense_truth)):.3g}, {np.max(np.abs(got - dense_truth) / ulp_of(dense_truth)):.2f} ulp")
    tag = title.replace(" ", "_").replace("/", "_") + ("_to_8" if clamp == 8.0 else "")
    print(cpp_array(f"{tag}_numerator", rounded[0]))
    print(cpp_array(f"{tag}_denominator", rounded[1]) + "\n", flush=True)


# --- exp -------------------------------------------------------------------------------------------


def reduce_exp(x, ln2_high, ln2_low):
    shift = F(12582912)  # 1.5 * 2^23: rounds to a whole number, once with the product
    n = (fma(x, F(1.4426950408889634), shift) - shift).astype(F)
    return n, fma(-n, ln2_low, fma(-n, ln2_high, x))


def fit_exp():
    half = mp.log(2) / 2 * mp.mpf("1.0001")  # the reduction overshoots by rounding
    ln2_high = F(float.fromhex("0x1.62e4p-1"))  # 15 leading bits: n * high is exact for |n| < 512
    ln2_low = F(mp.nstr(mp.log(2) - mp.mpf(float(ln2_high)), 20))
    nearest = F(mp.nstr(mp.log(2), 20))
    rest = F(mp.nstr(mp.log(2) - mp.mpf(float(nearest)), 20))
    print("// exp(x) = 2^n exp(r), n = round(x * log2e), r = x - n ln2 in two parts.")
    print(f"// {np.float64(ln2_high).hex()} + {np.float64(ln2_low).hex()}: n * high exact without FMA;")
    print(f"// with FMA also the nearest float and its remainder: {float(nearest):.9g}f, {float(rest):.9g}f")
    print("inline constexpr float log2_e = 1.44269504f;")
    print(f"inline constexpr float ln2_high = {float(ln2_high):.9g}f;")
    print(f"inline constexpr float ln2_low = {float(ln2_low):.9g}f;\n")
    tail = lambda r: (mp.exp(r) - 1 - r) / r**2 if abs(r) > mp.mpf(10) ** -15 else mp.mpf(1) / 2 + r / 6
    weight = lambda r: r**2 / mp.exp(r)
    positive = float_sweep(1e-30, 88.0, 300_000)
    x = np.concatenate([-positive[positive < 87][::-1], [F(0)], positive])
    truth = np.exp(x.astype(np.float64))
    for degree in (4, 5, 6):
        p, _, error = remez(tail, weight, -half, half, degree - 2)
        rounded = to_floats([mp.mpf(1), mp.mpf(1)] + p)
        for form, (high, low) in {"split": (ln2_high, ln2_low), "nearest": (nearest, rest)}.items():
            n, r = reduce_exp(x, high, low)
            got = horner(rounded, r).astype(np.float64) * 2.0 ** n.astype(np.float64)
            ulps = np.max(np.abs(got - truth) / ulp_of(truth))
            print(f"// exp degree {degree}, {form} ln2: minimax relative error {error:.3g}; in float32 relative "
                  f"{np.max(np.abs(got / truth - 1)):.3g}, {ulps:.3f} ulp on [-87, 88]")
        print(cpp_array(f"exp_{degree}", rounded) + "\n", flush=True)
    fit_expm1(x, nearest, rest)


def fit_expm1(x, high, low):
    """expm1 for ELU: r + r^2 T(r) with T the tail of exp, joined as 2^n tail + (2^n - 1)."""
    tail = lambda r: (mp.expm1(r) - r) / r**2 if abs(r) > mp.mpf(10) ** -15 else mp.mpf(1) / 2 + r / 6
    weight = lambda r: r**2 / mp.fabs(mp.expm1(r)) if r != 0 else mp.mpf(0)
    half = mp.log(2) / 2 * mp.mpf("1.0001")
    x = x[x <= 0]
    x = x[x != 0]
    truth = np.expm1(x.astype(np.float64))
    for degree in (5, 6):
        p, _, error = remez(tail, weight, -half, half, degree - 2)
        rounded = to_floats(p)
        n, r = reduce_exp(x, high, low)
        power = (2.0 ** n.astype(np.float64)).astype(F)
        small = fma((r * r).astype(F), horner(rounded, r), r)
        got = fma(power, small, (power - F(1)).astype(F)).astype(np.float64)
        print(f"// expm1 degree {degree} (x <= 0): r + r^2 T(r), then 2^n * that + (2^n - 1): minimax relative error "
              f"{error:.3g}; in float32 relative {np.max(np.abs(got / truth - 1)):.3g}, "
              f"{np.max(np.abs(got - truth) / ulp_of(truth)):.3f} ulp")
        measure_sigmoid(rounded, high, low)
        print(cpp_array(f"expm1_{degree}_tail", rounded) + "\n", flush=True)


def measure_sigmoid(tail, high, low):
    """1 / (1 + exp(-x)) with 1 + 2^n (1 + small) as 2^n small + (2^n + 1)."""
    positive = float_sweep(1e-30, 87.3, 300_000)
    x = np.concatenate([-positive[::-1], [F(0)], positive])
    n, r = reduce_exp(np.maximum(F(-87), -x), high, low)
    power = (2.0 ** n.astype(np.float64)).astype(F)
    small = fma((r * r).astype(F), horner(tail, r), r)
    got = (F(1) / fma(power, small, (power + F(1)).astype(F))).astype(F)
    truth = 1 / (1 + np.exp(-x.astype(np.float64)))
    print(f"// sigmoid by it: {np.max(np.abs(got - truth) / ulp_of(truth)):.3f} ulp on [-87.3, 87.3], "
          f"{np.count_nonzero(np.diff(got) < 0)} of {len(x)} steps fall")


# --- log -------------------------------------------------------------------------------------------


def fit_log():
    print("// log(x) = e ln2 + log(m), m in [sqrt(1/2), sqrt(2)), f = m - 1 (exact).")
    m = np.unique(np.linspace(np.sqrt(0.5), np.sqrt(2.0), 1_500_000).astype(F))
    m = m[m != 1]
    near = (1 + np.geomspace(6e-8, 0.1, 50_000)).astype(F)
    m = np.unique(np.concatenate([m, near[near != 1], (F(2) - near)[near != 1]]))
    f = (m - F(1)).astype(F)
    truth = np.log1p(f.astype(np.float64))
    fit_log_polynomial(f, truth)
    fit_log_atanh("log_atanh", f, truth, ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001"), (1, 2, 3))
    print("// log1p(f), f in [0, 1], no reduction (softplus: f = exp(-|x|)).")
    f = float_sweep(1e-30, 1.0, 600_000)
    fit_log_atanh("log1p_unit", f, np.log1p(f.astype(np.float64)), mp.mpf(1) / 9, (2, 3, 4))


def fit_log_polynomial(f, truth):
    low, high = mp.sqrt(mp.mpf(1) / 2) - 1, mp.sqrt(2) - 1
    tail = lambda v: ((mp.log1p(v) - v + v**2 / 2) / v**3 if abs(v) > mp.mpf(10) ** -12
                      else mp.mpf(1) / 3 - v / 4)
    weight = lambda v: abs(v**3 / mp.log1p(v)) if v != 0 else mp.mpf(0)
    for degree in (6, 7, 8):
        p, _, error = remez(tail, weight, low, high, degree)
        rounded = to_floats(p)
        square = (f * f).astype(F)
        cubic = ((f * square).astype(F) * horner(rounded, f)).astype(F)
        got = (f + fma(square, F(-0.5), cubic)).astype(F).astype(np.float64)
        report_log(f"log1p_tail_{degree}: f - f^2/2 + f^3 T(f)", error, got, truth)
        print(cpp_array(f"log1p_tail_{degree}", rounded) + "\n", flush=True)


def fit_log_atanh(name, f, truth, top, degrees):
    """log(1 + f) = 2 atanh(s), s = f / (2 + f): 2 s + s^3 T(s^2); as f - s (f - s^2 T(s^2)) the leading
    term is exact."""
    tail = lambda z: ((2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z if z > mp.mpf(10) ** -20
                      else mp.mpf(2) / 3 + 2 * z / 5)
    weight = lambda z: z / (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z)) if z > 0 else mp.mpf(0)
    for degree in degrees:
        p, _, error = remez(tail, weight, 0, top, degree)
        rounded = to_floats(p)
        s = (f / (F(2) + f).astype(F)).astype(F)
        z = (s * s).astype(F)
        r = (z * horner(rounded, z)).astype(F)
        plain = fma(s, r, (s + s).astype(F)).astype(np.float64)
        report_log(f"{name}_{degree}: 2s + s^3 T(s^2)", error, plain, truth)
        exact = (f - (s * (f - r).astype(F)).astype(F)).astype(F).astype(np.float64)
        report_log(f"{name}_{degree}: f - s (f - s^2 T(s^2))", error, exact, truth)
        print(cpp_array(f"{name}_{degree}", rounded) + "\n", flush=True)


def report_log(title, error, got, truth):
    print(f"// {title}: minimax relative error {error:.3g}; in float32 relative {np.max(np.abs(got / truth - 1)):.3g}, "
          f"{np.max(np.abs(got - truth) / ulp_of(truth)):.3f} ulp")


# --- normal: a standard normal number from 16 random bits -------------------------------------------


def fit_normal():
    """Giles' form (2010, "Approximating the erfinv function") over the 65536 values that occur: with
    t = (2 bits + 1) / 65536 - 1 and w = -log((1 - t) (1 + t)) in [0, 10.4] the quantile is t P(w). One
    polynomial does for 16 bits, where Giles needs two for 23."""
    t = (2 * np.arange(65536) + 1) / 65536.0 - 1
    truth = np.array([float(mp.sqrt(2) * mp.erfinv(mp.mpf(float(v)))) for v in t[32768:]])
    truth = np.concatenate([-truth[::-1], truth])
    low, high = -mp.log(1 - mp.mpf(2) ** -32), -mp.log(1 - mp.mpf(float(t[-1])) ** 2)
    inside = lambda w: mp.sqrt(-mp.expm1(-w))
    quotient = lambda w: mp.sqrt(2) * mp.erfinv(inside(w)) / inside(w)
    x = t.astype(F)  # exact
    w = -np.log(((F(1) - x) * (F(1) + x)).astype(np.float64)).astype(F)
    for degree in (5, 6, 7, 8, 9):
        p, _, error = remez(quotient, inside, low, high, degree, grid_size=1500)
        rounded = to_floats(p)
        got = (x * horner(rounded, w)).astype(F).astype(np.float64)
        print(f"// normal degree {degree}: minimax absolute error {error:.3g}; in float32 {np.max(np.abs(got - truth)):.3g}; "
              f"variance 1{np.mean(got**2) - 1:+.3g}, fourth moment 3{np.mean(got**4) - 3:+.3g}, largest {np.max(got):.6g}")
        print(cpp_array(f"normal_{degree}", rounded) + "\n", flush=True)


# --- all -------------------------------------------------------------------------------------------


def main():
    wanted = sys.argv[1:] or ["tanh", "erf", "exp", "log", "normal"]
    if "tanh" in wanted:
        fit_odd("tanh", mp.tanh, 9.01, [(6, 3), (5, 3), (4, 4), (4, 3), (3, 4), (5, 2), (4, 2), (3, 3)], scalings=200)
        print("// Clamped at 8, where 1 - tanh is 2.25e-7: stays below 1 without a clamp of the result.")
        fit_odd("tanh", mp.tanh, 8.0, [(4, 4), (6, 3), (5, 3), (4, 3), (3, 4)], scalings=200)
    if "erf" in wanted:
        fit_odd("erf", mp.erf, 3.92, [(6, 4), (5, 5), (5, 4), (4, 5), (4, 4), (5, 3), (6, 3)], scalings=200)
    if "exp" in wanted:
        fit_exp()
    if "log" in wanted:
        fit_log()
    if "normal" in wanted:
        fit_normal()


if __name__ == "__main__":
    main()
