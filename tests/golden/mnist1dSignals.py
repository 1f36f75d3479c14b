"""Signals of lib/src/data/mnist1d.ts, made by the authors' package: pip install mnist1d==0.0.2.post1 numpy scipy requests matplotlib."""
import json
import pathlib
import platform
from importlib.metadata import version

import numpy
import scipy
from mnist1d.data import get_dataset_args, make_dataset


def dataset(**changes):
    args = get_dataset_args()
    for name, value in changes.items():
        setattr(args, name, value)
    made = make_dataset(args)
    x = numpy.concatenate([made["x"], made["x_test"]])
    labels = numpy.concatenate([made["y"], made["y_test"]])
    rows = [0, 1, len(x) // 2, len(x) - 1]
    return {
        "count": args.num_samples,
        "seed": args.seed,
        "rows": {str(row): x[row].tolist() for row in rows},
        "rowSums": x.sum(axis=1)[:: max(1, len(x) // 50)].tolist(),
        "sumOfSquares": float((x**2).sum()),
        # Every place counts with a weight of its own: a value in a wrong place shows.
        "weightedSum": float((x.ravel() * (numpy.arange(x.size) % 97 + 1)).sum()),
        "weightedLabelSum": int((labels * (numpy.arange(len(labels)) % 97 + 1)).sum()),
        "labels": labels.astype(int)[:200].tolist(),
    }


result = {
    "madeWith": f"mnist1d {version('mnist1d')}, NumPy {numpy.__version__}, SciPy {scipy.__version__}, Python {platform.python_version()}",
    "sets": [
        dataset(),
        dataset(seed=7, num_samples=1000),
        dataset(seed=0, num_samples=10),
        dataset(seed=2**32 - 1, num_samples=250),
        dataset(seed=123, num_samples=16000),
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n", "utf-8")
