"""Formats: each read from a real file of its kind, told by content, and refused by name where it is hostile."""

from __future__ import annotations

import importlib
import io
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem.assemble import incidents
from postmortem.read import ReadError, extras, read_bytes
from postmortem.read.formats import FORMATS, REFUSED
from postmortem.record import Incident

SUMMARY = (
    "Between 09:40 and 11:05 UTC on 12 March 2024 the ticket shop rejected about 40% of all orders. Customers saw an error "
    "page after they had entered their card details, and several hundred of them wrote to the support team."
)
CAUSE = (
    "A migration had removed the index on the table of reservations, so that every order scanned the whole table and the "
    "pool of connections was exhausted within a few minutes."
)
TIMELINE = (
    ("09:40", "The migration is deployed."),
    ("09:52", "An alert on the error rate fires."),
    ("11:05", "The index is back and all orders succeed."),
)
ACTIONS = (
    "Check migrations for dropped indexes before they are merged.",
    "Alert on slow queries in the shop.",
)


def word() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Ticket shop outage", 0)
    document.add_heading("Summary", 1)
    document.add_paragraph(SUMMARY)
    document.add_heading("Timeline", 1)
    table = document.add_table(rows=0, cols=2)
    for row in (("Time (UTC)", "Event"), *TIMELINE):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_heading("Root cause", 1)
    document.add_paragraph(CAUSE)
    document.add_heading("Action items", 1)
    for words in ACTIONS:
        document.add_paragraph(words, style="List Number")
    return saved(document)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(draw: Callable[[Any], object] | None = None) -> bytes:
    from fpdf import FPDF

    page = FPDF()
    page.set_creation_date(datetime(2024, 4, 1, tzinfo=UTC))
    page.add_page()
    if draw is not None:
        draw(page)
        return bytes(page.output())

    def heading(words: str, size: int = 15) -> None:
        page.set_font("Helvetica", size=size)
        page.ln(3)
        page.cell(0, 10, words, new_x="LMARGIN", new_y="NEXT")
        page.set_font("Helvetica", size=11)

    def paragraph(words: str) -> None:
        page.multi_cell(0, 5, words, new_x="LMARGIN", new_y="NEXT")

    heading("Ticket shop outage", 20)
    heading("Summary")
    paragraph(SUMMARY)
    heading("Timeline")
    for at, words in TIMELINE:
        paragraph(f"{at} UTC - {words}")
    heading("Root cause")
    paragraph(CAUSE)
    heading("Action items")
    for words in ACTIONS:
        paragraph(f"- {words}")
    return bytes(page.output())


def rtf() -> bytes:
    lines = [
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}",
        r"{\b Summary}\par " + SUMMARY + r"\par\par",
        r"{\b Timeline}\par",
        *(rf"{at} UTC \endash  {words}\par" for at, words in TIMELINE),
        r"\par {\b Root cause}\par " + CAUSE + r"\par\par",
        r"{\b Action items}\par",
        *(rf"- {words}\par" for words in ACTIONS),
        "}",
    ]
    return "\n".join(lines).encode("ascii")


def markdown() -> str:
    rows = "\n".join(f"- {at} UTC: {words}" for at, words in TIMELINE)
    tasks = "\n".join(f"- {words}" for words in ACTIONS)
    return f"## Summary\n\n{SUMMARY}\n\n## Timeline\n\n{rows}\n\n## Root cause\n\n{CAUSE}\n\n## Action items\n\n{tasks}\n"


def page() -> str:
    rows = "".join(f"<tr><td>{at}</td><td>{words}</td></tr>" for at, words in TIMELINE)
    tasks = "".join(f"<li>{words}</li>" for words in ACTIONS)
    return (
        f"<h2>Summary</h2><p>{SUMMARY}</p><h2>Timeline</h2><table><tbody><tr><th>Time (UTC)</th><th>Event</th></tr>{rows}"
        f"</tbody></table><h2>Root cause</h2><p>{CAUSE}</p><h2>Action items</h2><ul>{tasks}</ul>"
    )


