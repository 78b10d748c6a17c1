"""Inputs: everything there is becomes one item, under a name of its own, and nothing in it stops the rest."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import mailbox
import os
import tarfile
import time
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import REPORT
from postmortem.assemble import incidents
from postmortem.inputs import Item, Limits, items, load, paths_in
from postmortem.inputs.node import member_name
from postmortem.read import ReadError, extras

SMALL = Limits(
    report_bytes=5_000, container_bytes=50_000, members=20, total_bytes=100_000, depth=3, small_bytes=1_000
)


def names(*inputs: object, **options: Any) -> list[str]:
    return [item.name for item in items(list(map(str, inputs)), **options)]


def told(*inputs: object, **options: Any) -> dict[str, str]:
    """Each item's text, or why there is none."""
    found = {}
    for item in items(list(map(str, inputs)), **options):
        assert sum(part is not None for part in (item.path, item.data, item.text, item.failure)) == 1
        assert item.name not in found
        limits = options.get("limits", Limits())
        try:
            found[item.name] = load(item, limits).text or ""
        except ReadError as error:
            assert error.path == item.name
            found[item.name] = f"! {error.reason}"
    return found


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: dict[str, bytes | str], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            content = data if isinstance(data, bytes) else data.encode()
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    def write(name: str, data: bytes | str) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


Put = Callable[[str, bytes | str], Path]

# -- folders, patterns, lists


@pytest.fixture
def folder(put: Put, tmp_path: Path) -> Path:
    for name in ("b.md", "a/z.txt", "a/y/x.md", "a-b.md", "B.md", ".hidden.md", ".git/x.md"):
        put(name, "Down.")
    return tmp_path / "in"


IN_ORDER = ["B.md", "a/y/x.md", "a/z.txt", "a-b.md", "b.md"]


def test_a_folder_in_the_order_of_names(folder: Path) -> None:
    assert names(folder) == IN_ORDER
    assert names(folder, skip=[folder / "b.md"]) == IN_ORDER[:-1]
    assert names(folder, skip=[folder / "a"]) == ["B.md", "a-b.md", "b.md"]
    assert names(folder / "**", skip=[folder / "a" / "z.txt"]) == [n for n in IN_ORDER if n != "a/z.txt"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.md", ["B.md", "a-b.md", "b.md"]),
        ("**/*.md", ["B.md", "a/y/x.md", "a-b.md", "b.md"]),
        ("a/**", ["y/x.md", "z.txt"]),
        ("a*", ["a/y/x.md", "a/z.txt", "a-b.md"]),
        ("[ab].md", ["b.md"]),
    ],
)
def test_patterns_are_relative_to_what_is_fixed_in_them(folder: Path, pattern: str, found: list[str]) -> None:
    assert names(folder / pattern) == found


def test_a_pattern_that_matches_nothing_is_a_failure(folder: Path) -> None:
    assert list(told(folder / "*.pdf").values()) == ["! no file matches this pattern"]


def test_a_file_that_is_called_like_a_pattern(put: Put) -> None:
    assert told(put("a[1].md", "Down.")) == {"a[1].md": "Down."}


def test_what_is_missing_is_a_failure(folder: Path) -> None:
    assert told(folder / "no.md", folder / "b.md") == {"no.md": "! no such file", "b.md": "Down."}


