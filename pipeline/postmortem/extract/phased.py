"""Which phase each sentence of a report would be in a timeline, were it an entry: what sets an impact, a check or a repair apart
from what was found out, whatever it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from postmortem.account import Phased
from postmortem.extract import phases, roles
from postmortem.report import Report

# What a phase that is no likelier than the sixth power of e has.
_FLOOR: Final = -6.0


def phased(report: Report) -> Phased:
    """Return the phases of the sentences of a report's account: worked out once for each report, when first asked for."""
    account = report.account
    if account.phased is None:
        account.phased = phases_of([told.text for told in roles.reading(report).sentences])
    return account.phased


def phases_of(texts: Sequence[str]) -> Phased:
    """Return the phases of some texts, each by itself: the logarithm of the probability of each phase, by ``ph=`` and its name,
    and the likeliest phase."""
    if not texts:
        return Phased([], [])
    import numpy as np

    model = phases.default_model()
    logits = model.logits([phases.features(text, first=False, last=False) for text in texts])
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    names = [f"ph={phase}" for phase in model.classes]
    rows: list[list[float]] = np.maximum(logits, _FLOOR).tolist()
    likeliest = [model.classes[k] for k in logits.argmax(axis=1)]
    return Phased([dict(zip(names, row, strict=True)) for row in rows], likeliest)
