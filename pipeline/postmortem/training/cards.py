"""Model cards, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from postmortem.learned.linear import LinearModel

# How many of the features of a model its card lists.
_STRONGEST: Final = 12


def root_cause_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the classifier of categories, as Markdown."""
    voice, read, reports = metrics["by_voice"], model.card["weights"], metrics.get("reports")
    asked = [("passages, of voices not trained on", voice)]
    if reports:
        asked.append(("annotated reports, of hands not trained on", reports))
    lines = [
        "# Model card: root_cause",
        "",
        "Which kinds of cause an incident report states (`categories` of the record): one primary category and up to",
        "three others, with probabilities; none where no cause is stated. Written by `postmortem train`; do not edit.",
        "",
        *_facts(model),
        f"- words count {read['statement']} in the statement of the cause, {read['around']} beside it in its paragraph or",
        f"  section, {read['fix']} in the resolution, {read['summary']} in the summary, and {read['whole']} wherever they stand",
        f"- {model.card['reports']} annotated reports are learnt from beside the passages, each with the statement that the",
        "  extraction takes for the cause (by models that have not seen the report) and with the annotated one, which count as",
        "  two passages each; of several accepted answers the better one counts more",
        f"- the category that the cue phrases of the statement name together gains {model.card['named']} logits for each of",
        "  their points: not learnt from the passages, of which a third is written so that phrases mislead, but chosen with",
        "  samples, validation reports and published reports in sight",
        f"- a further category is given from a probability of {model.threshold}; temperatures {model.temperature} (primary)",
        f"  and {model.tag_temperature} (each category by itself)",
        "",
        "## How well, by cross-validation",
        "",
        "The passages are harder than reports mostly are (a third holds a false lead, a negation, a symptom elsewhere",
        "…), so their figures are not what to expect of reports; they are for comparing.",
        "",
        "| folds | primary right | macro-F1 | all categories P | R | F1 | calibration error |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {row['primary_accuracy']:.3f} | {row['macro_f1']:.3f} | {row['all_precision']:.3f} | "
            f"{row['all_recall']:.3f} | {row['all_f1']:.3f} | {row['expected_calibration_error']:.3f} |"
            for name, row in asked
        ),
        "",
        "By voice: " + ", ".join(f"{name} {value:.2f}" for name, value in voice["each"].items()) + ".",
        "",
        *(
            [
                f"Of the reports {reports['accepted']:.3f} get a primary category that is accepted, by hand: "
                + ", ".join(f"{name} {value:.2f}" for name, value in reports["each"].items())
                + ".",
                "",
            ]
            if reports
            else []
        ),
        "By kind of passage: "
        + ", ".join(
            f"{name} {row['accuracy']:.2f} ({row['count']})" for name, row in metrics["by_kind"].items()
        )
        + ".",
        "",
        "## Per category (passages, by voice)",
        "",
        "| category | primary P | R | F1 | support | any P | R | F1 | support |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_class_row(label, row) for label, row in metrics["per_class"].items()),
        "",
        "## Reliability of the primary category's probability (held out)",
        "",
        "It is the probability that the text states this category as a cause, be it as the primary one or another.",
        "",
        "| probability | texts | mean probability | right | |",
        "|---|---|---|---|---|",
        *(
            f"| {row['from']:.1f}–{row['from'] + 0.1:.1f} | {row['count']} "
            f"| {row['mean_probability']:.2f} | {row['right']:.2f} | "
            f"`{'#' * round(20 * row['right']):<20}` |"
            for row in metrics["reliability"]
        ),
        "",
    ]
    if "designs" in metrics:
        lines += [
            "## Designs compared on the same folds",
            "",
            "| design | random | by voice | macro-F1 |",
            "|---|---|---|---|",
            *(
                f"| {row['design']} | {row['random']:.3f} | {row['by_voice']:.3f} | {row['macro_f1']:.3f} |"
                for row in metrics["designs"]
            ),
            "",
            "The chosen design is not the best of this table: reading the whole text, one against rest and the hinge loss do as",
            "well or a little better here. A passage is nearly all cause, so the table cannot show what the rest of a long "
            "report",
            "does to a classifier that reads all of it; and the hinge loss gives no probabilities. None of these designs has",
            "what the phrases name added (see above), which costs a little on the passages; the first table has.",
            "",
            "Learning curve (passages trained on → primary right): "
            + ", ".join(f"{row['passages']} → {row['accuracy']:.3f}" for row in metrics["learning_curve"])
            + ".",
            "",
        ]
    lines += [
        "## Limits",
        "",
        "- English only; trained on texts written for this project, by few hands, not on reports from the field",
        "  (`data/README.md`).",
        "- It reads what the extraction takes for the statement of the cause: where that is wrong, so are the categories.",
        "- `other` is hardly ever given: it has no words of its own. `data` and `human_error` are often taken for `code_bug` or",
        "  `configuration`.",
        "- Probabilities are calibrated by cross-validation on the annotated reports; on texts of another kind they may be off.",
        "  They are those of the report stating the category as a cause, be it as the primary one or another.",
        "- It tells what a report says, not what happened; it is no means of judging people.",
        "",
    ]
    return "\n".join(lines)


