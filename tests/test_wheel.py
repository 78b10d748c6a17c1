"""The wheel: what is in it, and that it works alone, away from this checkout."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import postmortem
from conftest import ROOT, SAMPLES, lacking

PACKAGE = ROOT / "pipeline" / "postmortem"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    if not importlib.util.find_spec("hatchling"):
        lacking("hatchling is not installed")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"postmortem/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix in {".py", ".toml", ".typed"}
    }
    assert wanted <= names
    assert {name.split("/")[0] for name in names} == {
        "postmortem",
        f"postmortem_pipeline-{postmortem.__version__}.dist-info",
    }
    assert any(name.endswith("LICENSE") for name in names)


def test_every_import_is_a_declared_dependency(wheel: Path) -> None:
    metadata = next(n for n in zipfile.ZipFile(wheel).namelist() if n.endswith("/METADATA"))
    lines = zipfile.ZipFile(wheel).read(metadata).decode().splitlines()
    required = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    assert all(">=" in requirement for requirement in required), "every dependency has a lower bound"
    declared = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in required}
    owners = importlib.metadata.packages_distributions()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            # IPython is only asked for within it.
            known = {"postmortem", "IPython", *sys.stdlib_module_names}
            for module in {m.split(".")[0] for m in modules} - known:
                names = {name.lower() for name in owners.get(module, [module])}
                assert names & declared, f"{path.name} imports {module}"


def test_the_wheel_works_alone_in_another_folder(wheel: Path, tmp_path: Path) -> None:
    """An environment of its own: this project is there as its wheel only, its dependencies are borrowed."""
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    paths = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
    site = Path(paths["purelib"])
    if not site.is_dir():
        lacking("environments are laid out differently here")
    zipfile.ZipFile(wheel).extractall(site)
    # A path in a .pth file is searched, but its own .pth files (an editable install of this checkout) are not.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, "-I", *arguments], cwd=elsewhere, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("-c", "import postmortem; print(postmortem.__file__)").strip()
    assert Path(where).resolve().is_relative_to(home.resolve())
    assert "convert" in run("-m", "postmortem", "--help")
    run("-m", "postmortem", "convert", str(SAMPLES), "--output", "out.csv")
    here = subprocess.run(
        [sys.executable, "-m", "postmortem", "convert", str(SAMPLES), "--output", str(tmp_path / "here.csv")],
        check=True,
        capture_output=True,
    )
    assert here.returncode == 0
    assert (elsewhere / "out.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
