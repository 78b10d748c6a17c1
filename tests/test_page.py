"""Incidents as HTML: every value leads to its place, nothing that a report says acts on the page, the same bytes each time."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import postmortem
from conftest import ROOT, SAMPLES
from examples import FULL, REPORT
from postmortem.assemble import incidents
from postmortem.cli import main
from postmortem.dataset import LoadError, load, name_of
from postmortem.facts import evidence
from postmortem.page import incident_html, report
from postmortem.page.figures import figures, short
from postmortem.page.highlight import lines, plain, spots, visible
from postmortem.page.pack import packed, unpacked
from postmortem.page.plots import Plot, Sets, plots
from postmortem.page.rows import COLUMNS, UNKNOWN, keys, period, row
from postmortem.page.svg import LINK, drawn, linked
from postmortem.read import read
from postmortem.record import Evidence, Incident, Outage, Point

HOSTILE = """\
# Outage <script>window.owned=1</script><img src=x onerror="window.owned=2"> </script><!--

On 4 March 2024 from 14:05 to 15:20 UTC about 30% of users\u202e could not pay\u202c because of a "bug" in the
<iframe srcdoc="<script>parent.owned=3</script>"></iframe> gateway. --> ]]> {{ 7*7 }} ${7*7} \x1b[31m \x00

## Root cause

The outage was caused by a defect in <a href="javascript:window.owned=4">the parser</a> & its 'rules'.
"""


def _samples() -> Iterator[Incident]:
    for path in sorted(SAMPLES.iterdir()):
        yield from incidents(read(path, name=path.name), with_text=True)


@pytest.fixture(scope="module")
def samples() -> list[Incident]:
    return list(_samples())


@pytest.fixture(scope="module")
def plotted(samples: list[Incident]) -> tuple[list[Plot], Sets]:
    return plots(samples)


@pytest.fixture(scope="module")
def page(samples: list[Incident]) -> str:
    return report(samples, name="samples")


def _soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


# ---- the text that a record keeps for showing


def test_a_record_keeps_its_text_and_says_nothing_of_it() -> None:
    incident = postmortem.parse(REPORT)
    assert incident.text == REPORT
    assert "text" not in incident.to_dict()
    assert "text" not in incident.to_dict()["source"]
    assert REPORT[:20] not in repr(incident).split("title=")[0]
    assert incident == replace(incident, text=None)
    assert json.loads(incident.to_json()) == replace(incident, text=None).to_dict()


def test_each_incident_of_a_file_keeps_the_whole_text() -> None:
    path = SAMPLES / "two-incidents.md"
    found = postmortem.parse_all(path)
    assert [i.text for i in found] == [path.read_text("utf-8")] * 2
    for incident in found:
        assert all((incident.text or "")[e.start : e.end] == e.text for _, e in evidence(incident))


def test_a_record_read_back_has_the_text_it_was_written_with() -> None:
    kept = Incident.from_dict(postmortem.parse(REPORT, with_text=True).to_dict())
    assert kept.text == REPORT
    assert Incident.from_dict(postmortem.parse(REPORT).to_dict()).text is None


# ---- cutting a text at its evidence


@st.composite
def _marked(draw: st.DrawFn) -> tuple[str, list[tuple[str, Evidence]]]:
    text = draw(st.text(alphabet="ab \r\n<&", max_size=40))
    ends = st.integers(0, len(text))
    found = draw(
        st.lists(st.tuples(st.sampled_from(["outage", "impact", "section", ""]), ends, ends), max_size=6)
    )
    return text, [(f, Evidence(min(a, b), max(a, b), text[min(a, b) : max(a, b)], "r")) for f, a, b in found]


@given(_marked())
def test_pieces_are_the_text_and_cover_their_evidence(marked: tuple[str, list[tuple[str, Evidence]]]) -> None:
    text, found = marked
    numbered = spots(found, len(text))
    cut = list(lines(text, list(numbered.values())))
    told = ["".join(piece.text for piece in line) for line in cut]
    assert [t.replace("\r", "") for t in told] == [t.replace("\r", "") for t in text.split("\n")]
    for (_, e), spot in numbered.items():
        covered = "".join(piece.text for line in cut for piece in line if spot in piece.spots)
        assert covered.replace("\r", "") == e.text.replace("\n", "").replace("\r", "")
    assert {n for line in cut for piece in line for n in piece.opening} <= set(numbered.values())


def test_nested_evidence_shows_the_innermost_and_tells_of_all() -> None:
    outer, inner = Evidence(0, 9, "all of it", "a"), Evidence(4, 6, "of", "b")
    marked = list(spots([("timeline", outer), ("impact", inner)], 9).values())
    (line,) = lines("all of it", marked)
    assert [(p.text, p.spots[0].field, p.label) for p in line] == [
        ("all ", "timeline", "timeline"),
        ("of", "impact", "impact"),
        (" it", "timeline", ""),
    ]
    assert line[1].title == "impact · b\ntimeline · a"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a<b>&\"'", "a&lt;b&gt;&amp;&#34;&#39;"),
        ("a\u202eb", "U+202E"),
        ("\x1b", "␛"),
        ("\x00", "␀"),
        ("\x9b", "U+009B"),
        ("\ud800", "U+D800"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"),
        ("مرحبا 👩‍💻", "مرحبا 👩‍💻"),
    ],
    ids=["mark-up", "override", "escape", "nul", "C1", "surrogate", "isolate", "letters"],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert shown in visible(text)
    assert not re.search("[\x00\x1b\x9b\u202e\u2066\ud800]", visible(text) + plain(text))


# ---- an incident in a notebook


def test_a_notebook_shows_facts_beside_the_marked_text() -> None:
    incident = postmortem.parse(REPORT)
    soup = _soup(incident._repr_html_())
    cause = soup.select(".pm-text mark.pm-root-cause")
    assert "The outage was caused by" in "".join(mark.get_text() for mark in cause)
    assert str(cause[0]["title"]).startswith("root cause · cause.")
    assert incident.root_cause is not None
    link = soup.find("a", string=incident.root_cause.statement)
    assert link is not None
    assert [line.get_text() for line in soup.select(".pm-line")] == REPORT.split("\n")
    assert not soup.find("script")


def test_every_fact_leads_to_a_mark(samples: list[Incident]) -> None:
    for incident in samples:
        soup = _soup(incident_html(incident))
        ids = [str(node["id"]) for node in soup.find_all(id=True)]
        assert len(ids) == len(set(ids))
        targets = {str(a["href"])[1:] for a in soup.select(".pm-facts a")}
        assert targets <= set(ids), incident.source.path
        assert targets or incident.status != "ok"


def test_anchors_of_several_incidents_differ(samples: list[Incident]) -> None:
    ids = [str(n["id"]) for i in samples for n in _soup(incident_html(i)).find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_what_a_report_says_is_text() -> None:
    incident = postmortem.parse(HOSTILE)
    soup = _soup(incident_html(incident))
    assert {tag.name for tag in soup.find_all(True)} <= {
        "html", "body", "head", "style", "div", "dl", "dt", "dd", "span", "a", "bdi", "mark",
    }  # fmt: skip
    assert not [a for tag in soup.find_all(True) for a in tag.attrs if a.startswith("on")]
    assert all(str(a["href"]).startswith("#pm-") for a in soup.find_all("a"))
    shown = "\n".join(line.get_text() for line in soup.select(".pm-line"))
    assert "<script>window.owned=1</script>" in shown
    assert "U+202E" in shown
    assert "\u202e" not in incident_html(incident)


@given(st.text(max_size=120))
def test_any_text_can_be_shown(text: str) -> None:
    html = incident_html(postmortem.parse(text))
    assert html.encode("utf-8")
    assert not _soup(html).find("script")


def test_a_record_without_text_is_shown_all_the_same() -> None:
    bare = replace(postmortem.parse(REPORT), text=None)
    soup = _soup(bare._repr_html_())
    assert "not kept" in soup.get_text()
    assert not soup.select(".pm-facts a")
    assert "Checkout outage" in soup.get_text()


def test_a_full_record_and_an_empty_one_can_be_shown() -> None:
    assert "2 of this file" in incident_html(FULL)
    assert "empty" in incident_html(postmortem.parse(""))


# ---- the page


def test_the_policy_allows_the_page_its_own_script_and_style_alone(page: str) -> None:
    soup = _soup(page)
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    (script,) = [s for s in soup.find_all("script") if not s.get("type")]
    style = soup.find("style")
    assert style is not None
    hashes = [
        base64.b64encode(hashlib.sha256(str(n.string).encode()).digest()).decode() for n in (script, style)
    ]
    assert policy["content"] == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not soup.find_all(["link", "img", "iframe", "object"])
    assert not soup.find_all(src=True)
    assert all(str(a["href"]).startswith("#") for a in soup.find_all(href=True))
    assert not soup.find_all(style=True)


def test_no_words_of_a_report_are_mark_up_in_the_page() -> None:
    soup = _soup(report(incidents(read_text(HOSTILE)), name="</title><script>window.owned=5</script>"))
    assert len([s for s in soup.find_all("script") if not s.get("type")]) == 1
    assert soup.title is not None
    assert soup.title.get_text() == "Incidents: </title><script>window.owned=5</script>"


def read_text(text: str) -> Any:
    return postmortem.record.Source(path="hostile.md", characters=len(text), text=text)


def test_the_index_and_the_incidents_are_in_the_page(samples: list[Incident], page: str) -> None:
    soup = _soup(page)
    index = unpacked(str(soup.find(id="index").string))  # type: ignore[union-attr]
    assert index["columns"] == list(COLUMNS)
    assert len(index["rows"]) == len(samples)
    shown = [html for n in range(99) if (s := soup.find(id=f"chunk-{n}")) for html in unpacked(str(s.string))]
    assert len(shown) == len(samples)
    key = index["rows"][3][0]
    assert f'id="incident={key}&amp;at-1"' in shown[3]


def test_sets_of_incidents_are_as_large_as_the_figures_say(plotted: tuple[list[Plot], Sets]) -> None:
    made, sets = plotted
    assert {plot.name for plot in made} >= {"categories", "durations", "detection", "begin", "coverage"}
    for plot in made:
        counted = "count" if "count" in plot.columns else "n"
        assert plot.rows, plot.name
        for shown in plot.rows:
            words, ids = sets[shown.link.removeprefix("#set=")]
            assert words
            if counted in plot.columns and plot.name != "actions":  # one incident has several action items
                assert len(ids) == int(shown.cells[plot.columns.index(counted)]), shown


def test_plots_have_a_name_a_basis_and_links(plotted: tuple[list[Plot], Sets]) -> None:
    made, sets = plotted
    for plot in made:
        assert "n = " in plot.notes[0]
        svg = BeautifulSoup(plot.svg, "xml")
        root = svg.find("svg")
        assert root is not None
        assert root["role"] == "img"
        assert plot.title in str(root["aria-label"])
        targets = {str(a["href"]) for a in svg.find_all("a") if a.get("href")}
        assert targets, plot.name
        assert {t.removeprefix("#set=") for t in targets} <= set(sets)


def test_a_drawing_keeps_nothing_that_acts_and_no_link_that_leaves() -> None:
    data = [
        {"a": "<script>alert(1)</script>", "n": 3, LINK: "#set=x"},
        {"a": "y", "n": 5, LINK: "https://elsewhere.example/page"},
    ]
    spec = {
        "data": {"values": data},
        "mark": {"type": "bar", "cursor": "pointer"},
        "encoding": {
            "x": {"field": "n", "type": "quantitative"},
            "y": {"field": "a", "type": "nominal"},
        },
    }
    svg = BeautifulSoup(drawn(linked(spec), label="l"), "xml")
    assert not svg.find_all(["script", "style", "foreignObject", "image"])
    assert {str(a["href"]) for a in svg.find_all(href=True)} == {"#set=x"}
    assert "<script>alert(1)</script>" in [t.get_text() for t in svg.find_all("text")]


@pytest.mark.parametrize("count", [0, 1])
def test_a_small_data_set_has_a_page(count: int) -> None:
    html = report([postmortem.parse(REPORT)] * count, name="small")
    assert "small" in html


def test_records_without_an_outage_have_a_page() -> None:
    found = [postmortem.parse(""), postmortem.parse("Butter the pan and wait."), postmortem.parse(REPORT)]
    assert "told in 3 files" in report(found, name="x")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=9))
def test_packing_brings_back_what_was_packed(value: Any) -> None:
    if "\\ud" not in json.dumps(value):  # a lone surrogate has no UTF-8
        assert unpacked(packed(value)) == value
    assert re.fullmatch(r"[A-Za-z0-9+/=]*", packed(value))


def test_incidents_of_one_text_have_keys_of_their_own() -> None:
    one = postmortem.parse(REPORT)
    assert keys([one, one, FULL, one]) == [one.id, f"{one.id}.2", FULL.id, f"{one.id}.3"]


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("2023-12-13", ("2023", "2023-Q4")),
        ("2023-01-XX", ("2023", "2023-Q1")),
        ("2023-XX-XX", ("2023", UNKNOWN)),
        ("XXXX-05-08", (UNKNOWN, UNKNOWN)),
        (None, (UNKNOWN, UNKNOWN)),
    ],
)
def test_periods(date: str | None, found: tuple[str, str]) -> None:
    start = Point(date, "10:00", None, None, None, ())
    assert period(replace(FULL, outage=Outage(start=start))) == found


def test_a_row_shows_hidden_characters() -> None:
    shown = dict(
        zip(
            COLUMNS,
            row(postmortem.parse("# Outage of pay\u202etnem\n\nDown 10:00-11:00 UTC."), "k"),
            strict=True,
        )
    )
    assert shown["title"] == "Outage of payU+202Etnem"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (60, "1 h"),
        (210, "3 h 30 min"),
        (3120, "2 d 4 h"),
        (1441, "1 d 1 min"),
        (0.4, "0 min"),
    ],
)
def test_lengths_in_words(length: float, words: str) -> None:
    assert short(length) == words


def test_headline_figures_say_what_they_rest_on(samples: list[Incident]) -> None:
    found = {figure.label: figure for figure in figures(samples)}
    assert found["Median outage"].basis.startswith("n = ")
    assert found["Incidents"].value == str(sum(i.status == "ok" for i in samples))
    assert [figure.label for figure in figures([])] == ["Incidents"]


# ---- loading, and the command


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    found = [postmortem.parse(REPORT, with_text=True), postmortem.parse(HOSTILE, with_text=True)]
    path.write_text("".join(i.to_json() + "\n" for i in found), encoding="utf-8")
    return path


def test_records_are_loaded_from_lines_gzip_and_a_dataset(records: Path, tmp_path: Path) -> None:
    found = list(load(records))
    assert [i.text for i in found] == [REPORT, HOSTILE]
    packed_up = tmp_path / "records.jsonl.gz"
    packed_up.write_bytes(gzip.compress(records.read_bytes()))
    assert list(load(packed_up)) == found
    dataset = tmp_path / "dataset"
    (dataset / "records").mkdir(parents=True)
    (dataset / "records" / "a.jsonl.gz").write_bytes(packed_up.read_bytes())
    (dataset / "dataset.json").write_text(json.dumps({"records": ["a.jsonl.gz"]}), encoding="utf-8")
    assert list(load(dataset)) == found
    assert [name_of(p) for p in (records, packed_up, dataset)] == ["records", "records", "dataset"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b"{}\n", "line 1 is no record"),
        ("a.jsonl", b"\n[1]\n", "line 2 is no record"),
        ("a.jsonl", b"no json\n", "line 1 is no record"),
        ("a.jsonl", b"\xff\n", "a.jsonl"),
        ("a.jsonl.gz", b"no gzip", "a.jsonl.gz"),
        ("a.csv", b"", "neither a dataset folder nor a file of records"),
    ],
    ids=["no record", "a list", "no json", "no utf-8", "no gzip", "suffix"],
)
def test_what_holds_no_records_is_told(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError, match=words):
        list(load(path))
    done = CliRunner().invoke(main, ["report", str(path), "--output", str(tmp_path / "x.html")])
    assert done.exit_code == 1
    assert words in done.output
    assert not (tmp_path / "x.html").exists()


def test_a_folder_that_is_no_dataset_is_told(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no dataset"):
        list(load(tmp_path))


def test_the_command_writes_the_same_page_in_any_process(records: Path, tmp_path: Path) -> None:
    output = tmp_path / "page.html"
    command = ["report", str(records), "--output", str(output), "--title", "My year"]
    done = subprocess.run(
        [sys.executable, "-m", "postmortem", *command],
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "2 incidents" in done.stdout
    assert output.read_bytes().decode("utf-8") == report(list(load(records)), name="My year")


def test_the_command_tells_of_records_without_text(tmp_path: Path) -> None:
    records = tmp_path / "bare.jsonl"
    records.write_text(postmortem.parse(REPORT).to_json() + "\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["report", str(records), "--output", str(tmp_path / "page.html")])
    assert done.exit_code == 0
    assert "1 of 1 records without their text" in done.output


# ---- at size


def varied(found: Sequence[Incident], count: int, seed: int = 7) -> list[Incident]:
    """`count` incidents made of `found`: other letters in the same places, so that every offset holds; other years."""
    rng = random.Random(seed)
    told = [incident for incident in found if incident.status == "ok"]
    made = []
    for number in range(count):
        incident = told[number % len(told)]
        start = incident.outage.start
        if start and start.date:
            start = replace(start, date=f"{rng.randrange(2016, 2026)}{start.date[4:]}")
        text = _reworded(incident.text or "", rng)
        title = incident.title and replace(
            incident.title, text=text[incident.title.evidence.start : incident.title.evidence.end]
        )
        made.append(
            replace(
                incident,
                id=f"{number:016x}",
                source=replace(incident.source, path=f"{number:05}-{incident.source.path}", part=None),
                outage=replace(incident.outage, start=start),
                title=title,
                text=text,
            )
        )
    return made


def _reworded(text: str, rng: random.Random) -> str:
    """Every fifth word or so spelt otherwise: as hard to pack as another text."""

    def other(word: re.Match[str]) -> str:
        return "".join(rng.sample(word[0], len(word[0]))) if rng.random() < 0.2 else word[0]

    return re.sub(r"[a-z]{4,}", other, text)


@cache
def page_of_many() -> tuple[str, float]:
    """A page of 2,000 incidents, and how many seconds of work it took: what else the machine does is not counted."""
    many = varied(list(_samples()), 2000)
    began = time.process_time()
    return report(many, name="many"), time.process_time() - began


def test_two_thousand_incidents_are_a_page_soon_and_small() -> None:
    html, seconds = page_of_many()
    assert seconds < 60
    assert len(html.encode()) < 25_000_000


def test_the_source_of_the_page_ships(page: str) -> None:
    folder = ROOT / "pipeline" / "postmortem" / "page" / "templates"
    assert {p.name for p in folder.iterdir()} == {
        "incident.css", "incident.html", "notebook.html", "report.css", "report.html", "report.js",
    }  # fmt: skip


@pytest.mark.parametrize("library", ["altair", "vl_convert"])
def test_a_missing_extra_is_named(
    library: str, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    done = CliRunner().invoke(main, ["report", str(records), "--output", str(tmp_path / "x.html")])
    assert done.exit_code == 1
    assert "pip install 'postmortem-pipeline[plots]'" in done.output
