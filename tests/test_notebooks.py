"""The notebooks run from the first cell to the last, in good time, and show what they are to show."""

from __future__ import annotations

import importlib.util
import re
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import ROOT, lacking

FOLDER = ROOT / "notebooks"
# How many charts each draws.
CHARTS = {"1-one-report.ipynb": 0, "2-archive.ipynb": 6, "3-trust.ipynb": 2, "4-own-categories.ipynb": 2}
MOST_SECONDS = 120


def test_these_are_all() -> None:
    assert {path.name for path in FOLDER.glob("*.ipynb")} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_it_runs(name: str) -> None:
    for library in ("ipykernel", "altair", "vl_convert", "pyarrow", "jinja2"):
        if not importlib.util.find_spec(library):
            lacking(f"{library} is not installed")
    notebook = nbformat.read(FOLDER / name, as_version=4)
    began = time.monotonic()
    client = NotebookClient(
        notebook,
        timeout=MOST_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    assert time.monotonic() - began < MOST_SECONDS
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [
        output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"
    ]
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == CHARTS[name]
    if name.startswith("1"):
        assert any("<" in output.get("data", {}).get("text/html", "") for output in outputs)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.name)
def test_it_is_kept_without_outputs_or_traces_of_a_machine(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert not re.search(r"/(?:home|root|work|Users|tmp)/", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.name)
def test_its_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (FOLDER / target).is_file(), target
