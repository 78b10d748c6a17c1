"""The command line: every command only calls the library. One module a command, or a few that belong together."""

from __future__ import annotations

import io
import sys

import click

from postmortem.cli.convert import convert
from postmortem.cli.evaluate import evaluate
from postmortem.cli.records import parse, schema, show, text
from postmortem.cli.report import report
from postmortem.cli.train import train

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="postmortem-pipeline", prog_name="postmortem")
def main() -> None:
    """Incident postmortems to structured records, with evidence for every value.

    Offline and deterministic: the same file gives the same record, byte for byte.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign shows "?", and nothing stops


for command in (parse, show, text, schema, convert, evaluate, train, report):
    main.add_command(command)
