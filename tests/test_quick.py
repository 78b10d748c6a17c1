"""The quick constructor: the same as the one that `dataclasses` writes."""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import dataclass, field

import pytest

from postmortem import record
from postmortem.quick import quick


@dataclass(frozen=True, slots=True)
class Plain:
    first: int
    second: str = "b"
    third: list[int] = field(default_factory=list)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    first: int
    second: str = "b"
    third: list[int] = field(default_factory=list)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((1,), {}), ((1, "c"), {}), ((), {"first": 1}), ((1,), {"third": [2]}), ((1, "c", []), {})],
)
def test_it_takes_the_same_arguments(arguments: tuple[object, ...], named: dict[str, object]) -> None:
    made = Quick(*arguments, **named)  # type: ignore[arg-type]
    assert dataclasses.astuple(made) == dataclasses.astuple(Plain(*arguments, **named))  # type: ignore[arg-type]


@pytest.mark.parametrize(("arguments", "named"), [((), {}), ((1, "b", [], 4), {}), ((1,), {"fourth": 2})])
def test_it_refuses_the_same_arguments(arguments: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        Quick(*arguments, **named)  # type: ignore[arg-type]


def test_what_it_makes_is_frozen_and_its_defaults_are_its_own() -> None:
    made = Quick(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.first = 2  # type: ignore[misc]
    assert made.third is not Quick(1).third
    assert dataclasses.replace(made, first=2) == Quick(2)
    assert inspect.signature(Quick) == inspect.signature(Plain)


@pytest.mark.parametrize("name", [n for n, c in vars(record).items() if dataclasses.is_dataclass(c)])
def test_no_field_of_a_record_is_left_unset(name: str) -> None:
    kind = getattr(record, name)
    made = kind(**{f.name: f.name for f in dataclasses.fields(kind)})
    assert {f.name: getattr(made, f.name) for f in dataclasses.fields(kind)} == {
        f.name: f.name for f in dataclasses.fields(kind)
    }
