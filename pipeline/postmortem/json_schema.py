"""The JSON Schema (2020-12) of a record, made from the types of `postmortem.record`."""

from __future__ import annotations

import dataclasses
import re
import types
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from postmortem import record

_DATE: Final = {"type": "string", "pattern": "^[0-9X]{4}-[0-9X]{2}-[0-9X]{2}$"}
_TIME: Final = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_OFFSET: Final = {"type": "string", "pattern": "^[+-][0-9]{2}:[0-9]{2}$"}
_PERCENT: Final = {"type": "number", "minimum": 0}
_SHARE: Final = {"type": "number", "minimum": 0, "maximum": 1}
_INDEX: Final = {"type": "integer", "minimum": 0}

# What a field's type does not say.
_NARROWED: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("Incident", "schema_version"): {"const": record.SCHEMA_VERSION},
    ("Incident", "id"): {"type": "string", "pattern": "^[0-9a-f]{16}(-[0-9]+)?$"},
    ("Source", "sha256"): {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    ("Source", "characters"): _INDEX,
    ("Source", "metadata"): {"type": "object", "additionalProperties": {"type": "string"}},
    ("Evidence", "start"): _INDEX,
    ("Evidence", "end"): _INDEX,
    ("Extent", "start"): _INDEX,
    ("Extent", "end"): _INDEX,
    ("Point", "date"): _DATE,
    ("Point", "time"): _TIME,
    ("Point", "utc_offset"): _OFFSET,
    ("Percentage", "value"): _PERCENT,
    ("Percentage", "upper"): _PERCENT,
    ("Category", "probability"): _SHARE,
    ("RootCause", "confidence"): _SHARE,
    **{("Confidence", f.name): _SHARE for f in dataclasses.fields(record.Confidence)},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema that `Incident.to_dict` keeps to: a new dictionary on each call, one definition a type."""
    definitions: dict[str, Any] = {}
    _define(record.Incident, definitions)
    root = definitions.pop("Incident")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Incident",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _define(kind: type, definitions: dict[str, Any]) -> None:
    name = kind.__name__
    if name in definitions:
        return
    definitions[name] = {}  # claimed before its fields are looked at
    properties = _entry(definitions) if kind is record.Entry else _properties(kind, definitions)
    optional = {"metadata", "text"} if kind is record.Source else set()
    definitions[name] = {
        "description": _described(kind),
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
    }


def _properties(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(kind)]
    if kind is record.Incident:
        names = ["schema_version", *record.FIELDS]
    return {name: _field(kind.__name__, name, hints[name], definitions) for name in names}


def _entry(definitions: dict[str, Any]) -> dict[str, Any]:
    """A timeline entry is written flat: its moments as five strings."""
    properties = _properties(record.Entry, definitions)
    moments = {
        "date": _nullable(_DATE),
        "time": _nullable(_TIME),
        "end_date": _nullable(_DATE),
        "end_time": _nullable(_TIME),
        "utc_offset": _nullable(_OFFSET),
    }
    return moments | {key: properties[key] for key in ("text", "phase", "evidence")}


def _field(owner: str, name: str, hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    narrowed = _NARROWED.get((owner, name))
    if narrowed is None:
        return _type(hint, definitions)
    return _nullable(narrowed) if type(None) in get_args(hint) else dict(narrowed)


def _type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not type(None))
        return _nullable(_type(inner, definitions))
    if origin is tuple:
        return {"type": "array", "items": _type(arguments[0], definitions)}
    if origin is Literal:
        return {"enum": list(arguments)}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        _define(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {"type": {str: "string", int: "integer", float: "number", bool: "boolean"}[hint]}


def _nullable(inner: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(inner), {"type": "null"}]}


def _described(kind: type) -> str:
    """The first paragraph of a type's docstring, as one line without mark-up."""
    words = (kind.__doc__ or "").split("\n\n")[0]
    if words.startswith(f"{kind.__name__}("):  # what dataclass writes where there is none
        return kind.__name__
    return re.sub(r"`+", "", " ".join(words.split()))