def test_several_inputs_are_told_apart(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "in"
    other.mkdir(parents=True)
    (other / "c.md").write_text("Up.")
    (tmp_path / "b.md").write_text("Up.")
    found = names(folder / "a", other, folder, tmp_path / "b.md", folder / "b.md", folder / "a")
    assert found[:3] == ["a/y/x.md", "a/z.txt", "in/c.md"]
    assert found[3] == "in-2/B.md"
    assert found[-2:] == ["b.md", "b-2.md"]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\0"], ids=["lines", "DOS lines", "NUL"])
def test_lists_of_paths(folder: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    listed = io.BytesIO(end.join(["b.md", "./a-b.md", "a", "", "no.md"]).encode())
    assert names(files_from=paths_in(listed)) == ["b.md", "a-b.md", "a/y/x.md", "a/z.txt", "no.md"]


def test_a_long_list_is_read_as_it_comes() -> None:
    paths = [f"{number:06}.md" for number in range(30_000)]
    assert list(paths_in(io.BytesIO("\n".join(paths).encode()))) == paths


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "link.md").symlink_to(folder / "b.md")
    assert names(folder) == [*IN_ORDER, "link.md"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert told(tmp_path) == {"pipe.md": "! is not a file"}


def test_stamps_change_with_the_content(put: Put) -> None:
    def stamps() -> dict[str, str]:
        return {item.name: item.stamp for item in items([path.parent])}

    path = put("a.md", "Down.")
    archive = put("b.zip", zipped({"x.md": "one", "y.md": "two"}))
    before = stamps()
    os.utime(path, ns=(1, 1))
    archive.write_bytes(zipped({"x.md": "one", "y.md": "2"}))
    after = stamps()
    assert {name for name in before if before[name] != after[name]} == {"a.md", "b.zip/y.md"}
    assert all(before.values())


def test_items_are_lazy(folder: Path) -> None:
    found = items([folder])
    first = next(found)
    (folder / "a" / "new.md").write_text("Down.")
    assert [first.name, *(item.name for item in found)] == ["B.md", "a/new.md", *IN_ORDER[1:]]


def test_items_can_be_sent_to_other_processes(put: Put) -> None:
    put("a.zip", zipped({"x.md": "Down."}))
    put("b.csv", "text\nDown.\n")
    for item in items([put("c.md", "Down.").parent]):
        again = ForkingPickler.loads(ForkingPickler.dumps(item))
        assert again == item
        assert load(again).text == "Down."
        assert "Down" not in repr(item)


# -- archives


MEMBERS: dict[str, bytes | str] = {"b.md": "Down.", "sub/a.txt": "Up."}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zipped(MEMBERS)),
        ("x.tar", tarred(MEMBERS)),
        ("x.tar.gz", tarred(MEMBERS, "w:gz")),
        ("x.tgz", tarred(MEMBERS, "w:gz")),
        ("x.tar.bz2", tarred(MEMBERS, "w:bz2")),
        ("x.tar.xz", tarred(MEMBERS, "w:xz")),
        ("x.md", zipped(MEMBERS)),
        ("x", tarred(MEMBERS, "w:gz")),
    ],
    ids=["zip", "tar", "tar.gz", "tgz", "tar.bz2", "tar.xz", "zip called md", "tar.gz without suffix"],
)
def test_archives_are_read_in_place(put: Put, name: str, data: bytes) -> None:
    path = put(name, data)
    assert told(path) == {f"{name}/b.md": "Down.", f"{name}/sub/a.txt": "Up."}
    assert [entry.name for entry in path.parent.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "pack"), [("x.md.gz", gzip.compress), ("x.md.bz2", bz2.compress), ("x.md.xz", lzma.compress)]
)
def test_a_single_compressed_file(put: Put, name: str, pack: Callable[[bytes], bytes]) -> None:
    assert told(put(name, pack(b"Down.") + pack(b" Up."))) == {f"{name}/x.md": "Down. Up."}


def test_hidden_members_are_left_out(put: Put) -> None:
    members: dict[str, bytes | str] = {
        ".a.md": "x",
        "__MACOSX/b.md": "x",
        "a/.git/c": "x",
        "a/b.md": "Down.",
        "a/": "",
    }
    assert names(put("x.zip", zipped(members))) == ["x.zip/a/b.md"]
    del members["a/"]
    assert names(put("x.tar", tarred(members))) == ["x.tar/a/b.md"]


def test_tricks_with_names_are_no_more_than_names(put: Put) -> None:
    members: dict[str, bytes | str] = {"../../etc/passwd": "1", "/root.md": "2", "C:\\a\\b.md": "3", "a/./b/../c.md": "4", "..": "5"}  # fmt: skip
    for path in (put("x.zip", zipped(members)), put("x.tar", tarred(members))):
        assert sorted(name.removeprefix(f"{path.name}/") for name in names(path)) == [
            "a/b.md", "a/b/c.md", "etc/passwd", "root.md", "unnamed",
        ]  # fmt: skip


