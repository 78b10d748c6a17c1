"""Training: from labelled passages and timelines to models of plain numbers, with their cards.

scikit-learn fits and evaluates; what is stored is scored without it (`postmortem.learned.linear`). Everything is
chosen by cross-validation on the training data; published reports are never read here, and of the project's own annotated
ones those that `postmortem.training.annotated` names.
Same data, same versions: same predictions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from postmortem.learned.choice import ChoiceModel
from postmortem.learned.choice import save_model as save_choice
from postmortem.learned.linear import LinearModel, save_model
from postmortem.training import dates, detections, headings, lines, sequences, windows
from postmortem.training.actions import actions_model, load_actions
from postmortem.training.annotated import Unseen
from postmortem.training.cards import headings_card, noticing_card, phases_card, roles_card, root_cause_card
from postmortem.training.categories import root_cause_model
from postmortem.training.choice_cards import (
    actions_card,
    day_card,
    detection_card,
    impact_card,
    lines_card,
    statement_card,
    window_card,
)
from postmortem.training.choices import (
    CAUSE,
    Choice,
    choice_model,
    load_annotated,
    load_causes,
    models_without,
)
from postmortem.training.dates import day_model, load_days
from postmortem.training.designs import compare, learning_curve
from postmortem.training.detections import detection_model, load_detections, load_noticed, noticing_model
from postmortem.training.examples import features_of, load_csv, load_examples
from postmortem.training.headings import headings_model, load_headings
from postmortem.training.percentages import load_percentages, percentage_model
from postmortem.training.reports import load_reports
from postmortem.training.sequences import (
    load_annotated_timelines,
    load_narratives,
    load_timelines,
    sequence_model,
)
from postmortem.training.windows import load_windows, window_model


def train(
    data: Path | None, output: Path, *, source: Path | None = None, comparison: bool = False
) -> list[Path]:
    """Train models, write them below `output` and return their folders.

    `data` is a CSV file with labels of your own (`load_csv`): then `output` becomes one model. Without it, the models of the
    project are rebuilt from the passages, timelines, narratives and reports in `source` (``data/training``, with the annotated
    reports beside it), each with its card; `comparison` makes the comparison of designs and the learning curve anew, which takes
    some minutes more; without it they stay as they were. Those that others are trained with come first; where `output` is not the
    packaged ``models``, with those of the package.
    Raises ValueError or OSError for data that cannot be used. One thread does the sums, so that their order, and with it
    every digit, does not hang on the machine; it is also the fastest for models of this size.
    """
    import sklearn.svm  # noqa: F401  (loads the libraries whose threads are limited)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        return _train(data, output, source, comparison=comparison)


def _train(data: Path | None, output: Path, source: Path | None, *, comparison: bool) -> list[Path]:
    if data is not None:
        own = load_csv(data)
        model, metrics = root_cause_model(own, [features_of(e.text) for e in own], name=data.stem)
        save_model(model, output)
        _write(output / "metrics.json", json.dumps(metrics, indent=1, ensure_ascii=False) + "\n")
        return [output]
    if source is None or not any(source.glob("phases*.jsonl")):
        raise ValueError("the training data is not here: it comes with a source checkout (data/training)")
    # What a text is made of comes first: all that follows reads it.
    lined = lines.load_lines(source.parent)
    looking, metrics = lines.lines_model(lined)
    folders = [_chosen(output, looking, metrics, lines_card(looking, metrics))]
    # What is learnt from the answers of models that saw the very reports would be trusted too much.
    groups = sorted({one.group for one in lined})
    unseen = _joined(lines.models_without(lined, groups))
    headed = load_headings(source.parent, dict.fromkeys(groups, (looking,)))
    naming, metrics = headings_model(headed)
    folders.append(_stored(output, naming, metrics, headings_card(naming, metrics)))
    timelines = [*load_timelines(source.glob("phases*.jsonl")), *load_annotated_timelines(source.parent)]
    phasing, metrics = sequence_model("phases", timelines)
    folders.append(_stored(output, phasing, metrics, phases_card(phasing, metrics)))
    model, metrics = sequence_model("roles", load_narratives(source.glob("roles*.jsonl")))
    folders.append(_stored(output, model, metrics, roles_card(model, metrics)))
    noticed = load_noticed(source)
    hearing, metrics = noticing_model(noticed)
    folders.append(_stored(output, hearing, metrics, noticing_card(hearing, metrics)))
    unseen = _joined(
        headings.models_without(headed, naming, groups),
        sequences.models_without(timelines, phasing, groups),
        detections.models_without(noticed, hearing, groups),
        before=unseen,
    )
    days = load_days(source.parent, unseen)
    chosen, metrics = day_model(days)
    folders.append(_chosen(output, chosen, metrics, day_card(chosen, metrics)))
    unseen = _joined(dates.models_without(days, groups), before=unseen)
    moments = load_windows(source.parent, unseen)
    framing, metrics = window_model(moments)
    folders.append(_chosen(output, framing, metrics, window_card(framing, metrics)))
    unseen = _joined(windows.models_without(moments, groups), before=unseen)
    choices = load_annotated(source.parent, unseen)
    choices[CAUSE] = [*load_causes(source.glob("causes_*.jsonl")), *choices[CAUSE]]
    folders.extend(_choices(output, source, unseen, choices))
    causes = models_without(CAUSE, choices[CAUSE], groups)
    reports = load_reports(source.parent, _joined(causes, before=unseen))
    examples = load_examples(source.glob("root_cause_*.jsonl"))
    features = [features_of(e.text) for e in examples]
    model, metrics = root_cause_model(examples, features, reports=reports)
    if comparison:
        metrics |= {
            "designs": compare(examples, features),
            "learning_curve": learning_curve(examples, features),
        }
    elif (output / "root_cause" / "metrics.json").is_file():
        before = json.loads((output / "root_cause" / "metrics.json").read_text(encoding="utf-8"))
        metrics |= {key: before[key] for key in ("designs", "learning_curve") if key in before}
    return [*folders, _stored(output, model, metrics, root_cause_card(model, metrics))]


def _joined(
    *models: Mapping[str, LinearModel | ChoiceModel], before: Unseen = MappingProxyType({})
) -> Unseen:
    """Return by group the models that were trained without its reports, with those of `before`."""
    return {group: (*before.get(group, ()), *(each[group] for each in models)) for group in models[0]}


def _choices(
    output: Path, source: Path, unseen: Unseen, choices: Mapping[str, Sequence[Choice]]
) -> Iterator[Path]:
    """Train the models that choose and yield their folders. What they choose from hangs on the models before them, which the
    extraction reads when it is first asked for them."""
    for name, known in choices.items():
        choice, measured = choice_model(name, known)
        yield _chosen(output, choice, measured, statement_card(choice, measured))
    choice, measured = detection_model(load_detections(source.parent, unseen))
    yield _chosen(output, choice, measured, detection_card(choice, measured))
    choice, measured = percentage_model(load_percentages(source.parent, unseen))
    yield _chosen(output, choice, measured, impact_card(choice, measured))
    choice, measured = actions_model(load_actions(source.parent, unseen))
    yield _chosen(output, choice, measured, actions_card(choice, measured))


def _stored(output: Path, model: LinearModel, metrics: Mapping[str, Any], card: str) -> Path:
    folder = output / model.name
    save_model(model, folder)
    _described(folder, metrics, card)
    return folder


def _chosen(output: Path, model: ChoiceModel, metrics: Mapping[str, Any], card: str) -> Path:
    folder = output / model.name
    save_choice(model, folder)
    _described(folder, metrics, card)
    return folder


def _described(folder: Path, metrics: Mapping[str, Any], card: str) -> None:
    _write(folder / "metrics.json", json.dumps(metrics, indent=1, ensure_ascii=False) + "\n")
    _write(folder / "CARD.md", card)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
