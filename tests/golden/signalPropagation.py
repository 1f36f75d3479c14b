"""Variance map, fixed point and chi_1 by SciPy's adaptive quadrature and root finder, for lib/src/theory."""
import json
import pathlib

import numpy
import scipy
from scipy import integrate, optimize, special

activations = {
    "linear": (lambda z: z, lambda z: 1.0),
    "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
    "tanh": (numpy.tanh, lambda z: 1 - numpy.tanh(z) ** 2),
    "sigmoid": (special.expit, lambda z: special.expit(z) * special.expit(-z)),
    "erf": (lambda z: special.erf(numpy.sqrt(numpy.pi) / 2 * z), lambda z: numpy.exp(-numpy.pi / 4 * z * z)),
}


def mean(f):
    density = lambda z: f(z) * numpy.exp(-z * z / 2) / numpy.sqrt(2 * numpy.pi)
    parts = [integrate.quad(density, a, b, epsabs=1e-13, epsrel=1e-12, limit=400)[0] for a, b in ((-12, -1), (-1, -0.1), (-0.1, 0), (0, 0.1), (0.1, 1), (1, 12))]
    return sum(parts)


def moments(name, q):
    value, slope = activations[name]
    root = numpy.sqrt(q)
    return {
        "activation": name,
        "q": q,
        "mean": mean(lambda z: value(root * z)),
        "secondMoment": mean(lambda z: value(root * z) ** 2),
        "slopeSecondMoment": mean(lambda z: slope(root * z) ** 2),
    }


def phase(name, weights, biases):
    value, slope = activations[name]
    drift = lambda q: weights * mean(lambda z: value(numpy.sqrt(q) * z) ** 2) + biases - q
    q = optimize.brentq(drift, 1e-6, 100, xtol=1e-13)
    return {
        "activation": name,
        "weightVariance": weights,
        "biasVariance": biases,
        "fixedPoint": q,
        "chi1": weights * mean(lambda z: slope(numpy.sqrt(q) * z) ** 2),
    }


result = {
    "madeWith": f"NumPy {numpy.__version__}, SciPy {scipy.__version__}",
    "moments": [moments(name, q) for name in activations for q in (0.01, 0.5, 1.0, 4.0, 800.0)],
    "phases": [
        phase(*arguments)
        for arguments in (
            ("tanh", 2.0, 0.0), ("tanh", 4.0, 0.0), ("tanh", 1.0, 0.05), ("tanh", 1.5, 0.05), ("tanh", 1.76, 0.05),
            ("tanh", 2.5, 0.05), ("erf", 1.3, 0.1), ("sigmoid", 1.0, 0.0), ("sigmoid", 16.0, 0.5), ("sigmoid", 128.0, 0.0), ("relu", 1.2, 0.3),
        )
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
