"""Incidents that came back: the same cause in the same service, and causes told in nearly the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.population import KEY, population, resting_on

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from postmortem.frames import Frames

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

DAYS: Final = 90
SIMILAR: Final = 0.6
MOST: Final = 1000
_BLOCK: Final = 512


def repeats(frames: Frames, days: int = DAYS) -> pd.DataFrame:
    """Return the incidents that followed one of the same primary category in the same service within `days` days.

    One row an incident and service: the incident (`path`, `id`, `day`), the one before it (`path_before`, `id_before`,
    `day_before`), `days_between`, `category`, and `service` as written (compared without case). Only a complete start date,
    a category and a named service let one judge, so the whole rests on the incidents that say all three.
    """
    told = population(frames).astype({"category": "string"})
    named = frames.services[(frames.services["kind"] == "service").to_numpy()]
    named = named.assign(service=named["name"].str.split().str.join(" ").astype("string"))[[*KEY, "service"]]
    named = named.assign(same=named["service"].str.casefold()).drop_duplicates([*KEY, "same"])
    said = told[told["day"].notna() & told["category"].notna()][[*KEY, "day", "category"]].merge(
        named, on=KEY
    )
    said = said.sort_values(["category", "same", "day", *KEY], kind="stable").reset_index(drop=True)
    groups = said.groupby(["category", "same"])
    before = groups[[*KEY, "day"]].shift().add_suffix("_before")
    frame = said.drop(columns="same").join(before)
    frame = frame.assign(days_between=(frame["day"] - frame["day_before"]).dt.days)
    frame = frame[(frame["days_between"] <= days).to_numpy()].astype({"days_between": "int64"})
    columns = ["category", "service", *KEY, "day", "path_before", "id_before", "day_before", "days_between"]
    made = frame[columns].reset_index(drop=True)
    made.attrs["days"] = days
    return resting_on(made, len(said[KEY].drop_duplicates()), len(told))


def similar_causes(frames: Frames, least: float = SIMILAR, most: int = MOST) -> pd.DataFrame:
    """Return the pairs of incidents whose root causes are told in similar words, the most similar first, at most `most`.

    `similarity` is the cosine of TF-IDF over words and pairs of words (1: the same words), at least `least`. One row a pair:
    `path`, `id`, `root_cause` of the one and `path_other`, `id_other`, `root_cause_other` of the other. The whole rests on the
    incidents that state a cause. Time grows with the square of their number: seconds for ten thousand.
    """
    told = population(frames)
    said = told[told["root_cause"].notna()].reset_index(drop=True)
    first, second, similarity = _pairs(said["root_cause"].to_list(), least, most)
    columns = [*KEY, "root_cause"]
    one = said.loc[first, columns].reset_index(drop=True)
    other = said.loc[second, columns].reset_index(drop=True).add_suffix("_other")
    return resting_on(one.join(other).assign(similarity=similarity), len(said), len(told))


def _pairs(texts: list[str], least: float, most: int) -> tuple[Ints, Ints, Floats]:
    """The `most` likest pairs of texts, first < second, with similarities of at least `least`, in falling order."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    first, second, similarity = np.empty(0, int), np.empty(0, int), np.empty(0)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
    try:
        matrix: Any = vectorizer.fit_transform(texts)
    except ValueError:  # no text, or none with a word that counts
        return first, second, similarity
    for start in range(0, len(texts), _BLOCK):
        block = (matrix[start : start + _BLOCK] @ matrix[start:].T).tocoo()
        close = (block.data >= least) & (block.col > block.row)
        first = np.append(first, block.row[close] + start)
        second = np.append(second, block.col[close] + start)
        similarity = np.append(similarity, np.minimum(block.data[close].round(4), 1.0))
        best = np.lexsort((second, first, -similarity))[:most]
        first, second, similarity = first[best], second[best], similarity[best]
    return first, second, similarity
