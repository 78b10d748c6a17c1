"""Making small immutable objects at little cost: a parse makes some two hundred."""

from __future__ import annotations

import dataclasses
from functools import update_wrapper
from typing import Any, Final, TypeVar

_Class = TypeVar("_Class", bound=type[Any])
_NOT_GIVEN: Final = object()


def quick(cls: _Class) -> _Class:
    """Give a frozen dataclass with slots a constructor that does the same in less than half the time.

    The one that `dataclasses` writes sets each field by ``object.__setattr__``, which looks the name up; this one sets the slots
    themselves. For classes without ``__post_init__``: a decorator, above ``@dataclass(frozen=True, slots=True)``.
    """
    parameters, lines, scope = ["self"], [], {}
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        scope[f"set_{name}"] = getattr(cls, name).__set__
        if field.default_factory is not dataclasses.MISSING:
            scope[f"default_{name}"], scope[f"make_{name}"] = _NOT_GIVEN, field.default_factory
            value = f"make_{name}() if {name} is default_{name} else {name}"
        elif field.default is not dataclasses.MISSING:
            scope[f"default_{name}"] = field.default
        parameters.append(f"{name}=default_{name}" if f"default_{name}" in scope else name)
        lines.append(f"    set_{name}(self, {value})\n")
    # Written out and compiled, as `dataclasses` itself does it.
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(lines)}", scope)
    cls.__init__ = update_wrapper(scope["__init__"], cls.__init__)
    return cls
