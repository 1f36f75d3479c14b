"""Activations, deltas and weight gradients of small nets, written out by hand in float64 NumPy, for lib/src/probe."""
import json
import pathlib

import numpy

SIZES = [5, 6, 6, 4, 3]
EXAMPLES = 7
EPSILON = 1e-3  # of tfjs's batch normalisation

activations = {
    "relu": (lambda z: numpy.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "tanh": (numpy.tanh, lambda z: 1 - numpy.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + numpy.exp(-z)), lambda z: numpy.exp(-z) / (1 + numpy.exp(-z)) ** 2),
}
generator = numpy.random.default_rng(5)
single = lambda *shape: generator.standard_normal(shape).astype(numpy.float32).astype(float)
X = single(EXAMPLES, SIZES[0])
LABELS = numpy.arange(EXAMPLES) % SIZES[-1]
WEIGHTS = [single(a, b) for a, b in zip(SIZES, SIZES[1:])]
BIASES = [0.1 * single(b) for b in SIZES[1:]]
BIASES = [b.astype(numpy.float32).astype(float) for b in BIASES]
BIASES[1][2] = -50.0  # a unit that is dead after ReLU


def normalise(z):
    spread = numpy.sqrt(z.var(axis=0) + EPSILON)
    return (z - z.mean(axis=0)) / spread, spread


def run(kind, batch_norm, weights):
    phi, slope = activations[kind]
    hidden, stages = X, []
    for layer, (w, b) in enumerate(zip(weights, BIASES)):
        z = hidden @ w + b
        last = layer == len(weights) - 1
        normed, spread = normalise(z) if batch_norm and not last else (z, None)
        out = normed if last else phi(normed)
        stages.append((hidden, normed, spread, out))
        hidden = out
    shifted = hidden - hidden.max(axis=1, keepdims=True)
    logs = shifted - numpy.log(numpy.exp(shifted).sum(axis=1, keepdims=True))
    return stages, logs, -logs[numpy.arange(EXAMPLES), LABELS].mean()


def profile(kind, batch_norm):
    phi, slope = activations[kind]
    stages, logs, loss = run(kind, batch_norm, WEIGHTS)
    upstream = (numpy.exp(logs) - numpy.eye(SIZES[-1])[LABELS]) / EXAMPLES
    deltas, gradients = [], []
    for layer in reversed(range(len(WEIGHTS))):
        incoming, normed, spread, _ = stages[layer]
        delta = upstream if layer == len(WEIGHTS) - 1 else upstream * slope(normed)
        if spread is not None:  # the batch's mean and variance depend on every example
            delta = (delta - delta.mean(axis=0) - normed * (delta * normed).mean(axis=0)) / spread
        deltas.insert(0, delta)
        gradients.insert(0, incoming.T @ delta)
        upstream = delta @ WEIGHTS[layer].T
    check(kind, batch_norm, gradients)
    outs = [stage[3] for stage in stages]
    return {
        "activation": kind,
        "norm": "batch" if batch_norm else "none",
        "loss": loss,
        "activationMean": [out.mean() for out in outs],
        "activationStd": [out.std() for out in outs],
        "deltaNorm": [numpy.linalg.norm(delta) for delta in deltas],
        "weightGradientNorm": [numpy.linalg.norm(gradient) for gradient in gradients],
        "deadFraction": [float((out == 0).all(axis=0).mean()) for out in outs],
    }


def check(kind, batch_norm, gradients):
    """Central differences of the loss along one random direction a layer."""
    for layer, gradient in enumerate(gradients):
        direction = generator.standard_normal(gradient.shape)
        sides = []
        for sign in (1, -1):
            moved = list(WEIGHTS)
            moved[layer] = WEIGHTS[layer] + sign * 1e-6 * direction
            sides.append(run(kind, batch_norm, moved)[2])
        assert abs((sides[0] - sides[1]) / 2e-6 - (gradient * direction).sum()) < 1e-6, (kind, batch_norm, layer)


result = {
    "madeWith": f"NumPy {numpy.__version__}",
    "x": X.ravel().tolist(),
    "labels": LABELS.tolist(),
    "sizes": SIZES,
    "weights": [w.ravel().tolist() for w in WEIGHTS],
    "biases": [b.tolist() for b in BIASES],
    "profiles": [profile(kind, norm) for kind in activations for norm in (False, True)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