def phases_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of timeline phases, as Markdown."""
    return _sequence_card(
        model,
        metrics,
        "Which phase of the incident each timeline entry tells of (`timeline[].phase` of the record). A linear model scores\n"
        "each entry; its phase is the likeliest one given what all of them, in their order, are likely.\n"
        "Written by `postmortem train`; do not edit.",
        "timelines",
        [
            "- `communication` and `other` are rare in the data and often missed.",
            "- An entry that tells several things gets one phase.",
        ],
    )


def roles_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of sentence roles, as Markdown."""
    return _sequence_card(
        model,
        metrics,
        "What each sentence of a report is about. How likely it states the cause, the trigger, a contributing factor or what\n"
        "ended the incident is used where no rule and no section named so says it. Written by `postmortem train`; do not edit.",
        "reports",
        ["- A sentence that tells several things gets one role."],
    )


def headings_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of what headings are called, as Markdown."""
    return "\n".join(
        [
            f"# Model card: {model.name}",
            "",
            "What a heading is likely called (`sections[].names` of the record) by its words, its place among the others and",
            "what stands below it, where the phrases of the vocabulary do not say it for certain. Written by `postmortem train`;",
            "do not edit.",
            "",
            *_facts(model),
            "",
            "## How well, by cross-validation over annotated headings (titles left out)",
            "",
            "Called right by the phrases and rules, by the model alone, and by both together. The phrases were written with the",
            "reports of the samples and of the sets called validation in sight, so only the other sets tell how the two compare.",
            "",
            "| trained on | measured on | rules | model | together |",
            "|---|---|---|---|---|",
            *(
                f"| {trained} | {measured} | {row['rules']:.3f} | {row['model']:.3f} | {row['together']:.3f} |"
                for trained, measured, row in (
                    ("four of five random folds", "the fifth", metrics["random_folds"]),
                    ("all other sets", "each set", metrics["by_set"]),
                    *(("all other sets", name, row) for name, row in metrics["each"].items()),
                )
            ),
            "",
            "## Limits",
            "",
            "- English only; trained on reports written for this project (`data/README.md`).",
            "- It gives one name; a heading that joins two parts has both where the phrases know them.",
            "",
        ]
    )


def noticing_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of what a sentence says of how it was noticed, as Markdown."""
    random, voice = metrics["random_folds"], metrics["by_voice"]
    return "\n".join(
        [
            f"# Model card: {model.name}",
            "",
            "What a sentence says of how trouble was noticed: nothing (`none`), or by whom. A linear model of its words and of",
            "the rules that match it; what it says of all sentences of a report is weighed by the model `detection`. Written by",
            "`postmortem train`; do not edit.",
            "",
            *_facts(model),
            "",
            "## How well, by cross-validation over sentences",
            "",
            "| folds | right | method right, of those that tell one |",
            "|---|---|---|",
            *(
                f"| {name} | {row['accuracy']:.3f} | {row['method_accuracy']:.3f} |"
                for name, row in (
                    ("random, five", random),
                    ("by voice: seven parts of the voices, each left out in turn", voice),
                )
            ),
            "",
            "## Limits",
            "",
            "- English only; trained on texts written for this project (`data/README.md`), mostly entries of timelines.",
            "- Third parties are rare in the data and often missed.",
            "",
        ]
    )


def _sequence_card(
    model: LinearModel, metrics: Mapping[str, Any], purpose: str, texts: str, limits: Sequence[str]
) -> str:
    random, voice = metrics["random_folds"], metrics["by_voice"]
    share = model.card.get("sequence_share")
    shared = "" if share is None else f"; share of the transitions in the sequence: {share}"
    lines = [
        f"# Model card: {model.name}",
        "",
        purpose,
        "",
        *_facts(model),
        f"- {model.card['texts']} {texts}{shared}",
        "",
        f"## How well, by cross-validation over {texts}",
        "",
        f"- right, counting every label that is accepted: {random['accuracy']:.3f} (five random folds),",
        f"  {voice['accuracy']:.3f} (by voice: seven parts of the voices, each left out in turn)",
        f"- the same without the sequence: {random['accuracy_without_sequence']:.3f}; counting the first label alone: "
        f"{random['strict_accuracy']:.3f}",
        "",
        "| label | P | R | F1 | support |",
        "|---|---|---|---|---|",
        *(
            f"| {label} | {row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f} | {row['support']} |"
            for label, row in metrics["per_class"].items()
        ),
        "",
        "## Limits",
        "",
        "- English only; trained on texts written for this project (`data/README.md`).",
        *limits,
        "",
    ]
    return "\n".join(lines)


def _facts(model: LinearModel) -> list[str]:
    trained = ", ".join(f"{name} {version}" for name, version in model.card["trained_with"].items())
    return [
        f"- version {model.version}; {model.card['examples']} texts, SHA-256 `{model.card['data_sha256']}`",
        f"- seed {model.card['seed']}; licence Apache-2.0",
        f"- {len(model.index)} features, {len(model.classes)} classes; trained with {trained}",
    ]


def _class_row(label: str, row: Mapping[str, float]) -> str:
    def cells(prefix: str) -> str:
        if f"{prefix}f1" not in row:
            return "| | | |"
        values = [f"{row[prefix + k]:.2f}" for k in ("precision", "recall", "f1")]
        return " | ".join([*values, str(int(row[prefix + "support"]))])

    return f"| {label} | {cells('')} | {cells('any_')} |"
