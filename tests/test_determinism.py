"""Same bytes in, same bytes out, whatever the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import SAMPLES

ENVIRONMENTS = {
    "zone, locale and hash seed": {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONHASHSEED": "7",
    },
    "encoding": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "COLUMNS": "40"},
}


def converted(folder: Path, output: Path, environment: dict[str, str]) -> bytes:
    command = [
        sys.executable,
        "-m",
        "postmortem",
        "convert",
        str(folder),
        "--output",
        str(output),
        "--with-text",
    ]
    subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "0", **environment}, check=True, capture_output=True
    )
    return output.read_bytes()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return converted(SAMPLES, tmp_path_factory.mktemp("first") / "out.jsonl", {"TZ": "UTC"})


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_environment_does_not_show(name: str, first: bytes, tmp_path: Path) -> None:
    assert first
    assert converted(SAMPLES, tmp_path / "out.jsonl", ENVIRONMENTS[name]) == first


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_printed_records_are_utf8_anywhere(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Café outage → 10:00–11:00 UTC\n\nThe café was down.\n", encoding="utf-8")
    for command in ("parse", "text", "show"):
        done = subprocess.run(
            [sys.executable, "-m", "postmortem", command, str(path)],
            env={**os.environ, **ENVIRONMENTS[name]},
            check=True,
            capture_output=True,
        )
        if command != "show":
            assert "Café outage → 10:00–11:00 UTC" in done.stdout.decode("utf-8")