@given(st.text(max_size=60))
def test_any_member_name_is_a_plain_relative_path(name: str) -> None:
    found = member_name(name)
    assert found
    assert not {"", ".", ".."} & set(found.split("/"))
    assert not any(character in found for character in "\\\0\n")
    found.encode("utf-8")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_numbered(put: Put) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for words in ("one", "two", "three"):
            archive.writestr("a.md", words)
    assert told(put("x.zip", stream.getvalue())) == {
        "x.zip/a.md": "one", "x.zip/a-2.md": "two", "x.zip/a-3.md": "three"
    }  # fmt: skip


def test_links_and_devices_in_a_tar_are_no_members(put: Put) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"{kind!r}.md")
            info.type = kind
            info.linkname = "/etc/passwd"
            archive.addfile(info)
    assert names(put("x.tar", stream.getvalue())) == []


def test_archives_in_archives(put: Put) -> None:
    data: bytes = zipped({"a.md": "Down."})
    for _ in range(3):
        data = zipped({"in.zip": data, "b.md": "Up."})
    found = told(put("x.zip", data), limits=Limits(depth=3))
    deepest = "x.zip/in.zip/in.zip/in.zip"
    assert found[deepest] == "! nested more than 3 deep: not opened"
    assert [name for name, text in found.items() if text == "Up."] == [
        "x.zip/b.md", "x.zip/in.zip/b.md", "x.zip/in.zip/in.zip/b.md",
    ]  # fmt: skip


def test_every_container_in_an_archive(put: Put) -> None:
    found = told(
        put("x.zip", zipped({"t.csv": "id,text\nA1,Down.\n", "y.tar": tarred(MEMBERS), "z.md.gz": gzip.compress(b"Out.")}))
    )  # fmt: skip
    assert found == {
        "x.zip/t.csv#A1": "Down.", "x.zip/y.tar/b.md": "Down.", "x.zip/y.tar/sub/a.txt": "Up.", "x.zip/z.md.gz/z.md": "Out.",
    }  # fmt: skip


