"""Runs cells in the kernel "tslab" with nbclient, and prints what came as JSON. The cells are JSON on stdin."""

import json
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

request = json.load(sys.stdin)
notebook = nbformat.v4.new_notebook(
    cells=[nbformat.v4.new_code_cell(code) for code in request["cells"]],
    metadata={"kernelspec": {"name": "tslab", "display_name": "TypeScript", "language": "typescript"}},
)
client = NotebookClient(
    notebook,
    timeout=request.get("timeout", 60),
    interrupt_on_timeout=True,
    allow_errors=request.get("allow_errors", False),
    resources={"metadata": {"path": request["cwd"]}},
)
failure = None
try:
    client.execute()
except CellExecutionError as error:
    failure = {"ename": error.ename, "evalue": error.evalue}
nbformat.validate(notebook)
cells = [{"count": cell.execution_count, "outputs": cell.outputs} for cell in notebook.cells]
print(json.dumps({"failure": failure, "cells": cells, "language": notebook.metadata.get("language_info")}))
