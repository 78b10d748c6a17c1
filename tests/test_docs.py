"""The documentation: its Python runs, its commands exist and run on the samples, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from conftest import ROOT
from postmortem.cli import main

PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").rglob("*.md")})
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    (page, match.group(1), match.group(2))
    for page in PAGES
    for match in BLOCK.finditer(page.read_text("utf-8"))
]
PYTHON = [(page, code) for page, language, code in BLOCKS if language == "python"]
COMMANDS = [
    (page, line.removeprefix("$ ").strip())
    for page, language, code in BLOCKS
    if language in ("sh", "bash", "console")
    for line in code.splitlines()
    if re.match(r"(\$ )?(\.venv/bin/)?postmortem ", line)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the documentation's examples run: the samples are there, and nothing is written into the checkout."""
    (tmp_path / "data").symlink_to(ROOT / "data", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("page", sorted({page for page, _ in PYTHON}), ids=lambda page: page.name)
def test_python_blocks_run(page: Path, folder: Path) -> None:
    """The blocks of a page are one session, in order."""
    code = "\n".join(code for where, code in PYTHON if where == page)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _arguments(line: str) -> list[str]:
    words = shlex.split(line, comments=True)[1:]
    return next((words[:n] for n, word in enumerate(words) if word in ("|", ">", ">>", "&&", "<")), words)


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_commands_exist(page: Path, line: str) -> None:
    name, *arguments = _arguments(line)
    if name.startswith("-"):
        return
    command = main.commands[name]
    command.make_parser(click.Context(command)).parse_args(list(arguments))


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_commands_on_the_samples_run(page: Path, line: str, folder: Path) -> None:
    name, *arguments = _arguments(line)
    inputs = [a for a in arguments if not a.startswith("-") and Path(a).suffix not in (".jsonl", ".csv")]
    if not inputs or not all((folder / a).exists() for a in inputs):
        return
    done = subprocess.run(
        [sys.executable, "-m", "postmortem", name, *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|#", target):
            assert (page.parent / target.split("#")[0]).exists(), target


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        text = "\n".join(
            code
            for where, language, code in BLOCKS
            if where == page and language in ("sh", "bash", "console")
        )
        assert set(re.findall(r"^(?:\$ )?make ([a-z-]+)", text, re.MULTILINE)) <= targets, page.name
