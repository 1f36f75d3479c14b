"""Weights of adamw in packages/engine/src/adamw.ts, stepped by PyTorch in float64: pip install torch==2.5.1 numpy."""
import json
import pathlib
import platform

import numpy
import torch

start = [0.5, -1.25, 2.0, -0.125, 0.75]
gradients = [[0.1 * (i + 1) * (-1) ** (i + step) + 0.03 * step for i in range(5)] for step in range(5)]

weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.AdamW([weights], lr=0.05, betas=(0.8, 0.95), eps=1e-7, weight_decay=0.3)
courses = []
for gradient in gradients:
    weights.grad = torch.tensor(gradient, dtype=torch.float64)
    optimizer.step()
    courses.append(weights.detach().numpy().tolist())

result = {
    "madeWith": f"PyTorch {torch.__version__.split('+')[0]}, NumPy {numpy.__version__}, Python {platform.python_version()}",
    "start": start,
    "gradients": gradients,
    "weights": courses,
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n", "utf-8")
