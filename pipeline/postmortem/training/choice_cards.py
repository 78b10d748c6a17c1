"""Cards of the models that choose: what each is for, of what it was made, how well it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from postmortem.learned.choice import ChoiceModel

_STRONGEST: Final = 15
_WRITTEN: Final = "English only; trained on reports written for this project (`data/README.md`)"
_STATEMENTS: Final = {
    "cause": (
        "Which sentence of a report states its root cause: a conditional logit over all sentences of the account. What the\n"
        "rules found counts for more than another sentence, and gives way where that is much likelier.",
        "each of which states a cause:\n  whether one is stated at all is for the rules to say.",
    ),
    "trigger": (
        "Which sentence or timeline entry of a report tells what set the incident off, or that none does: a conditional\n"
        "logit over all of them.",
        "few of which tell none.",
    ),
    "resolution": (
        "Which sentences and timeline entries of a report tell how the incident was ended, or that none does: a\n"
        "conditional logit over all of them.",
        "few of which tell none.",
    ),
}


def statement_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of which sentence states the cause, or tells the trigger or the resolution, as Markdown."""
    purpose, limit = _STATEMENTS[model.name]
    return _card(
        model,
        purpose,
        f"{model.card['examples']} reports",
        [
            "## How well, by cross-validation over reports",
            "",
            "The likeliest choice is right in",
            "",
            f"- {metrics['random_folds']:.3f} of the reports (five random folds), {metrics['by_voice']:.3f} (by voice: trained",
            "  on all others);",
            f"- {metrics['role_alone']:.3f}, if the model of roles alone chooses.",
        ],
        [f"- {_WRITTEN}, {limit}"],
    )


def window_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of which moments are the outage window, as Markdown."""
    return _card(
        model,
        "Which two moments of a report are the start and the end of the outage: a conditional logit over all pairs of its\n"
        "moments. What the rules found gives way where another pair is much likelier.",
        f"{model.card['examples']} reports",
        [
            "## How well, on reports of hands that it was not trained on",
            "",
            f"Both ends are right (the day apart) in so many of {metrics['reports']} reports of the set `annotated`:",
            "",
            *_beside_rules(metrics, "pair"),
        ],
        [
            f"- {_WRITTEN}. It chooses among the moments that",
            "  the clock reads; which day they were on is not its question. What status pages state is left to the rules.",
        ],
    )


def day_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of which day a report is about, as Markdown."""
    return _card(
        model,
        "Which of the days that a report tells is that of the incident, to which clock times without a day belong: a\n"
        "conditional logit over all of them, and over none. What the rules found gives way where another day is much likelier.",
        f"{model.card['examples']} reports",
        [
            "## How well, on reports of hands that it was not trained on",
            "",
            f"The day is right in so many of {metrics['reports']} reports of the set `annotated` that tell several:",
            "",
            *_beside_rules(metrics, "day"),
        ],
        [
            f"- {_WRITTEN}. It chooses among the days",
            "  that the clock reads; a day that a heading, a paragraph or an entry tells for itself goes before. Status pages",
            "  date their own updates, and are left to the rules.",
        ],
    )


def _beside_rules(metrics: Mapping[str, Any], what: str) -> list[str]:
    return [
        f"- {metrics['rules']:.3f} by the rules alone,",
        f"- {metrics['model']:.3f} if the likeliest {what} is taken,",
        f"- {metrics['together']:.3f} if it is taken where it is much likelier than what the rules found: what is done.",
    ]


