"""`train`: the models anew, or one of the user's own."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with the columns text, label and, if any, also (parted by semicolons).",
)
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Where the model goes.")
@click.option(
    "--compare", is_flag=True, help="Compare designs of the classifier, and draw its learning curve, as well."
)
def train(data: Path | None, output: Path | None, compare: bool) -> None:
    """Train the models anew, or one on labels of your own.

    Without --data, the models of the project are rebuilt from data/training of the source checkout one stands in, below
    models/ or --output. With --data, one model of your categories is trained into --output; a row with an empty label is a
    text that states no cause.

    \b
    Example:
      postmortem train
      postmortem train --data labels.csv --output my-model
    """
    from postmortem.training import train

    if data is not None and output is None:
        raise click.UsageError("--data needs --output")
    try:
        folders = train(data, output or Path("models"), source=Path("data") / "training", comparison=compare)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for folder in folders:
        click.echo(folder)
