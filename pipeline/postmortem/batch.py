"""Folders of reports to one file of records: every file in a stable order, one that cannot be read never stops the rest."""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from postmortem.assemble import incidents
from postmortem.frames import COLUMNS, row
from postmortem.learned.linear import LinearModel
from postmortem.read import ReadError, read
from postmortem.record import Incident

FORMATS: Final = (".jsonl", ".csv")


@dataclass(frozen=True, slots=True)
class Item:
    """A file to read and its name in the records: relative to its folder, ``/`` on every system."""

    path: Path
    name: str


@dataclass(slots=True)
class Summary:
    """What a batch came to: files by status, how many records have each field, and what could not be read."""

    files: int = 0
    records: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    failures: list[ReadError] = field(default_factory=list)

    def add(self, found: Sequence[Incident]) -> None:
        """Count one file's records."""
        self.statuses[found[0].status] += 1
        self.records += len(found)
        for incident in found:
            self.fields.update(name for name, get in FIELDS.items() if get(incident))


FIELDS: Final[dict[str, Callable[[Incident], object]]] = {
    "title": lambda i: i.title,
    "sections": lambda i: i.sections,
    "outage start": lambda i: i.outage.start,
    "outage end": lambda i: i.outage.end,
    "duration": lambda i: i.outage.duration_minutes is not None,
    "impact percentages": lambda i: i.impact.percentages,
    "impact figures": lambda i: i.impact.figures,
    "severity": lambda i: i.severity,
    "affected": lambda i: i.affected.services or i.affected.regions,
    "detection": lambda i: i.detection,
    "timeline": lambda i: i.timeline,
    "root cause": lambda i: i.root_cause,
    "trigger": lambda i: i.trigger,
    "contributing factors": lambda i: i.contributing_factors,
    "false leads": lambda i: i.false_leads,
    "resolution": lambda i: i.resolution,
    "categories": lambda i: i.categories,
    "actions": lambda i: i.actions,
    "lessons": lambda i: i.lessons.went_well or i.lessons.went_wrong or i.lessons.got_lucky,
    "findings": lambda i: i.findings,
}
"""The fields that a summary counts, and how to see whether a record has them."""


def walk(folders: Sequence[str | os.PathLike[str]], *, skip: Iterable[Path] = ()) -> list[Item]:
    """Return every file below `folders` (a file stands for itself), ordered by name; hidden ones (``.x``) are left out.

    With several folders each name is prefixed by its folder's name, numbered where two share it. `skip` holds files that
    are never taken (the output of the batch itself). Links to folders are not followed.
    """
    unwanted = {Path(os.path.abspath(path)) for path in skip}
    items: list[Item] = []
    prefixes: Counter[str] = Counter()
    for folder in dict.fromkeys(Path(os.path.abspath(f)) for f in folders):
        prefixes[folder.name] += 1
        number = prefixes[folder.name]
        prefix = f"{folder.name}-{number}/" if number > 1 else f"{folder.name}/"
        if len(folders) == 1:
            prefix = ""
        if not folder.is_dir():
            items.append(Item(folder, _printable(folder.name)))
            continue
        found = [
            Item(path, _printable(prefix + path.relative_to(folder).as_posix()))
            for path in _files(folder)
            if path not in unwanted
        ]
        items += sorted(found, key=lambda item: item.name.split("/"))
    return items


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root, name) for name in names if not name.startswith("."))


def _printable(name: str) -> str:
    """A name that any output can hold: bytes that are no UTF-8 become the replacement character."""
    return os.fsencode(name).decode("utf-8", "replace")


def convert(
    items: Iterable[Item],
    output: str | os.PathLike[str],
    *,
    with_text: bool = False,
    model: LinearModel | None = None,
    fail: Callable[[ReadError], None] = lambda error: None,
) -> Summary:
    """Write the records of `items` to `output` (``.jsonl`` or ``.csv``, by its suffix) and return the summary.

    `fail` is told of each file that cannot be read; `model` gives the categories in place of the packaged one.
    `output` is replaced in one step at the end, so an interrupted batch leaves the file that was there. Raises OSError
    where `output` cannot be written.
    """
    summary = Summary()
    with _replacing(Path(output)) as stream:
        write = _csv(stream) if str(output).lower().endswith(".csv") else _jsonl(stream)
        for item in items:
            summary.files += 1
            try:
                found = _records(item, with_text=with_text, model=model)
            except ReadError as error:
                summary.failures.append(error)
                fail(error)
                continue
            summary.add(found)
            for incident in found:
                write(incident)
    return summary


def _records(item: Item, *, with_text: bool, model: LinearModel | None) -> tuple[Incident, ...]:
    """The records of one file. Parsing raises for no text; should it do so all the same, one report is not the batch."""
    source = read(item.path, name=item.name)
    try:
        return incidents(source, with_text=with_text, model=model)
    except Exception as error:
        raise ReadError(item.name, f"a defect of this program: {type(error).__name__}: {error}") from error


def _jsonl(stream: IO[str]) -> Callable[[Incident], Any]:
    return lambda incident: stream.write(incident.to_json() + "\n")


def _csv(stream: IO[str]) -> Callable[[Incident], Any]:
    writer = csv.DictWriter(stream, [c.name for c in COLUMNS["incidents"]], lineterminator="\n")
    writer.writeheader()
    return lambda incident: writer.writerow({k: _cell(v) for k, v in row(incident).items()})


def _cell(value: object) -> object:
    """A spreadsheet must not take a report's words for a formula: such text is quoted with an apostrophe."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value and not _is_offset(value):
        return f"'{value}"
    return value


def _is_offset(value: str) -> bool:
    return len(value) == 6 and value[3] == ":" and (value[1:3] + value[4:]).isdigit()


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