def mail(*, plain: str | None = None, html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Operations <ops@example.org>"
    message["To"] = "all@example.org"
    message["Subject"] = "Ticket shop – outage"
    message["Date"] = "Tue, 12 Mar 2024 18:10:00 +0530"
    message["Message-ID"] = "<1@example.org>"
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        if plain is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    return message


def wiki() -> bytes:
    rows = "\n".join(f"|-\n| {at} || {words}" for at, words in TIMELINE)
    tasks = "\n".join(f"* {words}" for words in ACTIONS)
    return (
        f"{{{{Incident|severity=2|impact=}}}}\n__TOC__\n== Summary ==\n{SUMMARY}<ref>See the log.</ref>\n== Timeline ==\n"
        f'{{| class="wikitable"\n! Time (UTC) !! Event\n{rows}\n|}}\n== Root cause ==\n'
        f"{CAUSE.replace('index', '[[Index (database)|index]]')}<!-- draft -->\n== Action items ==\n{tasks}\n[[Category:Incidents]]\n"
    ).encode()


def storage() -> bytes:
    macro = (
        '<ac:structured-macro ac:name="toc" ac:schema-version="1"/><ac:structured-macro ac:name="info"><ac:rich-text-body>'
        f"{page()}</ac:rich-text-body></ac:structured-macro>"
    )
    return b'<?xml version="1.0" encoding="UTF-8"?>' + macro.encode()


def exported() -> bytes:
    return (
        '<!DOCTYPE html><html><head><title>OPS : Ticket shop outage</title></head><body><div id="main-header">'
        '<div id="breadcrumb-section"><ol id="breadcrumbs"><li><a href="index.html">Operations space</a></li></ol></div>'
        '<h1 id="title-heading"><span id="title-text"> OPS : Ticket shop outage </span></h1></div><div id="content">'
        '<div class="page-metadata">Created by somebody, last modified on Apr 30, 2025</div>'
        f'<div id="main-content" class="wiki-content group">{page()}</div></div>'
        '<div id="footer"><p>Document generated by Confluence on May 02, 2025 10:12</p></div></body></html>'
    ).encode()


WHOLE: dict[str, Callable[[], bytes]] = {
    "report.docx": word,
    "report.pdf": pdf,
    "report.rtf": rtf,
    "plain.eml": lambda: mail(plain=markdown()).as_bytes(),
    "html.eml": lambda: mail(html=page()).as_bytes(),
    "report.wiki": wiki,
    "storage.xml": storage,
    "export.html": exported,
}


def record(data: bytes, name: str) -> Incident:
    source = read_bytes(data, name)
    (incident,) = incidents(source, with_text=True)
    assert source.text is not None
    for evidence in spans(incident.to_dict()):
        assert source.text[evidence["start"] : evidence["end"]] == evidence["text"]
    return incident


def spans(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        own = [node] if {"start", "end", "text", "rule"} <= set(node) else []
        return own + [found for value in node.values() for found in spans(value)]
    return [found for value in node for found in spans(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("name", WHOLE)
def test_a_report_is_the_same_in_every_format(name: str) -> None:
    found = record(WHOLE[name](), name)
    start, end = found.outage.start, found.outage.end
    assert start is not None
    assert end is not None
    assert (start.iso, end.iso) == ("2024-03-12T09:40:00+00:00", "2024-03-12T11:05:00+00:00")
    assert [p.value for p in found.impact.percentages] == [40.0]
    assert [(e.at.time, e.text) for e in found.timeline] == list(TIMELINE)
    assert found.root_cause is not None
    assert " ".join(found.root_cause.statement.split()) == CAUSE
    assert tuple(" ".join(a.text.split()) for a in found.actions) == ACTIONS
    assert {"summary", "timeline", "root_cause", "actions"} <= {n for s in found.sections for n in s.names}


@pytest.mark.parametrize(
    ("made", "name", "media_type"),
    [
        (lambda: b"<!DOCTYPE html><html><p>down</p></html>", "a.txt", "text/html"),
        (lambda: b"<div><span>10:00</span> down</div><div>up</div>", "a.txt", "text/html"),
        (lambda: b"<html><body>down</body></html>", "a.md", "text/html"),
        (lambda: b"<div align=center>\n\n# Outage\n</div>\n\nDown.", "a.md", "text/markdown"),
        (lambda: b"Down < 5 minutes.", "a.txt", "text/plain"),
        (lambda: b"10:00 down\n10:30 up\n", "a.html", "text/plain"),
        (word, "a.doc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (word, "a.md", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (word, "a", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (rtf, "a.doc", "application/rtf"),
        (lambda: b"<html><p>down</p></html>", "a.doc", "text/html"),
        (lambda: b"Down at 10:00.", "a.doc", "text/plain"),
        (pdf, "report", "application/pdf"),
        (pdf, "report.md", "application/pdf"),
        (lambda: mail(plain="Down.").as_bytes(), "message", "message/rfc822"),
        (lambda: b"From: the team\nDate: 3 May\nTo: you\n\nDown.", "note.txt", "text/plain"),
        (storage, "page.html", "application/x-confluence-storage+xml"),
        (lambda: b"# Outage\n\nDown.", "a.adoc", "text/asciidoc"),
    ],
    ids=[
        "txt page", "txt fragment", "md page", "md with tags", "less than", "html without tags", "doc is docx", "md is docx",
        "docx without suffix", "doc is RTF", "doc is HTML", "doc is text", "PDF without suffix", "md is PDF",
        "message without suffix", "labels are no message", "storage format in html", "asciidoc",
    ],
)  # fmt: skip
def test_content_decides_where_the_suffix_is_wrong(
    made: Callable[[], bytes], name: str, media_type: str
) -> None:
    assert read_bytes(made(), name).media_type == media_type


def package(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        pytest.param(package(a_xml=b"x"), "a.zip", "`postmortem convert`", id="zip"),
        pytest.param(package(a_xml=b"x"), "a.md", "`postmortem convert`", id="zip called md"),
        pytest.param(b"a,text\n1,down\n", "a.csv", "`postmortem convert`", id="csv"),
        pytest.param(b"{}", "a.json", "`postmortem convert`", id="json"),
        pytest.param(
            b"From a@b.c Tue Mar 12 18:10:00 2024\nFrom: a\n\nx",
            "a",
            "`postmortem convert`",
            id="mbox without suffix",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "a.doc", "save it as .docx", id="old Word"
        ),
        pytest.param(
            package(mimetype=b"application/vnd.oasis", content_xml=b"x"), "a.odt", "OpenDocument", id="odt"
        ),
        pytest.param(b"<a><b/></a>", "a.xml", "XML of no known kind", id="xml"),
        pytest.param(b"not one", "a.pdf", "damaged PDF", id="no PDF"),
        pytest.param(b"not one", "a.docx", "broken zip", id="no docx"),
        pytest.param(b"PK\x03\x04 and no more", "a.docx", "", id="cut zip"),
        pytest.param(b"%PDF-1.7\n%%EOF", "a.pdf", "damaged PDF", id="empty PDF"),
    ],
)
def test_what_is_no_report_is_told(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(ReadError) as error:
        read_bytes(data, name)
    assert reason in error.value.reason
    assert "\n" not in error.value.reason


# -- Word


def test_word_keeps_what_python_docx_alone_does_not() -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    paragraph = document.add_paragraph("Before ")
    for inner in (
        "<w:ins {} w:id='1' w:author='x'><w:r><w:t>inserted </w:t></w:r></w:ins>",
        "<w:del {} w:id='2' w:author='x'><w:r><w:delText>deleted </w:delText></w:r></w:del>",
        "<w:hyperlink {}><w:r><w:t>linked</w:t></w:r></w:hyperlink>",
    ):
        paragraph._p.append(parse_xml(inner.format(nsdecls("w"))))
    control = "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>Controlled</w:t><w:br/><w:t>line</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(control.format(nsdecls("w"))))
    assert read_bytes(saved(document), "a.docx").text == "Before inserted linked\n\nControlled\nline\n"


def test_word_lists_tables_and_emphasis() -> None:
    import docx

    document = docx.Document()
    for words, style in (
        ("first", "List Number"),
        ("second", "List Number"),
        ("point", "List Bullet"),
        ("deeper", "List Bullet 2"),
    ):
        document.add_paragraph(words, style=style)
    document.add_paragraph().add_run("Root cause").bold = True
    for rows in ((("a|b", "c"), ("1", "2")), (("only",),)):
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
        document.add_paragraph("end")
    assert read_bytes(saved(document), "a.docx").text == (
        "1. first\n2. second\n* point\n* deeper\n\n**Root cause**\n\n"
        "| a\\|b | c |\n| --- | --- |\n| 1 | 2 |\n\nend\n\nonly\n\nend\n"
    )


# -- PDF


def test_pdf_paragraphs_are_put_together_again() -> None:
    text = read_bytes(pdf(), "a.pdf").text or ""
    assert SUMMARY in text
    assert CAUSE in text
    assert text.startswith("# Ticket shop outage\n")


def test_pdf_print_stamps_are_left_out() -> None:
    def draw(page: Any) -> None:
        page.set_font("Helvetica", size=8)
        page.text(10, 8, "3/14/24, 9:10 AM Ticket shop outage")
        page.text(10, 292, "Page 1 of 2")
        page.set_font("Helvetica", size=11)
        page.text(10, 80, "The shop was down from 10:00 to 11:00 UTC on 12 March 2024.")

    assert (
        read_bytes(pdf(draw), "a.pdf").text == "The shop was down from 10:00 to 11:00 UTC on 12 March 2024.\n"
    )


def test_pdf_words_parted_at_a_line_end() -> None:
    def draw(page: Any) -> None:
        page.set_font("Helvetica", size=11)
        for number, words in enumerate(
            ("A rollback was not possible, and so the second roll-", "back failed like the first while the on-", "call engineer slept.")
        ):  # fmt: skip
            page.text(10, 80 + 5 * number, words)

    text = read_bytes(pdf(draw), "a.pdf").text
    assert (
        text
        == "A rollback was not possible, and so the second rollback failed like the first while the on-call engineer slept.\n"
    )


def test_pdf_without_words() -> None:
    with pytest.raises(ReadError, match="no text layer"):
        read_bytes(pdf(lambda page: page.line(1, 1, 9, 9)), "a.pdf")


def test_encrypted_pdf() -> None:
    def draw(page: Any) -> None:
        page.set_encryption(owner_password="a", user_password="b")
        page.set_font("Helvetica", size=11)
        page.text(10, 80, "Secret.")

    with pytest.raises(ReadError, match="an encrypted PDF"):
        read_bytes(pdf(draw), "a.pdf")


def objects(*bodies: bytes) -> bytes:
    """A PDF of hand-written objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table + end


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n" % (entries, len(packed)) + packed + b"\nendstream"


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"


def doubling_forms(levels: int) -> bytes:
    forms = [
        stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (n + 6))
        for n in range(levels)
    ]  # fmt: skip
    last = stream(b"BT (x) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return objects(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE, stream(b"/X Do /X Do"), *forms, last
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "pages in a circle.pdf": lambda: objects(CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    "bomb.pdf": lambda: objects(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE, stream(b" " * 300_000_000), b"null"),
    "operations.pdf": lambda: objects(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE, stream(b"q Q " * 4_000_000), b"null"),
    "doubling.pdf": lambda: doubling_forms(40),
    "itself.pdf": lambda: objects(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE, stream(b"/X Do"),
        stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"),
    ),
    "cut.pdf": lambda: pdf()[:900],
    "large part.docx": lambda: package(**{"[Content_Types]_xml": b"<x/>", "word__document_xml": b" " * 50_000_000}),
    "laughs.docx": lambda: laughing_docx(),
    "cut.docx": lambda: word()[:5000],
    "braces.rtf": lambda: b"{\\rtf1 " + b"{" * 3_000_000,
    "numbers.rtf": lambda: b"{\\rtf1 \\u99999999999999999999 x}",
    "boundaries.eml": lambda: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    ),
    "forwarded.eml": lambda: b"Content-Type: message/rfc822\n\n" * 3000,
    "header.eml": lambda: b"Subject: " + b"=?utf-8?q?" * 300_000 + b"\n\nx",
    "templates.wiki": lambda: b"{{a|" * 200_000,
    "links.wiki": lambda: b"[[a|" * 200_000,
    "comments.wiki": lambda: b"<!--" * 200_000,
    "notes.wiki": lambda: b"<ref>" * 200_000,
    "macros.xml": lambda: b"<ac:structured-macro>" * 20_000,
    "literal.xml": lambda: b"<ac:x><![CDATA[" * 20_000,
}  # fmt: skip


def laughing_docx() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    content = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><d>&l29;</d>'.encode()
    kinds = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
        b'ContentType="application/xml"/></Types>'
    )
    return package(**{"[Content_Types]_xml": kinds, "word__document_xml": content, "_rels/.rels": content})


REASONS = {
    "pages in a circle.pdf": "cyclic",
    "bomb.pdf": "too much in it",
    "operations.pdf": "too much in it",
    "doubling.pdf": "no text layer",
    "itself.pdf": "no text layer",
    "cut.pdf": "damaged PDF",
    "large part.docx": "word/document.xml has more than 40 MB",
    "laughs.docx": "damaged Word document",
    "cut.docx": "broken zip file",
    "numbers.rtf": "damaged RTF",
    "boundaries.eml": "nested parts",
    "forwarded.eml": "nested parts",
}
"""The others are read: as the mark-up that they are."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str) -> None:
    data = HOSTILE[name]()
    began = time.perf_counter()
    try:
        source = read_bytes(data, name)
        assert source.text is not None
        assert len(source.text) <= 5_000_000
        assert name not in REASONS
    except ReadError as error:
        assert REASONS[name] in error.reason
        assert "\n" not in error.reason
    assert time.perf_counter() - began < 20


SUFFIXES = sorted({suffix for kind in (*FORMATS, *REFUSED) for suffix in kind.suffixes})
STARTS = (
    b"", b"%PDF-1.4\n", b"PK\x03\x04", b"{\\rtf1 ", b"<html>", b"<ac:x>", b"\x1f\x8b\x08", b"Subject: x\n\n", b"{{", b"<?xml",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=200), st.sampled_from(SUFFIXES))
def test_any_bytes_under_any_name_are_read_or_refused(start: bytes, rest: bytes, suffix: str) -> None:
    try:
        source = read_bytes(start + rest, f"a{suffix}")
    except ReadError as error:
        assert error.reason
        return
    assert source.text is not None
    source.text.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["report.docx", "report.pdf", "report.rtf", "plain.eml"]), st.data())
def test_damaged_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    whole = bytearray(WHOLE[name]())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_bytes(bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))]), name)
    except ReadError as error:
        assert error.reason


