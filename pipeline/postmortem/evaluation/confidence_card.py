"""The card of the confidence in each field: what its numbers were fitted on, and how well they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postmortem.confidence import Logistic
from postmortem.confidence.features import WORDS


def card(model: Mapping[str, Logistic], facts: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Return the card of the numbers, as Markdown."""
    before = facts["expected"]
    lines = [
        "# Model card: confidence",
        "",
        "For each field of a record, the probability that what it says is right, silence included (`confidence` and",
        "`root_cause.confidence` of the record). One logistic function a field over a few features of the record, mostly",
        "reasons to doubt. Written by `make calibrate`; do not edit.",
        "",
        f"- version {facts['version']}; fitted on {facts['untuned']} reports that nothing was tuned to",
        "  (`data/validation5` to `data/validation8`)",
        f"  and, with an intercept of their own that is thrown away, on {facts['tuned']} that rules were tuned to or models",
        "  trained on (the other annotated reports of `data`)",
        f"- annotations: SHA-256 `{facts['data_sha256']}`; licence Apache-2.0",
        "- right means: every value of the field as `data/SAMPLES.md` defines it, and none missed. outage: both ends,",
        "  offset, both durations. impact: percentages and what they are of. timeline: entries and dates, not phases.",
        "  statement: the sentences of the cause (`root_cause.confidence`). root_cause: these and the primary category.",
        "  actions: the list.",
        "- expected before looking: a reason to doubt divides the odds by about two (a normal prior on its weight, mean",
        f"  {before['doubt']}, spread {before['spread']}; counts {before['count']} for each unit of their logarithm); the",
        "  reports move that where they say enough",
        "",
        "## Each report held out",
        "",
        *_figures_table(found["held_out"] | {"all fields": found["all_fields"]}),
        "",
        "Brier score and, in brackets, that of saying the share right every time. ECE: expected calibration error, five bins.",
        "",
        "## Reliability, all fields together",
        "",
        "| probability | values | mean probability | right | |",
        "|---|---|---|---|---|",
        *(
            f"| {row['from']:.1f}–{row['from'] + 0.1:.1f} | {row['count']} | {row['mean_probability']:.2f} "
            f"| {row['right']:.2f} | `{'#' * round(20 * row['right']):<20}` |"
            for row in found["reliability"]
        ),
        "",
    ]
    if "published" in found:
        lines += [
            "## On published reports",
            "",
            "No number was fitted on these reports of other authors, which are no part of the project. Its rules were written",
            "with some of them in view, and which features to have was settled with their errors in view, so that the",
            "probabilities should be low here rather than high.",
            "",
            *_figures_table(found["published"]),
            "",
        ]
    lines += [
        "## The numbers",
        "",
        "| field | intercept | what lowers or raises it (logarithm of the odds) |",
        "|---|---|---|",
    ]
    for field, numbers in model.items():
        weights = ", ".join(f"{WORDS[field][name]} {weight:+.2f}" for name, weight in numbers.weights.items())
        lines.append(f"| {field} | {numbers.intercept:+.2f} | {weights} |")
    return "\n".join(
        [
            *lines,
            "",
            "## Limits",
            "",
            "- Few reports, all English and written for this project: the probability of a single field may be off by a tenth",
            "  or more. It ranks what to check first better than it counts what is wrong.",
            "- A value can be wrong for reasons that no feature sees; nothing is ever certain.",
            "- Whole fields are judged: one wrong entry makes a timeline of forty wrong.",
            "",
        ]
    )


def _figures_table(rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        "| field | reports | right | mean probability | Brier | ECE | AUC |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {field} | {row['reports']} | {row['right']:.2f} | {row['mean_probability']:.2f} "
            f"| {row['brier']:.3f} ({row['brier_of_share']:.3f}) | {row['expected_calibration_error']:.3f} "
            f"| {'–' if row['auc'] is None else format(row['auc'], '.2f')} |"
            for field, row in rows.items()
        ),
    ]
