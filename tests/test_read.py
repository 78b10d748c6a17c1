"""Reading: formats, encodings, and what cannot be read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.read import MAX_BYTES, ReadError, read, read_bytes
from postmortem.read.html import to_text
from postmortem.read.markup import MAX_DEPTH

WORDS = "Café “payments” – down at 14:05, it’s the disk.\r\nBack at 15:20.\n"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.md", "text/markdown"),
        ("a.MARKDOWN", "text/markdown"),
        ("a.txt", "text/plain"),
        ("a.rst", "text/x-rst"),
        ("a.html", "text/plain"),  # no tag in it
        ("INCIDENT-0042", "text/plain"),
        ("incident-2023.12", "text/plain"),
        ("folder.d/report", "text/plain"),
    ],
)
def test_the_suffix_names_the_format(name: str, media_type: str) -> None:
    source = read_bytes(b"down", name)
    assert (source.media_type, source.path) == (media_type, name)
    assert (source.text or "").strip() == "down"


def test_a_page_without_a_suffix_is_html() -> None:
    assert read_bytes(b"<!DOCTYPE html><p>down", "page").media_type == "text/html"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_found(encoding: str) -> None:
    data = WORDS.encode(encoding)
    source = read_bytes(data, "report.txt")
    assert source.text == WORDS
    assert source.encoding == encoding
    assert source.characters == len(WORDS)
    assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "", id="mark only"),
        pytest.param(b"a\r\nb\rc\n", "a\r\nb\rc\n", id="line ends stay"),
        pytest.param(b"caf\xe9 10:00", "café 10:00", id="one Windows-1252 byte"),
        pytest.param(
            "“a” – “b” – ".encode() * 9 + b"\xff", "“a” – “b” – " * 9 + "\ufffd", id="UTF-8, one byte damaged"
        ),
        pytest.param(
            "Сервис недоступен с 10:00, ошибка диска. ".encode("cp1251") * 9, None, id="not Western"
        ),
    ],
)
def test_odd_bytes(data: bytes, text: str | None) -> None:
    found = read_bytes(data, "a.txt").text
    assert found is not None
    assert text is None or found == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("a.txt", "a.html"):
        try:
            source = read_bytes(data, name)
        except ReadError as error:
            assert error.reason
            continue
        assert source.text is not None
        source.text.encode("utf-8")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<h2>Root cause</h2><p>A disk.</p>", "## Root cause\n\nA disk.\n", id="heading"),
        pytest.param("10:00 down<br>11:00 up<br/>", "10:00 down\n11:00 up\n", id="line break"),
        pytest.param("<ul><li>10:00 down<li>11:00 up</ul>", "* 10:00 down\n* 11:00 up\n", id="unclosed items"),
        pytest.param("<div><span>11:55 AM PST</span>&nbsp;We look.</div><div>Fixed.</div>", "11:55 AM PST\xa0We look.\n\nFixed.\n", id="divs"),
        pytest.param('See <a href="https://a.example/%20x">the ticket</a>.', "See the ticket.\n", id="link"),
        pytest.param("<script>var a</script><style>p{}</style><p>x<img src=a alt=b></p>", "x\n", id="script, style, image"),
        pytest.param("<b>Impact:</b> 5&nbsp;% &amp; more a_b*c", "**Impact:** 5\xa0% & more a_b*c\n", id="emphasis, entities, no escapes"),
        pytest.param(
            "<table><tr><th>Time</th><th>Event</th></tr><tr><td>10:00</td><td>down</td></tr></table>",
            "| Time | Event |\n| --- | --- |\n| 10:00 | down |\n",
            id="table",
        ),
        pytest.param("<!doctype html><title>Outage</title><article><p>x</p></article>", "# Outage\n\nx\n", id="no body"),
        pytest.param("<html><head><title>Outage</title></head><body><p>x</p></body></html>", "# Outage\n\nx\n", id="page title"),
        pytest.param("<title>Site</title><h1>Outage</h1>", "# Outage\n", id="own title first"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_html(html: str, text: str) -> None:
    assert to_text(html) == text


def test_front_matter_above_a_page_is_kept() -> None:
    page = b"---\ntitle: Outage & more\n---\n<p>Down &amp; up.</p>\n"
    assert read_bytes(page, "a.html").text == "---\ntitle: Outage & more\n---\nDown & up.\n"


def test_a_declared_charset_counts() -> None:
    page = '<meta charset="windows-1251"><p>Сервис</p>'.encode("cp1251")
    source = read_bytes(page, "a.html")
    assert (source.text, source.encoding) == ("Сервис\n", "cp1251")


@pytest.mark.parametrize("tag", ["div", "b", "ul", "table", "span"])
def test_deep_nesting_is_flattened(tag: str) -> None:
    page = f"<{tag}>" * (MAX_DEPTH + 5) + "10:00 down<p>11:00 up"
    lines = to_text(page).split("\n")
    assert [line for line in lines if line] == ["10:00 down", "11:00 up"]


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<", "<p ", "<!--", "&", "<table><tr><td>"])
def test_hostile_pages_do_not_raise(tag: str) -> None:
    to_text(tag * 5000)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.bin", b"x", "no reader for .bin files"),
        ("a.png", b"\x89PNG", "no reader for .png files"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "binary data, not text"),
        ("a.html", bytes(range(32)) * 9, "binary data, not text"),
        ("a.md", b"x" * (MAX_BYTES + 1), "larger than 20 MB (20.0 MB)"),
    ],
    ids=["unknown", "image", "binary text", "binary page", "large"],
)
def test_what_cannot_be_read(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as error:
        read_bytes(data, name)
    assert (error.value.path, error.value.reason) == (name, reason)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(WORDS.encode())
    assert read(path).text == WORDS
    assert read(path, name="x/a.txt").path == "x/a.txt"
    assert read(str(path)).path == path.as_posix()
    for missing, reason in ((tmp_path / "b.txt", "no such file"), (tmp_path, "is not a file")):
        with pytest.raises(ReadError, match=reason):
            read(missing)
    with pytest.raises(ReadError):
        read("a\0b.txt")