@pytest.mark.parametrize("name", ["report.docx", "report.pdf", "report.rtf"])
def test_a_missing_extra_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = WHOLE[name]()

    def missing(module: str) -> Any:
        raise ImportError(module)

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(ReadError, match=r"pip install 'postmortem-pipeline\[formats\]'"):
        read_bytes(data, name)


def test_every_format_has_a_reader() -> None:
    for kind in FORMATS:
        assert kind.module is not None
        assert callable(importlib.import_module(kind.module).extract)


# -- messages


@pytest.mark.parametrize(
    ("message", "text"),
    [
        pytest.param(mail(plain="Down.\n"), "# Ticket shop – outage\n\nDate: 12 March 2024\n\nDown.\n", id="plain"),
        pytest.param(mail(html="<p>Down.</p>"), "# Ticket shop – outage\n\nDate: 12 March 2024\n\nDown.\n", id="HTML"),
        pytest.param(mail(plain="Down.\n", html="<p>Page.</p>"), "# Ticket shop – outage\n\nDate: 12 March 2024\n\nDown.\n", id="plain first"),
        pytest.param(
            mail(plain="Your program shows no HTML.\n", html="<p>The shop was down.</p>" * 9),
            "# Ticket shop – outage\n\nDate: 12 March 2024\n\n" + "\n\n".join(["The shop was down."] * 9) + "\n",
            id="plain part that says nothing",
        ),
    ],
)  # fmt: skip
def test_messages(message: EmailMessage, text: str) -> None:
    assert read_bytes(message.as_bytes(), "a.eml").text == text


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("", "x"),
        ("Subject: =?utf-8?q?Caf=C3=A9?= down\n", "# Café down\n\nx"),
        ("Subject: =?nope?q?a?=\n", "# =?nope?q?a?=\n\nx"),
        ("Subject: a\n  b\n", "# a b\n\nx"),
        ("Date: nonsense\n", "x"),
        ("Date: 31 Foo 2024\n", "x"),
        ("Subject: caf\udce9\n", "# caf\ufffd\n\nx"),
    ],
    ids=["none", "encoded", "unknown encoding", "folded", "no date", "no month", "raw bytes"],
)
def test_headers(head: str, text: str) -> None:
    assert read_bytes(f"{head}\nx".encode("utf-8", "surrogateescape"), "a.eml").text == text


