"""Summaries of samples by NumPy and SciPy, for lib/src/math/stats.ts, special.ts and gaussHermite.ts."""
import json
import pathlib

import numpy
import scipy
from scipy import special, stats

samples = [[2.5, -1.0], [1.0, 2.0, 4.0, 8.0, 16.0], [0.1, 0.2, 0.3, 0.4, 1e6, -1e6, 7.25], [1e8 + k for k in range(9)]]


def summary(values):
    values = numpy.array(values)
    low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    low99, high99 = stats.t.interval(0.99, len(values) - 1, values.mean(), stats.sem(values))
    return {
        "values": values.tolist(),
        "mean": values.mean(),
        "variance": values.var(ddof=1),
        "populationVariance": values.var(),
        "quantiles": {str(p): numpy.quantile(values, p) for p in (0, 0.1, 0.25, 0.5, 0.9, 1)},
        "interval95": [low, high],
        "interval99": [low99, high99],
    }


functions = {
    "exp": numpy.exp, "ln": numpy.log, "sin": numpy.sin, "cos": numpy.cos, "tanh": numpy.tanh, "erf": special.erf,
    "log1p": numpy.log1p, "expm1": numpy.expm1, "log10": numpy.log10, "gammaln": special.gammaln, "acos": numpy.arccos,
}
arguments = {name: [1e-9, 0.1, 0.5, 1.0, 2.25, 3.7, 11.5, 30.0] for name in functions}
arguments["acos"] = [-1.0, -0.3, 0.0, 0.25, 0.9, 1.0]
nodes, weights = numpy.polynomial.hermite_e.hermegauss(24)
result = {
    "madeWith": f"NumPy {numpy.__version__}, SciPy {scipy.__version__}",
    "summaries": [summary(sample) for sample in samples],
    "functions": [
        {"name": name, "x": x, "y": float(f(x))} for name, f in functions.items() for x in arguments[name]
    ],
    "pow": [{"x": x, "y": y, "z": float(numpy.power(x, y))} for x, y in ((0.75, 19), (2.0, -7), (10.0, 0.5), (1.1, 100))],
    "gaussHermite24": {"nodes": nodes.tolist(), "weights": (weights / numpy.sqrt(2 * numpy.pi)).tolist()},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
