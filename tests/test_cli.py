"""The command line, command by command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import postmortem
from examples import REPORT
from postmortem.cli import main


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [*arguments], input=stdin)


COMMANDS = sorted(main.commands)


def test_the_commands() -> None:
    assert COMMANDS == ["convert", "evaluate", "parse", "report", "schema", "show", "text", "train"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = run(command, "--help")
    assert shown.exit_code == 0
    assert f"postmortem {command}" in shown.output.split("Example:")[1]
    for parameter in main.commands[command].params:
        assert not isinstance(parameter, click.Option) or parameter.help


def test_version() -> None:
    assert postmortem.__version__ in run("--version").output


def test_parse_one(report_file: Path) -> None:
    shown = run("parse", str(report_file))
    record = json.loads(shown.output)
    assert shown.exit_code == 0
    assert record == postmortem.parse(report_file).to_dict()
    assert "text" not in record["source"]


def test_parse_with_text(report_file: Path) -> None:
    assert json.loads(run("parse", "--with-text", str(report_file)).output)["source"]["text"] == REPORT


def test_parse_standard_input(report_file: Path) -> None:
    record = json.loads(run("parse", "-", stdin=REPORT).output)
    assert record["source"]["path"] == "-"
    assert record["title"] == json.loads(run("parse", str(report_file)).output)["title"]


def test_parse_several(report_file: Path) -> None:
    shown = run("parse", str(report_file), str(report_file))
    assert [r["title"]["text"] for r in json.loads(shown.output)] == ["Checkout outage of 4 March 2024"] * 2
    lines = run("parse", "--compact", str(report_file), str(report_file)).output.splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["ok", "ok"]


def test_parse_goes_on_after_a_file_that_cannot_be_read(report_file: Path, tmp_path: Path) -> None:
    shown = run("parse", str(tmp_path / "none.md"), str(report_file))
    assert shown.exit_code == 1
    assert "none.md: no such file" in shown.stderr
    assert json.loads(shown.stdout)[0]["status"] == "ok"


def test_show(report_file: Path) -> None:
    shown = run("show", str(report_file))
    assert shown.exit_code == 0
    assert "Checkout outage of 4 March 2024  (line 1)" in shown.output
    assert "│ ## Root cause" in shown.output
    assert "│" not in run("show", "--facts-only", str(report_file)).output


@pytest.mark.parametrize("command", ["show", "text"])
def test_a_missing_file_is_one_line_and_exit_code_1(command: str) -> None:
    shown = run(command, "no-such-report.md")
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr == "cannot read no-such-report.md: no such file\n"


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"")
    assert run("text", str(path)).exit_code == 0
    assert "empty" in run("show", str(path)).output


def test_text_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffCafé\r\ndown at 10:00".encode("utf-16"))
    assert run("text", str(path)).stdout_bytes == "\ufeffCafé\r\ndown at 10:00".encode()
    path.write_bytes("Café\r\n".encode("utf-8-sig"))
    assert run("text", str(path)).stdout_bytes == "Café\r\n".encode()
    assert run("text", "-", stdin=b"a\r\nb").stdout_bytes == b"a\r\nb"


def test_evidence_counts_in_the_text_that_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<h1>Outage</h1><p>Down <b>10:00</b> &ndash; 11:00 UTC on 3 May 2023: a disk failed.</p>",
        encoding="utf-8",
    )
    text = run("text", str(path)).stdout
    record = json.loads(run("parse", str(path)).output)
    evidence = record["title"]["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"] == "Outage"


def test_schema() -> None:
    assert json.loads(run("schema").output) == postmortem.schema()


def on_a_terminal(*arguments: str) -> str:
    """What a command writes to a terminal, as a person at one sees it."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "postmortem", *arguments]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm-256color"}
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux reports that the other side is closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert process.wait() == 0
    return seen.decode("utf-8")


def test_a_terminal_gets_a_progress_bar_and_nobody_else_does(report_file: Path, tmp_path: Path) -> None:
    arguments = (
        "convert",
        str(report_file.parent),
        "--output",
        str(tmp_path.parent / f"{tmp_path.name}.jsonl"),
    )
    assert "converting" in on_a_terminal(*arguments)
    assert "converting" not in run(*arguments).output


def test_a_terminal_gets_colours_but_no_escapes_of_the_report(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(REPORT + "\n\x1b]0;owned\x07\n", encoding="utf-8")
    shown = on_a_terminal("show", str(path))
    assert "\x1b[" in shown
    assert "\x1b]0;owned" not in shown
    assert "\x1b]0;owned" not in on_a_terminal("text", str(path))
