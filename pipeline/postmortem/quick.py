"""Making small immutable objects at little cost: a parse makes some two hundred."""

from __future__ import annotations

import dataclasses
from functools import update_wrapper
from typing import Any, TypeVar

_Class = TypeVar("_Class", bound=type[Any])


def quick(cls: _Class) -> _Class:
    """Give a frozen dataclass with slots a constructor that does the same in less than half the time.

    The one that `dataclasses` writes sets each field by ``object.__setattr__``, which looks the name up; this one sets the slots
    themselves. Fields have plain defaults or none (no factories), and there is no ``__post_init__``. A class decorator, above
    ``@dataclass(frozen=True, slots=True)``.
    """
    parameters, lines, scope = ["self"], [], {}
    for field in dataclasses.fields(cls):
        assert field.default_factory is dataclasses.MISSING, f"{cls.__name__}.{field.name}"
        scope[f"set_{field.name}"] = getattr(cls, field.name).__set__
        lines.append(f"    set_{field.name}(self, {field.name})\n")
        if field.default is dataclasses.MISSING:
            parameters.append(field.name)
        else:
            scope[f"default_{field.name}"] = field.default
            parameters.append(f"{field.name}=default_{field.name}")
    # Written out and compiled, as `dataclasses` itself does it.
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(lines)}", scope)
    cls.__init__ = update_wrapper(scope["__init__"], cls.__init__)
    return cls