def encrypted() -> bytes:
    """A zip file whose first member's directory entry and header say that it is encrypted."""
    data = bytearray(zipped({"a.md": "Down.", "b.md": "Up."}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    return bytes(data)


def test_what_one_member_lacks_costs_no_other(put: Put) -> None:
    damaged = zipped({"a.md": "Down. " * 50, "b.md": "Up."}, zipfile.ZIP_STORED).replace(
        b"Down. Down.", b"Down. down.", 1
    )
    large = zipped({"a.md": os.urandom(6_000), "b.md": "Up."})
    for data, reason in (
        (encrypted(), "encrypted"), (damaged, "Bad CRC-32"), (large, "larger than 0.005 MB"),
    ):  # fmt: skip
        found = told(put("x.zip", data), limits=SMALL)
        assert found["x.zip/b.md"] == "Up."
        assert reason in found["x.zip/a.md"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("x.zip", zipped({"a.md": b" " * 4_000_000}), "larger than", id="large zip member"),
        pytest.param("x.zip", zipped({"a.zip": b" " * 40_000}), "more than 3 times its size", id="zip ratio"),
        pytest.param("x.zip", zipped({f"{n}.md": "x" for n in range(30)}), "more than 20 members", id="zip members"),
        pytest.param("x.tar", tarred({f"{n}.md": "x" for n in range(30)}), "more than 20 members", id="tar members"),
        pytest.param("x.csv", "text\n" + "x\n" * 30, "more than 20 members", id="rows"),
        pytest.param("x.zip", zipped({f"{n}": os.urandom(4_900) for n in range(20)}), None, id="just enough"),
        pytest.param("x.zip", zipped({f"{n}.gz": gzip.compress(os.urandom(11_000)) for n in range(20)}), "unpacks to more than 0.1 MB", id="total"),
        pytest.param("x.csv.gz", gzip.compress(b" " * 4_000_000), "more than 3 times its size", id="gzip ratio"),
        pytest.param("x.csv.xz", lzma.compress(b" " * 4_000_000), "more than 3 times its size", id="xz ratio"),
        pytest.param("x.tar.gz", tarred({"a.md": b" " * 4_000_000}, "w:gz"), "larger than", id="large tar member"),
        pytest.param("x.zip", b"PK\x03\x04 and no more", "broken zip file", id="cut zip"),
        pytest.param("x.tar", tarred(MEMBERS)[:700], "broken archive", id="cut tar"),
        pytest.param("x.tar", tarred(MEMBERS).replace(b"sub/a.txt", b"sub/b.txt", 1), "damaged header", id="damaged tar"),
        pytest.param("x.tar.gz", tarred({"a.md": os.urandom(3_000)}, "w:gz")[:1500], "", id="cut tar.gz"),
        pytest.param("x.tar.xz", tarred({"a.md": os.urandom(3_000)}, "w:xz")[:1500], "too early", id="cut tar.xz"),
        pytest.param("x.gz", b"nothing like it", "", id="no gzip"),
        pytest.param("x.csv", "a,b\n1,2\n", "there are a, b", id="no text column"),
        pytest.param("x.jsonl", '{"a": 1}\n', "there is a", id="no text key"),
        pytest.param("x.json", '{"a": {"b": 1}}', "there is a", id="other JSON"),
        pytest.param("x.json", "[1, 2]", "no known shape", id="numbers"),
        pytest.param("x.json", "[" * 20_000, "JSON", id="deep JSON"),
        pytest.param("x.json", "{", "no JSON", id="cut JSON"),
        pytest.param("x.parquet", b"PAR1 and no more", "damaged Parquet", id="cut Parquet"),
        pytest.param("x.xml", "<mediawiki><page><title>a</title>", "broken XML", id="cut dump"),
    ],
)  # fmt: skip
def test_what_is_too_much_or_broken_is_named(
    put: Put, name: str, data: bytes | str, reason: str | None
) -> None:
    limits = Limits(5_000, 50_000, members=20, total_bytes=100_000, depth=3, ratio=3, small_bytes=1_000)
    path = put(name, data)
    began = time.perf_counter()
    failures = [item for item in items([path, put("z.md", "Up.")], limits=limits) if item.failure is not None]
    assert time.perf_counter() - began < 10
    if reason is None:
        assert failures == []
    else:
        assert reason in " ".join(item.failure or "" for item in failures)
        assert all(item.name.startswith(name) for item in failures)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    for name in ("a.md", "a.html", "a.pdf"):
        with open(tmp_path / name, "wb") as stream:
            stream.truncate(200_000_000)
    began = time.perf_counter()
    found = told(tmp_path)
    assert time.perf_counter() - began < 5
    assert [words for words in found.values() if words.startswith("! larger than 20 MB (200.0 MB)")] == list(
        found.values()
    )


def test_a_zip_bomb_costs_little(put: Put) -> None:
    data: bytes = zipped({"0.md": b"0" * 19_000_000})
    for _ in range(3):
        data = zipped({f"{n}.zip": data for n in range(16)})
    began = time.perf_counter()
    found = told(put("x.zip", data), limits=Limits(total_bytes=50_000_000))
    assert time.perf_counter() - began < 20
    assert all(text.startswith("!") for text in found.values())


def test_a_laughing_dump_costs_little(put: Put) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    dump = f'<!DOCTYPE m [<!ENTITY l0 "ha">{entities}]><mediawiki><page><title>a</title><ns>0</ns><revision><text>&l29;</text></revision></page></mediawiki>'
    began = time.perf_counter()
    found = told(put("x.xml", dump))
    assert time.perf_counter() - began < 5
    assert all(len(text) < 1000 for text in found.values())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_archives_never_raise(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    name, whole = data.draw(st.sampled_from(sorted(CONTAINERS.items())))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    found = list(items([path], limits=Limits(container_bytes=1_000_000)))
    for item in found:
        try:
            load(item)
        except ReadError as error:
            assert error.reason
    path.unlink()


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([".zip", ".tar", ".tgz", ".mbox", ".eml", ".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xml", ".xz", ".docx", ""]),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"From a Tue Mar 12 18:10:00 2024\n", b"<mediawiki>", b"[{", b'"a']),
    st.binary(max_size=200),
)  # fmt: skip
def test_any_bytes_under_any_name_are_listed(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, start: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / f"a{suffix}"
    path.write_bytes(start + rest)
    for item in items([path]):
        try:
            load(item)
        except ReadError as error:
            assert error.reason


# -- mail


def message(words: str = REPORT, subject: str = "Outage") -> EmailMessage:
    found = EmailMessage()
    found["From"] = "ops@example.org"
    found["Subject"] = subject
    found["Date"] = "Mon, 04 Mar 2024 18:10:00 +0000"
    found["Message-ID"] = "<7@example.org>"
    found.set_content(words)
    return found


def with_files() -> EmailMessage:
    found = message("See the reports.\n")
    found.add_attachment(REPORT.encode(), maintype="text", subtype="markdown", filename="../a/report.md")
    found.add_attachment(zipped(MEMBERS), maintype="application", subtype="zip", filename="more.zip")
    found.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="graph.png")
    found.add_attachment(message("Down at noon.\n", "Inner"))
    return found


