"""Folders, patterns and lists of paths to plain files, each under its name in the records."""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from postmortem.inputs.model import Item, failed

_CHUNK: Final = 1 << 16


def walk(
    inputs: Sequence[str | os.PathLike[str]],
    *,
    files_from: Iterable[str] | None = None,
    skip: Iterable[Path] = (),
) -> Iterator[Item]:
    """Yield every plain file that `inputs` name, as an item with its `path`; whatever names no file, as a failure.

    An input is a folder (everything below it, ordered by name, without the hidden ``.x``; links to folders are not
    followed), a file, or a pattern (``reports/**/*.md``; a file that is really called so comes first). Names are relative
    to the folder; with several inputs, prefixed by the folder's name, numbered where two share it. `files_from` are paths of
    files and folders, which keep the names they are given by. `skip` holds files and folders that are never taken (the
    output itself).
    """
    unwanted = frozenset(os.path.abspath(path) for path in skip)
    prefixes: Counter[str] = Counter()
    several = len(inputs) + (files_from is not None) > 1
    spelled = {os.path.abspath(given): os.fspath(given) for given in inputs}
    for given in spelled.values():
        yield from _input(given, prefixes if several else None, unwanted)
    for given in files_from or ():
        yield from _listed(given.rstrip("\r\n"), unwanted)


def paths_in(stream: IO[bytes]) -> Iterator[str]:
    """Yield the paths that `stream` lists, one a line, or ended by NUL each where there is a NUL; empty ones are left out."""
    rest = stream.read(_CHUNK)
    mark = b"\0" if b"\0" in rest else b"\n"
    while True:
        *whole, rest = rest.split(mark)
        yield from (os.fsdecode(path.strip(b"\r\n")) for path in whole if path.strip())
        more = stream.read(_CHUNK)
        if not more:
            break
        rest += more
    if rest.strip():
        yield os.fsdecode(rest.strip(b"\r\n"))


def printable(name: str) -> str:
    """Return a name that any output can hold: what is no UTF-8 becomes the replacement character."""
    return name.encode("utf-8", "surrogateescape" if os.name == "posix" else "replace").decode(
        "utf-8", "replace"
    )


def _input(given: str, prefixes: Counter[str] | None, unwanted: frozenset[str]) -> Iterator[Item]:
    if not os.path.lexists(given) and glob.has_magic(given):
        root, found = _matching(given, unwanted)
        if not found:
            yield failed(printable(given), "no file matches this pattern")
            return
        prefix = _prefix(root, prefixes)
        yield from (_file(path, prefix + path.relative_to(root).as_posix()) for path in found)
        return
    path = Path(os.path.abspath(given))
    if path.is_dir():
        yield from _below(path, _prefix(path, prefixes), unwanted)
    elif str(path) not in unwanted:
        yield _file(path, path.name or given)


def _listed(given: str, unwanted: frozenset[str]) -> Iterator[Item]:
    path = Path(given)
    if not given or os.path.abspath(path) in unwanted:
        return
    if path.is_dir():
        yield from _below(path, f"{path.as_posix()}/".removeprefix("./"), unwanted)
    else:
        yield _file(path, path.as_posix())


def _prefix(folder: Path, prefixes: Counter[str] | None) -> str:
    """What names below `folder` begin with: nothing where it is the only input."""
    if prefixes is None:
        return ""
    prefixes[folder.name] += 1
    number = prefixes[folder.name]
    return f"{folder.name}-{number}/" if number > 1 else f"{folder.name}/"


def _file(path: Path, name: str) -> Item:
    """The item of a file; one that is not there has no stamp, and reading it says why."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return Item(printable(name), path=path)
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
        return failed(printable(name), "is not a file")
    return Item(printable(name), path=path, stamp=f"{status.st_size}:{status.st_mtime_ns}")


def _below(folder: Path, prefix: str, unwanted: frozenset[str]) -> Iterator[Item]:
    """Every file below a folder in the order of their names' parts; one folder's names are held at a time."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((e.name, e.is_dir(follow_symlinks=False)) for e in entries if e.name[0] != ".")
    except OSError as error:
        yield failed(printable(prefix.rstrip("/") or folder.name), error.strerror or str(error))
        return
    for name, inside in found:
        path = folder / name
        if unwanted and os.path.abspath(path) in unwanted:
            continue
        if inside:
            yield from _below(path, f"{prefix}{name}/", unwanted)
        elif not path.is_dir():  # a link to a folder
            yield _file(path, prefix + name)


def _matching(pattern: str, unwanted: frozenset[str]) -> tuple[Path, list[Path]]:
    """The folder above a pattern's first wildcard, and the files that match (a folder that does stands for its own)."""
    parts = Path(pattern).parts
    plain = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = Path(os.path.abspath(Path(*parts[:plain]) if plain else "."))
    found: dict[Path, None] = {}
    for match in sorted(glob.iglob(pattern, recursive=True), key=lambda path: Path(path).parts):
        path = Path(os.path.abspath(match))
        if str(path) in unwanted:
            continue
        if not path.is_dir():
            found[path] = None
        elif "**" not in parts:
            found.update((item.path, None) for item in _below(path, "", unwanted) if item.path)
    return root, list(found)
