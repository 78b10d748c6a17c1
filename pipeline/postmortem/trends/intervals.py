"""How sure a figure is: bootstrap intervals of quantiles, Wilson intervals of shares. Seeded: same data, same interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEED: Final = 20
RESAMPLES: Final = 4000
LEAST: Final = 5
"""With fewer values than these a resample says little, and no interval is given."""
_LEVEL: Final = 0.95
_Z: Final = 1.959963984540054


def bootstrap(
    values: Sequence[float] | NDArray[np.float64], quantile: float = 0.5, *, seed: int = SEED
) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a quantile (interpolated, as in ``numpy.quantile``).

    Missing for fewer than `LEAST` values. A resample of n sorted values is n uniform draws of their places, so the two order
    statistics that its quantile lies between are drawn as such (a beta variate, and the next one up given it): the same
    distribution as by resampling n values each time, at a cost that does not grow with n.
    """
    import numpy as np

    ordered: NDArray[Any] = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n < LEAST:
        return math.nan, math.nan
    place = quantile * (n - 1)
    rank, weight = int(place) + 1, place - int(place)
    random = np.random.default_rng(seed)
    lower = random.beta(rank, n - rank + 1, RESAMPLES)
    upper = lower + (1 - lower) * random.beta(1, n - rank, RESAMPLES) if rank < n else lower
    low, high = (ordered[np.minimum((n * u).astype(int), n - 1)] for u in (lower, upper))
    tail = (1 - _LEVEL) / 2
    found = np.quantile(low + weight * (high - low), [tail, 1 - tail], method="inverted_cdf")
    return float(found[0]), float(found[1])


def wilson(count: Any, n: Any) -> tuple[Any, Any]:
    """Return the 95 % Wilson interval of the share `count` of `n`, both 0 to 1; numbers or arrays. Missing where `n` is 0."""
    import numpy as np

    count, n = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    n = np.where(n > 0, n, np.nan)
    share, square = count / n, _Z**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    return np.clip(middle - half, 0, share), np.clip(middle + half, share, 1)