def test_a_message_and_its_attachments(put: Put) -> None:
    found = told(put("m.eml", with_files().as_bytes()))
    assert list(found) == [
        "m.eml", "m.eml/a/report.md", "m.eml/more.zip/b.md", "m.eml/more.zip/sub/a.txt", "m.eml/message.eml",
    ]  # fmt: skip
    assert found["m.eml"] == "# Outage\n\nDate: 4 March 2024\n\nSee the reports.\n"
    assert found["m.eml/a/report.md"].replace("\r\n", "\n").strip() == REPORT.strip()
    assert "# Inner" in found["m.eml/message.eml"]
    first = next(items([put("m.eml", with_files().as_bytes())]))
    assert dict(load(first).metadata)["message-id"] == "<7@example.org>"


def test_a_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "m.mbox"
    box = mailbox.mbox(path)
    for number in range(3):
        box.add(message(f"From noon on it was down.\n\nFrom {number} to 3 it was up.\n", f"Outage {number}"))
    box.add(with_files())
    box.close()
    found = told(path)
    assert list(found)[:5] == ["m.mbox#1", "m.mbox#2", "m.mbox#3", "m.mbox#4", "m.mbox#4/a/report.md"]
    assert found["m.mbox#2"] == "# Outage 1\n\nDate: 4 March 2024\n\nFrom noon on it was down.\n\nFrom 1 to 3 it was up.\n"  # fmt: skip


def test_a_large_message_costs_no_other(put: Put) -> None:
    box = "".join(f"From a Mon Mar  4 18:10:00 2024\n\n{words}\n\n" for words in ("x\n" * 30_000, "Up."))
    assert told(put("m.mbox", box), limits=SMALL) == {
        "m.mbox#1": "! larger than 0.05 MB", "m.mbox#2": "Up.\n"
    }  # fmt: skip


# -- tables


def table(rows: list[dict[str, Any]], mark: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


ROWS = [
    {"id": "A1", "title": "One", "text": REPORT},
    {"id": "A2", "title": "Two", "text": 'Down "again"\nand up.'},
]


def parquet(rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", table(ROWS)),
        ("t.csv", "\ufeff" + table(ROWS, ";")),
        ("t.tsv", table(ROWS, "\t")),
        ("t.jsonl", lines(ROWS)),
        ("t.json", json.dumps(ROWS)),
        ("t.json", json.dumps({"records": ROWS})),
        ("t.parquet", parquet(ROWS)),
    ],
    ids=["csv", "semicolons", "tsv", "jsonl", "json list", "json object", "parquet"],
)
def test_a_row_is_a_report(put: Put, name: str, data: bytes | str) -> None:
    path = put(name, data)
    found = told(path)
    assert list(found) == [f"{name}#A1", f"{name}#A2"]
    assert list(found.values()) == [row["text"] for row in ROWS]
    assert [load(item).metadata for item in items([path])] == [(("title", "One"),), (("title", "Two"),)]
    assert list(told(path, text_column="title").values()) == ["One", "Two"]
    assert names(path, id_column="title") == [f"{name}#One", f"{name}#Two"]
    for option in ("text_column", "id_column"):
        ((shown, reason),) = told(path, **{option: "nope"}).items()
        assert (shown, reason) == (name, "! no column 'nope'; there are id, title, text")


