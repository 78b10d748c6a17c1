"""What the classifier of categories has to beat: simple classifiers over the same reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from postmortem.classify.cues import categories as by_cues
from postmortem.clock.carry import Calendar
from postmortem.evaluation.categories import Answer
from postmortem.evaluation.matching import Facts
from postmortem.normalize import normalize
from postmortem.record import Incident
from postmortem.report import Report

MAJORITY: Final = "majority class"
CUE_PHRASES: Final = "cue phrases"
TFIDF: Final = "TF-IDF, logistic regression"
_SEED: Final = 20
_LEAST_ALSO: Final = 0.5


def training_texts() -> Path | None:
    """Return the folder of the training passages, or None where there is no source checkout around this module."""
    folder = Path(__file__).parents[3] / "data" / "training"
    return folder if any(folder.glob("root_cause_*.jsonl")) else None


def majority(annotations: Iterable[Facts]) -> dict[str, Answer]:
    """Give every report the primary category that is annotated most often: the best that can be said without reading."""
    judged = [facts for facts in annotations if "categories" in facts]
    often = Counter(facts["categories"]["primary"] for facts in judged).most_common(1)
    label = often[0][0] if often else None
    return {facts["file"]: Answer((label,) if label else ()) for facts in judged}


def cue_phrases(records: Mapping[str, Facts]) -> dict[str, Answer]:
    """Give every report the categories that cue phrases of its statement of the cause name.

    `records` are record dicts by path, with their ``source.text``; a record without it gets none.
    """
    found = {}
    for path, record in records.items():
        text = record["source"].get("text")
        if text is None:
            continue
        document = normalize(text)
        report = Report(document, (), Calendar.of(document, ()))
        given = by_cues(report, Incident.from_dict(record).root_cause)
        found[path] = Answer(tuple(category.id for category in given))
    return found


def tfidf(records: Mapping[str, Facts], training: Path) -> dict[str, Answer]:
    """Give every report what plain TF-IDF with logistic regression says of its whole text.

    One classifier for the primary category (or none), one against rest for further ones from a probability of one half on;
    trained on the passages of the folder `training`. Raises OSError or ValueError where these cannot be read.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    files = sorted(training.glob("root_cause_*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=2)
    matrix = vectorizer.fit_transform([row["text"] for row in rows])
    primary = LogisticRegression(max_iter=500, C=10.0, random_state=_SEED)
    primary.fit(matrix, [row["primary"] or "" for row in rows])
    labels = MultiLabelBinarizer()
    held = labels.fit_transform([{row["primary"], *row["also"]} - {None} for row in rows])
    further = OneVsRestClassifier(LogisticRegression(max_iter=500, C=10.0, random_state=_SEED))
    further.fit(matrix, held)
    paths = [path for path, record in records.items() if record["source"].get("text") is not None]
    if not paths:
        return {}
    reports = vectorizer.transform([records[path]["source"]["text"] for path in paths])
    found = {}
    for path, first, each in zip(
        paths, primary.predict_proba(reports), further.predict_proba(reports), strict=True
    ):
        best = int(first.argmax())
        top = str(primary.classes_[best])
        also = [(-float(p), str(k)) for k, p in zip(labels.classes_, each, strict=True) if k != top]
        rest = tuple(k for p, k in sorted(also) if -p >= _LEAST_ALSO)
        found[path] = Answer((top, *rest), float(first[best])) if top else Answer()
    return found
