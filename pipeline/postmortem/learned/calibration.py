"""How well probabilities agree with what turns out to be right."""

from __future__ import annotations

from collections.abc import Sequence


def expected_calibration_error(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Return the mean distance of probability and accuracy over equal bins of probability, weighted by their size."""
    return sum(
        count / len(right) * abs(mean - share)
        for _, count, mean, share in reliability(probabilities, right, bins)
    )


def reliability(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> list[tuple[float, int, float, float]]:
    """Return for each bin that is not empty: its lower bound, how many it holds, their mean probability, how many are right."""
    found = []
    for k in range(bins):
        inside = [i for i, p in enumerate(probabilities) if min(int(p * bins), bins - 1) == k]
        if inside:
            mean = sum(probabilities[i] for i in inside) / len(inside)
            found.append((k / bins, len(inside), mean, sum(right[i] for i in inside) / len(inside)))
    return found
