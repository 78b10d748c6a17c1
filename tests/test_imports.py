"""What importing loads, and that nobody reaches around the import package."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "sklearn", "pandas", "numpy", "dateparser", "bs4", "rich.console", "py3langid")


def loaded(code: str) -> set[str]:
    """The heavy modules that a fresh interpreter has loaded after `code`."""
    script = f"import sys\n{code}\nprint(','.join(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(filter(None, done.stderr.strip().split(",")))


@pytest.mark.parametrize(
    "code",
    [
        "import postmortem",
        "import postmortem; postmortem.parse, postmortem.schema, postmortem.to_frames, postmortem.Incident",
        "from postmortem.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from postmortem.cli import main\ntry: main(['convert', '--help'])\nexcept SystemExit: pass",
        "from postmortem.cli import main\ntry: main(['schema'])\nexcept SystemExit: pass",
    ],
    ids=["package", "names", "help", "help of a command", "schema"],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert loaded(code) == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded("import pandas") >= {"pandas", "numpy"}


def test_parsing_loads_no_table_or_training_library() -> None:
    """But for what spaCy loads by itself: its command line brings more with it, by version."""
    parsing = "import postmortem; postmortem.parse('Down 10:00-11:00 UTC because the disk was full.')"
    assert loaded(parsing) <= loaded("import spacy") | {"spacy", "numpy"}
    assert not loaded(parsing) & {"pandas", "sklearn"}
