"""``python -m postmortem``: the command line."""

from postmortem.cli import main

main(prog_name="postmortem")