def detection_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of how it was first noticed, as Markdown."""
    return _card(
        model,
        "How the trouble was first noticed (`detection` of the record), a conditional logit over all pairs of a\n"
        "sentence and a method, and over silence.",
        f"{model.card['examples']} reports",
        [
            "## How well, by cross-validation over reports",
            "",
            "The likeliest method, or silence, is right in",
            "",
            f"- {metrics['random_folds']:.3f} of the reports (five random folds), {metrics['by_set']:.3f} (by set: trained on",
            "  all others).",
            "",
            "In the record a method must be likelier by a margin than what the rules say, or than silence where they say",
            "nothing.",
        ],
        [
            f"- {_WRITTEN}, most of which say how it was",
            "  noticed: of reports that do not, it fills in too many.",
            "- The rules that are among its features were written with a part of these reports in sight, so it trusts them a",
            "  little more than it should.",
        ],
    )


def impact_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of which percentages say how much was harmed, as Markdown."""
    rows = (
        ("five random folds", metrics["random_folds"]),
        ("by set: trained on all others", metrics["by_set"]),
        ("no model: all that the rules do not refuse", metrics["all_not_refused"]),
    )
    return _card(
        model,
        "Which percentages of a report say how much was harmed: a logit over what each governs, where it stands and the\n"
        "words beside it. What the rules refuse (utilisation, targets, roll-outs) is refused before.",
        f"{model.card['examples']} percentages in {model.card['reports']} reports",
        [
            "## How well, by cross-validation over percentages",
            "",
            "Each mention counts, and the rules that refuse were written with these reports in sight.",
            "",
            "| | P | R | F1 |",
            "|---|---|---|---|",
            *(
                f"| {what} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |"
                for what, row in rows
            ),
        ],
        [
            f"- {_WRITTEN}, few of which hold shares that tell",
            "  how things always are.",
            "- Shares in words (a third, one in five) are not read.",
        ],
    )


def actions_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of which items and sentences are actions, as Markdown."""
    return _card(
        model,
        "Which list items and sentences of a report are corrective or preventive actions: a logistic regression, asked\n"
        "twice, the second time with the points of the others of the same list or paragraph in sight. It adds to what the\n"
        "rules found, and takes away commitments that they found elsewhere than in sections named after actions.",
        f"{model.card['examples']} reports, {model.card['units']} items and sentences",
        [
            "## How well, on each set of reports when trained on all others",
            "",
            "F1 over items and sentences, what stands in tables and headings left out. The rules were written with the samples",
            "and the validation reports in sight, those of the sets called annotated were written later.",
            "",
            "| set | rules alone | model alone |",
            "|---|---|---|",
            *(
                f"| {name} | {row['rules']:.3f} | {row['model']:.3f} |"
                for name, row in metrics["each"].items()
            ),
        ],
        [
            f"- {_WRITTEN}. In long articles it takes more",
            "  sentences than there are actions: where the rules found some, a unit has to be likelier to be added.",
        ],
    )


def lines_card(model: ChoiceModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of which lines are headings, as Markdown."""
    return _card(
        model,
        "Which lines are headings by their looks, where no rule takes them for one: a logistic regression over what a line is\n"
        "made of, what stands around it and how the report marks its other headings.",
        f"{model.card['examples']} reports, {model.card['lines']} lines",
        [
            "## How well, on each set of reports when trained on all others",
            "",
            "Of the lines that no rule takes for a heading, how many are annotated as one, how many of these it finds, and how",
            "many others it takes for one:",
            "",
            "| set | headings | found | spurious |",
            "|---|---|---|---|",
            *(
                f"| {name} | {row['headings']} | {row['found']} | {row['spurious']} |"
                for name, row in [*metrics["each"].items(), ("all", metrics)]
            ),
        ],
        [
            f"- {_WRITTEN}. A line of more than 160 characters, or one",
            "  that begins with a date or time, is left to the rules; so is a heading with marks of its own.",
        ],
    )


def _card(
    model: ChoiceModel, purpose: str, made_of: str, quality: Sequence[str], limits: Sequence[str]
) -> str:
    strongest = sorted(model.weights.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:_STRONGEST]
    trained = ", ".join(f"{name} {version}" for name, version in model.card["trained_with"].items())
    return "\n".join(
        [
            f"# Model card: {model.name}",
            "",
            f"{purpose} Written by `postmortem train`; do not edit.",
            "",
            f"- version {model.version}; {made_of}, SHA-256 `{model.card['data_sha256']}`",
            f"- seed {model.card['seed']}; licence Apache-2.0",
            f"- {len(model.weights)} features; trained with {trained}",
            "",
            *quality,
            "",
            "## What counts most",
            "",
            "| feature | weight |",
            "|---|---|",
            *(f"| `{name}` | {weight:.2f} |" for name, weight in strongest),
            "",
            "## Limits",
            "",
            *limits,
            "",
        ]
    )
