"""The models that come with the package, and what may stand in for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from postmortem.learned import choice, linear
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.linear import LinearModel

_STANDING_IN: Final[ContextVar[Mapping[str, LinearModel | ChoiceModel]]] = ContextVar(
    "standing_in", default=MappingProxyType({})
)


def packaged(name: str) -> Traversable:
    """Return the folder of the model `name` that came with the package: in a wheel ``postmortem/_models``, in a source
    checkout ``models``."""
    inside = resources.files("postmortem") / "_models" / name
    return inside if inside.is_dir() else Path(__file__).parents[3] / "models" / name


def linear_model(name: str) -> LinearModel:
    """Return the linear model `name` that came with the package, or what stands in for it."""
    found = _STANDING_IN.get().get(name)
    return found if isinstance(found, LinearModel) else _linear(name)


def choice_model(name: str) -> ChoiceModel:
    """Return the model `name` of a choice that came with the package, or what stands in for it."""
    found = _STANDING_IN.get().get(name)
    return found if isinstance(found, ChoiceModel) else _choice(name)


@contextmanager
def standing_in(*models: LinearModel | ChoiceModel) -> Iterator[None]:
    """Within it, these models are read in place of the packaged ones of their names: a model that learns from a report what to
    make of another model's answers must not learn it from answers of one that was trained on that very report."""
    before = _STANDING_IN.set({**_STANDING_IN.get(), **{model.name: model for model in models}})
    try:
        yield
    finally:
        _STANDING_IN.reset(before)


@cache
def _linear(name: str) -> LinearModel:
    return linear.load_model(packaged(name))


@cache
def _choice(name: str) -> ChoiceModel:
    return choice.load_model(packaged(name))