# -- wikis


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("= A =\n== B ==\nx", "# A\n## B\nx\n"),
        ("* a\n** b\n# c\n: d\n; e", "* a\n    * b\n1. c\nd\ne\n"),
        ("'''Impact''' ''all''", "**Impact** *all*\n"),
        ("[[A]] [[b|c]] [https://x.example d] [https://x.example]", "A c d \n"),
        ("a<ref>note</ref><!-- x -->b<br/>c", "ab\nc\n"),
        ("{{Infobox|start_time=10:00|end=11:00|empty=}}x", "Start time: 10:00\nEnd: 11:00\nx\n"),
        ("{{phab|T1}} {{a|{{b|c}}}} {{TOC}}.", "T1 c .\n"),
        (
            '{| class="x"\n|+ caption\n! a !! b\n|-\n| style="y" | 1 || 2\n|-\n| 3\n| 4\nmore\n|}',
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 more |\n",
        ),
        ("<pre>x\ny</pre>", "```\nx\ny\n```\n"),
        ("10:00&nbsp;&ndash;&nbsp;11:00 &lt;b&gt;", "10:00\xa0–\xa011:00 &lt;b&gt;\n"),
        ("{{unclosed|a=b", "{{unclosed|a=b\n"),
        ("a }} b ]] c | d", "a }} b ]] c | d\n"),
        ("[[File:a.png|thumb|words]]x", "x\n"),
        ("", ""),
    ],
    ids=[
        "headings", "lists", "emphasis", "links", "notes", "named values", "numbered values", "table", "code", "entities",
        "unclosed", "stray", "picture", "empty",
    ],
)  # fmt: skip
def test_wiki_text(source: str, text: str) -> None:
    assert read_bytes(source.encode(), "a.wiki").text == text


