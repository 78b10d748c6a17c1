"""`report`: a data set as a page to read."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("dataset", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output",
    "-o",
    required=True,
    metavar="FILE.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page: one file that needs nothing else.",
)
@click.option("--title", help="What the page is called; the data set's name if not given.")
def report(dataset: Path, output: Path, title: str | None) -> None:
    """Make one HTML page of a data set: figures, trends, a table to search, every incident beside its source.

    DATASET is a dataset folder or a file of records (.jsonl, .jsonl.gz), as `convert` writes them; records without their
    text (no --with-text) are shown without it. The page works offline and asks nothing of the network.

    \b
    Example:
      postmortem convert reports/ --with-text --output records.jsonl
      postmortem report records.jsonl --output report.html
    """
    from postmortem.dataset import LoadError, MissingExtraError, load, name_of
    from postmortem.page import report as page

    try:
        incidents = list(load(dataset))
        html = page(incidents, name=title or name_of(dataset))
    except (LoadError, MissingExtraError) as error:
        raise click.ClickException(str(error)) from error
    try:
        output.write_bytes(html.encode("utf-8"))
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error
    bare = sum(incident.text is None for incident in incidents)
    if bare:
        click.echo(f"{bare} of {len(incidents)} records without their text (convert --with-text)", err=True)
    click.echo(f"{len(incidents)} incidents, {len(html.encode()) / 1e6:.1f} MB -> {output}")