def test_rows_without_an_id_are_numbered(put: Put) -> None:
    rows: list[dict[str, Any]] = [{"Report": "one"}, {"Report": ""}, {"Report": "three"}]
    for name, data in (("t.csv", table(rows)), ("t.jsonl", lines(rows)), ("t.parquet", parquet(rows))):
        assert list(told(put(name, data)).values()) == ["one", "", "three"]


def test_a_missing_extra_is_named(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str) -> Any:
        raise ImportError(module)

    monkeypatch.setattr(extras, "import_module", missing)
    ((name, reason),) = told(put("t.parquet", parquet(ROWS))).items()
    assert name == "t.parquet"
    assert "pip install 'postmortem-pipeline[dataset]'" in reason


def test_rows_of_one_id_are_numbered(put: Put) -> None:
    path = put("t.csv", "id,text\n7,a\n7,b\n,c\n")
    assert told(path) == {"t.csv#7": "a", "t.csv#7-2": "b", "t.csv#3": "c"}


def test_a_page_in_a_cell_is_read_as_a_page(put: Put) -> None:
    found = told(put("t.jsonl", lines([{"html": "<h2>Impact</h2><p>Down &amp; out.</p>"}])))
    assert found == {"t.jsonl#1": "## Impact\n\nDown & out.\n"}
    kept = "## Impact\n\n| a | b |\n|---|---|\n| 1<br>2 | 3<br>4 |\n| 5<br>6 | 7 |\n\nDown\n\nand\n\nout\n\nagain.\n"
    assert told(put("t.jsonl", lines([{"text": kept}]))) == {"t.jsonl#1": kept}


def test_a_broken_line_costs_no_other(put: Put) -> None:
    found = told(put("t.jsonl", '{"text": "a"}\nnonsense\n\n{"text": "b"}\n"c"\n[1]\n'))
    assert found == {
        "t.jsonl#1": "a", "t.jsonl#2": "! no JSON on this line", "t.jsonl#3": "b", "t.jsonl#4": "c",
        "t.jsonl#5": "! no JSON object on this line",
    }  # fmt: skip


def test_a_cell_may_be_long(put: Put) -> None:
    found = told(put("t.csv", table([{"text": "x" * 400_000}, {"text": "y"}])))
    assert [len(text) for text in found.values()] == [400_000, 1]
    found = told(put("t.csv", table([{"text": "x" * 6_000}, {"text": "y"}])), limits=SMALL)
    assert list(found.values()) == ["! larger than 0.005 MB", "y"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_tables_in_other_encodings(put: Put, encoding: str) -> None:
    data = table([{"text": "Café – “down”, it’s the disk."}]).encode(encoding)
    assert list(told(put("t.csv", data)).values()) == ["Café – “down”, it’s the disk."]


# -- exports


STATUSPAGE = {
    "page": {"id": "p", "name": "Example"},
    "incidents": [
        {
            "id": "s7x", "name": "Errors on the orders API", "status": "resolved", "impact": "major",
            "created_at": "2024-03-04T02:12:00.000-08:00", "resolved_at": "2024-03-04T03:30:00.000-08:00",
            "components": [{"name": "Orders API"}],
            "incident_updates": [
                {"status": "resolved", "display_at": "2024-03-04T03:30:00.000-08:00",
                 "body": "Between 10:02 and 11:21 UTC about 30% of requests to the orders API failed. "
                         "The cause was a wrong timeout in the settings of the load balancer."},
                {"status": "identified", "created_at": "2024-03-04T10:40:00Z", "body": "We found a wrong setting."},
                {"status": "investigating", "created_at": "2024-03-04T10:12:00Z", "body": "<p>We look into <b>errors</b>.</p>"},
            ],
        }
    ],
}  # fmt: skip

GOOGLE = [
    {
        "id": "g1", "number": "42", "begin": "2024-03-04T10:00:00+00:00", "end": "2024-03-04T11:25:00+00:00",
        "external_desc": "Errors on the orders API", "severity": "medium",
        "affected_products": [{"title": "Orders API", "id": "o"}],
        "updates": [
            {"when": "2024-03-04T11:30:00+00:00", "status": "AVAILABLE",
             "text": "Between 10:02 and 11:21 UTC about 30% of requests to the orders API failed. "
                     "The cause was a wrong timeout in the settings of the load balancer."},
            {"when": "2024-03-04T10:40:00+00:00", "status": "SERVICE_DISRUPTION", "text": "We found a wrong setting."},
            {"when": "2024-03-04T10:12:00+00:00", "status": "SERVICE_INFORMATION", "text": "We look into errors."},
        ],
    }
]  # fmt: skip


@pytest.mark.parametrize(
    ("export", "name", "kept"),
    [
        (STATUSPAGE, "s7x", {"created_at": "2024-03-04T02:12:00.000-08:00", "resolved_at": "2024-03-04T03:30:00.000-08:00", "impact": "major"}),
        (STATUSPAGE["incidents"], "s7x", {"status": "resolved"}),
        (GOOGLE, "g1", {"begin": "2024-03-04T10:00:00+00:00", "end": "2024-03-04T11:25:00+00:00", "severity": "medium"}),
        (GOOGLE[0], "g1", {"number": "42"}),
    ],
    ids=["Statuspage", "Statuspage list", "Google Cloud", "one incident"],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".json", ""])