def macro(name: str, inner: str = "", **values: str) -> str:
    parameters = "".join(f'<ac:parameter ac:name="{k}">{v}</ac:parameter>' for k, v in values.items())
    return f'<ac:structured-macro ac:name="{name}">{parameters}{inner}</ac:structured-macro>'


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f"<p>a</p>{macro('toc', maxLevel='2')}<p>b</p>", "a\n\nb\n"),
        ('<p>a</p><ac:structured-macro ac:name="toc"/><p>b</p>', "a\n\nb\n"),
        (f"<p>Severity: {macro('status', colour='Red', title='SEV2')}</p>", "Severity: SEV2\n"),
        (macro("panel", "<ac:rich-text-body><p>x</p></ac:rich-text-body>", title="Note"), "Note\n\nx\n"),
        (
            macro("code", "<ac:plain-text-body><![CDATA[a < b\n&& c]]></ac:plain-text-body>", language="c"),
            "```\na < b\n&& c\n```\n",
        ),
        ("<p>Day: <time datetime='2024-03-12' /> or so</p><ri:x/>", "Day: 2024-03-12 or so\n"),
        (
            "<ac:task-list><ac:task><ac:task-id>7</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>x</ac:task-body></ac:task></ac:task-list>",
            "* [x] x\n",
        ),
        ('<p>See <ac:link><ri:page ri:content-title="Runbook"/></ac:link>.</p>', "See Runbook.\n"),
        (
            '<p><ac:link><ri:page ri:content-title="R"/><ac:plain-text-link-body><![CDATA[the book]]></ac:plain-text-link-body></ac:link></p>',
            "the book\n",
        ),
        (f"<p>{macro('jira', key='OPS-7', server='x')}</p>", "OPS-7\n"),
        (
            '<ac:image><ri:attachment ri:filename="a.png"/></ac:image><ac:layout><ac:layout-cell><h2>x</h2></ac:layout-cell></ac:layout>',
            "## x\n",
        ),
    ],
    ids=[
        "contents",
        "closed in itself",
        "status",
        "panel",
        "code",
        "date",
        "task",
        "link",
        "link with words",
        "ticket",
        "layout",
    ],
)
def test_confluence_storage_format(source: str, text: str) -> None:
    assert read_bytes(f"<ac:x></ac:x>{source}".encode(), "a.xml").text == text


def test_a_confluence_export_is_read_without_what_the_export_added() -> None:
    text = read_bytes(exported(), "a.html").text or ""
    assert text.startswith("# Ticket shop outage\n")
    assert "OPS" not in text
    assert "space" not in text
    assert "2025" not in text
