"""What tests share: the sample reports, texts of every kind, and how a test skips."""

from __future__ import annotations

import os
import shutil
from importlib import resources
from pathlib import Path

import pytest

from examples import REPORT

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples"
VOCABULARY = sorted(
    path.name.removesuffix(".toml")
    for path in resources.files("postmortem.vocabulary").iterdir()
    if path.name.endswith(".toml")
)
CORPUS = ROOT.parent / "shared" / "corpus"


def lacking(reason: str) -> None:
    """Skip a test for something that this machine lacks; fail instead where POSTMORTEM_CI is set."""
    if os.environ.get("POSTMORTEM_CI"):
        pytest.fail(f"skipping is forbidden here: {reason}")
    pytest.skip(reason)


def tool(name: str) -> str:
    """Return the path of a program, or skip."""
    found = shutil.which(name)
    if found is None:
        lacking(f"no {name} on this machine")
    return str(found)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of other authors' reports, which is no part of this project: skipped without it, always."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of public reports is not beside this checkout")
    return CORPUS


@pytest.fixture
def report_file(tmp_path: Path) -> Path:
    path = tmp_path / "report.md"
    path.write_text(REPORT, encoding="utf-8")
    return path
