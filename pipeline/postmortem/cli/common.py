"""What several commands share: reading their input, naming what failed, writing bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from postmortem.learned.linear import LinearModel
    from postmortem.read import ReadError
    from postmortem.record import Source

MODEL = click.option(
    "--model",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A model of your own for the categories (see `postmortem train`).",
)


def model_of(folder: Path | None) -> LinearModel | None:
    """The model of `folder`; a folder that holds none is an error in one line."""
    if folder is None:
        return None
    from postmortem.classify import model_at

    try:
        return model_at(folder)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{folder}: {error}") from error


def source_of(file: str) -> Source | None:
    """Read a file, or standard input for "-"; one that cannot be read is named on standard error."""
    from postmortem.read import ReadError, read, read_bytes

    try:
        return read_bytes(sys.stdin.buffer.read(), "-") if file == "-" else read(file)
    except ReadError as error:
        complain(error)
        return None


def complain(error: ReadError) -> None:
    """Name a file that cannot be read, and why."""
    click.echo(f"cannot read {error.path}: {error.reason}", err=True)


def stop() -> NoReturn:
    """Leave with exit code 1."""
    sys.exit(1)


def write(words: str) -> None:
    """UTF-8 whatever the locale, line ends untouched: the same bytes everywhere."""
    sys.stdout.flush()
    sys.stdout.buffer.write(words.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