def test_status_exports(put: Put, export: object, name: str, kept: dict[str, str], suffix: str) -> None:
    (item,) = items([put(f"incidents{suffix}", json.dumps(export, indent=1))])
    assert item.name == f"incidents{suffix}#{name}"
    source = load(item)
    assert kept.items() <= dict(source.metadata).items()
    text = source.text or ""
    places = [
        text.index(words)
        for words in ("10:12:00Z", "We look into", "10:40:00Z", "We found", "11:30:00Z", "Between")
    ]
    assert places == sorted(places)
    assert "<p>" not in text
    for value in ("03:30", "10:00", "11:25"):
        assert value not in text
    (incident,) = incidents(source)
    assert incident.title is not None
    assert incident.title.text == "Errors on the orders API"
    assert incident.outage.start is not None
    assert incident.outage.end is not None
    assert (incident.outage.start.iso, incident.outage.end.iso) == (
        "2024-03-04T10:02:00+00:00",
        "2024-03-04T11:21:00+00:00",
    )
    assert incident.to_dict()["source"]["metadata"] == dict(item.metadata)


DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11"><siteinfo><sitename>x</sitename></siteinfo>
<page><title>Incidents/2024-03-04 Checkout</title><ns>0</ns><id>7</id>
<revision><id>1</id><timestamp>2024-03-05T10:00:00Z</timestamp><text>Draft.</text></revision>
<revision><id>2</id><timestamp>2024-03-06T10:00:00Z</timestamp><text>== Summary ==
Checkout was down from 10:00 to 11:30 UTC.
== Root cause ==
A full disk.</text></revision></page>
<page><title>Talk:Other</title><ns>1</ns><id>8</id><revision><text>Words.</text></revision></page>
<page><title>Old name</title><ns>0</ns><id>9</id><redirect title="New" /><revision><text>#REDIRECT [[New]]</text></revision></page>
<page><title>Empty</title><ns>0</ns><id>10</id><revision><text/></revision></page>
</mediawiki>"""


@pytest.mark.parametrize(
    ("name", "data"), [("d.xml", DUMP), ("d.xml.bz2", bz2.compress(DUMP.encode())), ("dump", DUMP)]
)
def test_a_wiki_dump(put: Put, name: str, data: bytes | str) -> None:
    path = put(name, data)
    inner = f"{name}/d.xml" if name.endswith("bz2") else name
    assert told(path) == {
        f"{inner}/Incidents/2024-03-04 Checkout": "# Incidents / 2024-03-04 Checkout\n\n## Summary\nCheckout was down from "
        "10:00 to 11:30 UTC.\n## Root cause\nA full disk.\n",
        f"{inner}/Empty": "# Empty\n",
    }
    source = load(next(items([path])))
    assert source.metadata[1:] == (("page_id", "7"), ("timestamp", "2024-03-06T10:00:00Z"))
    (incident,) = incidents(source)
    assert incident.outage.start is not None
    assert incident.outage.start.iso == "2024-03-04T10:00:00+00:00"


SPACE = """<?xml version="1.0" encoding="UTF-8"?><hibernate-generic datetime="2025-01-01 10:00:00">
<object class="Page" package="com.atlassian.confluence.pages"><id name="id">11</id>
<property name="title"><![CDATA[Checkout & cart outage]]></property>
<property name="contentStatus"><![CDATA[current]]></property></object>
<object class="Page" package="com.atlassian.confluence.pages"><id name="id">12</id>
<property name="title"><![CDATA[Checkout & cart outage]]></property>
<property name="originalVersion" class="Page"><id name="id">11</id></property>
<property name="contentStatus"><![CDATA[current]]></property></object>
<object class="BodyContent"><id name="id">21</id><property name="body"><![CDATA[<h2>Root cause</h2><p>A full disk.</p>
<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[df -h]] ></ac:plain-text-body></ac:structured-macro>]]></property>
<property name="content" class="Page"><id name="id">11</id></property></object>
<object class="BodyContent"><id name="id">22</id><property name="body"><![CDATA[<p>Older.</p>]]></property>
<property name="content" class="Page"><id name="id">12</id></property></object>
</hibernate-generic>"""


def test_a_confluence_space_in_xml(put: Put) -> None:
    found = told(put("space.zip", zipped({"entities.xml": SPACE})))
    assert found == {
        "space.zip/entities.xml/Checkout & cart outage": "# Checkout & cart outage\n\n## Root cause\n\nA full disk.\n\n```\ndf -h\n```\n"
    }


def test_a_confluence_space_in_html(put: Put) -> None:
    path = put(
        "space.zip",
        zipped(
            {
                "OPS/index.html": "<p>Space Details</p>", "OPS/styles/site.css": "a{}", "OPS/images/i.gif": "x",
                "OPS/attachments/1/2.png": "x", "OPS/attachments/1/3.txt": "Up.", "OPS/Outage_7.html": "<p>Down.</p>",
            }
        ),
    )  # fmt: skip
    assert told(path) == {
        "space.zip/OPS/Outage_7.html": "Down.\n",
        "space.zip/OPS/attachments/1/3.txt": "Up.",
    }


CONTAINERS: dict[str, bytes] = {
    "a.zip": zipped(MEMBERS),
    "a.tar": tarred(MEMBERS),
    "a.tgz": tarred(MEMBERS, "w:gz"),
    "a.tar.xz": tarred(MEMBERS, "w:xz"),
    "a.eml": with_files().as_bytes(),
    "a.csv": table(ROWS).encode(),
    "a.jsonl": lines(ROWS).encode(),
    "a.json": json.dumps(STATUSPAGE).encode(),
    "a.parquet": parquet(ROWS),
    "a.xml": DUMP.encode(),
    "b.xml": SPACE.encode(),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_item_parses_with_spans_that_hold(put: Put, name: str) -> None:
    for item in items([put(name, CONTAINERS[name])]):
        source = load(item)
        assert source.path == item.name
        for incident in incidents(source):
            for section in incident.sections:
                e = section.evidence
                assert (source.text or "")[e.start : e.end] == e.text


def test_the_order_and_the_stamps_are_the_same_each_time(put: Put) -> None:
    for name, data in CONTAINERS.items():
        put(name, data)
    folder = put("z.md", "Down.").parent
    first = [(item.name, item.stamp) for item in items([folder])]
    assert first == [(item.name, item.stamp) for item in items([folder])]
    assert len(first) > len(CONTAINERS)


def test_reading_one_container_as_a_report_says_what_to_do(put: Put) -> None:
    from postmortem import parse

    with pytest.raises(ReadError, match="`postmortem convert`"):
        parse(put("a.zip", CONTAINERS["a.zip"]))


def test_a_failure_is_raised_by_load() -> None:
    with pytest.raises(ReadError) as error:
        load(Item("a.zip/b.md", failure="an encrypted member"))
    assert (error.value.path, error.value.reason) == ("a.zip/b.md", "an encrypted member")


def test_the_corpus(corpus: Path) -> None:
    found = told(corpus)
    assert len(found) > 300
    assert [name for name, text in found.items() if text.startswith("! ")] == ["provenance.jsonl"]
