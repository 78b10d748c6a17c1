"""Which incidents count in a trend, what is derived of each, and how a trend says what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames

Period = Literal["month", "quarter", "year"]

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KEY: Final = ["path", "id"]


class Basis(NamedTuple):
    """What a trend rests on: `n` incidents (or actions) say what it is about, `not_said` do not, together `total`."""

    n: int
    not_said: int
    total: int

    @property
    def share_not_said(self) -> float:
        """The share that does not say, 0 to 1; 0 where there is none at all."""
        return self.not_said / self.total if self.total else 0.0


def population(frames: Frames) -> pd.DataFrame:
    """Return the incidents that count, with what is derived of each.

    Those with the status ``ok``; several of one file are several; of those with one text (and so one `id`) the first counts.
    Derived of the start of the outage, as far as the report lets one know it: `month` (``"2024-03"``), `quarter`
    (``"2024-Q1"``), `year` (``"2024"``), `day` (a date), `weekday` (``"Monday"``) and `hour` (0 to 23, on the report's own
    clock). A start of which the year is not known (``"XXXX-05-08"``) has an hour, perhaps, and none of the others.
    """
    import pandas as pd

    incidents = frames.incidents
    told = incidents[(incidents["status"] == "ok").to_numpy()].drop_duplicates("id").reset_index(drop=True)
    known = told["start_date"].str.extract(r"^(?P<year>[0-9]{4})-(?P<month>[0-9]{2})?")
    month = pd.to_numeric(known["month"]).astype("Int64")
    day = pd.to_datetime(told["start_date"], format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    weekdays = dict(enumerate(WEEKDAYS))
    return told.assign(
        year=known["year"].astype("string"),
        month=(known["year"] + "-" + known["month"]).astype("string"),
        quarter=(known["year"] + "-Q" + ((month + 2) // 3).astype("string")).astype("string"),
        day=day,
        weekday=day.dt.day_of_week.map(weekdays).astype("string"),
        hour=pd.to_numeric(told["start_time"].str[:2]).astype("Int64"),
    )


def basis(frame: pd.DataFrame) -> Basis:
    """Return what a trend's frame as a whole rests on. Raises KeyError for a frame that no function of this package made."""
    return Basis(*(int(frame.attrs[name]) for name in Basis._fields))


def resting_on(frame: pd.DataFrame, n: int, total: int) -> pd.DataFrame:
    """Note on a trend's frame what it rests on as a whole, for `basis`."""
    frame.attrs.update(Basis(n, total - n, total)._asdict())
    return frame


def counted(frame: pd.DataFrame, n: Any, total: Any) -> pd.DataFrame:
    """Add to each row what it rests on itself: `n`, `not_said`, `total`, `share_not_said` (missing where `total` is 0)."""
    made = frame.assign(n=n, not_said=total - n, total=total)
    return made.assign(share_not_said=(made["not_said"] / made["total"]).where(made["total"] > 0))
