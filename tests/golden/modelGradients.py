"""Gradients of the nine models of packages/engine/bench by PyTorch in float64: pip install torch==2.5.1 numpy.

Of each tensor (in the order in which models.cjs makes them): shape, norm, and inner products with 32 fixed directions,
numbers of the generator of models.cjs from seed 97. Deep nets with ReLU get few examples: one of millions of ReLUs that is
0 in one precision and 1e-6 in the other changes gradients by more than rounding does.
"""
import json
import pathlib
import platform
import sys

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "packages" / "engine" / "bench"))
import pytorch

EXAMPLES = {"ResNet-20 28×28": 2, "ResNet-20 on sequences": 4, "MLP 10×256": 4, "CNN 28×28": 16}
DIRECTIONS = 32

made_with = f"PyTorch {torch.__version__.split('+')[0]}, NumPy {numpy.__version__}, Python {platform.python_version()}"
result = {"madeWith": made_with, "models": {}}
for name, (batch, make) in pytorch.MODELS.items():
    net = pytorch.Net(EXAMPLES.get(name, batch), torch.float64)
    loss = make(net)()
    loss.backward()
    tensors = []
    for gradient in net.gradients():
        directions, _ = pytorch.numbers(97, DIRECTIONS * gradient.size)
        products = directions.reshape(DIRECTIONS, -1) @ gradient.reshape(-1)
        norm = numpy.sqrt((gradient**2).sum())
        tensors.append({"shape": gradient.shape, "norm": float(norm), "products": [float(f"{p:.10g}") for p in products]})
    result["models"][name] = {"batch": net.batch, "loss": loss.item(), "tensors": tensors}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n", "utf-8")
