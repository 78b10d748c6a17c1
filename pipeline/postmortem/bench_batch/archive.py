"""An archive of any size, made from a few reports: the same seed gives the same files.

Each report takes the structure of one of the originals: its sections in another order, one of them from another report, its
years, dates, clock times, figures and names changed. So there are no two alike, and no cache of words or lines helps more
than it would in the field.
"""

from __future__ import annotations

import html
import io
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Final

_HEADING: Final = re.compile(r"^(?=#{1,4} |\*\*[^*\n]{3,60}\*\*\s*$)", re.MULTILINE)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_CLOCK: Final = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_FIGURE: Final = re.compile(r"(?<![\d:./-])\b[1-9]\d{1,4}(?=\s?(?:%|percent|[a-z]{4,}))")
_NAME: Final = re.compile(r"\b(?=[a-z]*[a-z]-)[a-z]{2,12}-[a-z0-9]{2,12}\b|(?<=[a-z] )[A-Z][a-z]{4,12}\b")
_SYLLABLES: Final = "ba co di fu ga ho ju ka lo mi nu po ra se ti vo wa xe yo zu".split()
_KEEP: Final = frozenset(
    "January February March April June July August September October November December Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday on-call follow-up roll-back rolled-back".split()
)
_ZIPPED: Final = 100
_FORMATS: Final = {"md": 50, "txt": 22, "html": 8, "eml": 5, "zip": 15}
"""How many of a hundred reports come as what; "zip": as a member of an archive."""


def write(folder: Path, count: int, originals: Sequence[str], seed: int = 20) -> None:
    """Write `count` reports below `folder`: Markdown, text, pages, mails, and zip archives of Markdown."""
    dice = random.Random(seed)
    zipped: list[tuple[str, str]] = []
    for number, text in enumerate(reports(originals, dice, count)):
        kind = dice.choices(list(_FORMATS), list(_FORMATS.values()))[0]
        name = f"{2000 + number % 24}/{number % 7}/report-{number:06d}"
        if kind == "zip":
            zipped.append((f"{number % 5}/report-{number:06d}.md", text))
            if len(zipped) == _ZIPPED:
                _zip(folder / f"{name}.zip", zipped)
                zipped = []
            continue
        path = folder / f"{name}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_FORMS[kind](text) if kind in _FORMS else text.encode())
    if zipped:
        _zip(folder / "rest.zip", zipped)


def reports(originals: Sequence[str], dice: random.Random, count: int) -> Iterator[str]:
    """Yield `count` texts, each like one of the originals and like none of them."""
    cut = [[part for part in _HEADING.split(text) if part.strip()] for text in originals]
    for _ in range(count):
        head, *sections = dice.choice(cut)
        other = dice.choice(cut)
        if sections and len(other) > 1:
            sections[dice.randrange(len(sections))] = dice.choice(other[1:])
        dice.shuffle(sections)
        yield _changed(head + "".join(sections), dice)


def _changed(text: str, dice: random.Random) -> str:
    """Other years, times, figures and names, each the same wherever it stands in this text."""
    years, hours, minutes = dice.randint(-8, 4), dice.randint(0, 23), dice.randint(0, 59)
    names: dict[str, str] = {}

    def moved(match: re.Match[str]) -> str:
        total = (int(match[1]) + hours) * 60 + int(match[2]) + minutes
        return f"{total // 60 % 24:02d}:{total % 60:02d}"

    def named(match: re.Match[str]) -> str:
        word = match[0]
        if word in _KEEP:
            return word
        made = names.setdefault(word, "".join(dice.choices(_SYLLABLES, k=3)))
        return made.capitalize() if word[0].isupper() else f"{made[:2]}-{made[2:]}"

    text = _NAME.sub(named, text)
    text = _FIGURE.sub(lambda match: str(dice.randint(2, 10 ** len(match[0]) - 1)), text)
    text = _YEAR.sub(lambda match: str(int(match[0]) + years), text)
    return _CLOCK.sub(moved, text)


def _page(text: str) -> bytes:
    lines = []
    for line in text.splitlines():
        words = html.escape(line.lstrip("#*- ").strip())
        tag = "h2" if line.startswith("#") else "li" if line.lstrip().startswith(("-", "*")) else "p"
        lines.append(f"<{tag}>{words}</{tag}>" if words else "")
    return f"<html><body>{''.join(lines)}</body></html>".encode()


def _mail(text: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = " ".join(text.split("\n", 1)[0].split()).lstrip("# ")[:70] or "Incident"
    message["From"] = "operations@example.org"
    message["To"] = "everybody@example.org"
    message.set_content(text, cte="8bit")
    return message.as_bytes()


_FORMS: Final = {"html": _page, "eml": _mail}


def _zip(path: Path, members: Sequence[tuple[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name), text)  # no time of its own: the same bytes every time
    path.write_bytes(packed.getvalue())
