"""Ridge classifiers (scikit-learn) and linear CKA from the kernels written out (NumPy), for lib/src/math/ridge.ts and lib/src/probe."""
import json
import pathlib

import numpy
import sklearn
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

generator = numpy.random.default_rng(2)
single = lambda *shape: generator.standard_normal(shape).astype(numpy.float32).astype(float)

# Ridge regression and a probe: 40 examples to fit, 30 to score, 4 features (the last is constant), 3 classes.
train = numpy.hstack([single(40, 3) * [1, 5, 0.2] + [0, 10, 1], numpy.full((40, 1), 0.5)]).astype(numpy.float32).astype(float)
test = numpy.hstack([single(30, 3) * [1, 5, 0.2] + [0, 10, 1], numpy.full((30, 1), 0.5)]).astype(numpy.float32).astype(float)
rule = lambda x: (x[:, 0] + 0.2 * (x[:, 1] - 10) > 0).astype(int) + (x[:, 2] > 1.1)
train_labels, test_labels = rule(train), rule(test)


def fit(x, penalty):
    model = Ridge(alpha=penalty, solver="cholesky").fit(x, numpy.eye(3)[train_labels])
    return model


plain = fit(train, 2.5)
scaler = StandardScaler().fit(train)
accuracies = {}
for penalty in [0.1, 10, 1000]:
    outputs = fit(scaler.transform(train), penalty).predict(scaler.transform(test))
    accuracies[str(penalty)] = float((outputs.argmax(axis=1) == test_labels).mean())


def biased_cka(x, y):
    n = len(x)
    centre = numpy.eye(n) - 1 / n
    hsic = lambda a, b: numpy.trace(a @ centre @ b @ centre)
    k, l = x @ x.T, y @ y.T
    return hsic(k, l) / numpy.sqrt(hsic(k, k) * hsic(l, l))


def unbiased_hsic(k, l):
    """Song and others 2012, eq. 5."""
    n = len(k)
    k, l = k - numpy.diag(numpy.diag(k)), l - numpy.diag(numpy.diag(l))
    ones = numpy.ones(n)
    return (
        numpy.trace(k @ l)
        + (ones @ k @ ones) * (ones @ l @ ones) / ((n - 1) * (n - 2))
        - 2 / (n - 2) * (ones @ k @ l @ ones)
    ) / (n * (n - 3))


def debiased_cka(x, y, size):
    parts = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x) - size + 1, size)]
    mean = lambda f: numpy.mean([f(a @ a.T, b @ b.T) for a, b in parts])
    xy = mean(unbiased_hsic)
    xx = numpy.mean([unbiased_hsic(a @ a.T, a @ a.T) for a, _ in parts])
    yy = numpy.mean([unbiased_hsic(b @ b.T, b @ b.T) for _, b in parts])
    return xy / numpy.sqrt(xx * yy)


x = (single(22, 5) + 3).astype(numpy.float32).astype(float)
y = (x @ single(5, 7) + 2 * single(22, 7)).astype(numpy.float32).astype(float)
golden = {
    "made by": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
    "ridge": {
        "train": train.ravel().tolist(),
        "trainLabels": train_labels.tolist(),
        "test": test.ravel().tolist(),
        "testLabels": test_labels.tolist(),
        "penalty": 2.5,
        "weights": plain.coef_.T.ravel().tolist(),
        "intercept": plain.intercept_.tolist(),
        "accuracies": accuracies,
    },
    "cka": {
        "x": x.ravel().tolist(),
        "y": y.ravel().tolist(),
        "biased": biased_cka(x, y),
        "debiased": debiased_cka(x, y, 22),
        "minibatch": debiased_cka(x, y, 7),
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1))
