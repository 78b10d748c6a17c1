"""Charts drawn once, when the page is made: an SVG that takes the page's colours and whose marks are links.

Drawing ahead keeps a megabyte of script out of the page, and lets its policy forbid everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree
from markupsafe import Markup

from postmortem.dataset import MissingExtraError

LINK: Final = "page_link"
"""The column of a chart's data that holds where its marks lead to: a place in the page (``#…``)."""

_COLUMNS: Final = 2

# Colours of a drawing, and what of the page's style stands for them: the page knows whether it is light or dark.
_INK, _SOFT, _RULE, _FIRM = "#010101", "#010102", "#010103", "#010104"
_COLORS: Final = {
    _INK: "currentColor",
    _SOFT: "var(--soft)",
    _RULE: "var(--rule)",
    _FIRM: "var(--firm)",
    "#2f86c1": "var(--blue)",
    "#d55e00": "var(--orange)",
    "#009e73": "var(--green)",
    "#cc79a7": "var(--pink)",
    "#8a8a8a": "var(--firm)",
    "#000": "currentColor",
    "black": "currentColor",
}
_AXIS: Final = {
    "labelColor": _INK,
    "titleColor": _SOFT,
    "titleFontWeight": 400,
    "gridColor": _RULE,
    "domainColor": _FIRM,
    "tickColor": _FIRM,
    "labelFontSize": 11,
    "titleFontSize": 11,
}
_CONFIG: Final = {
    "background": None,
    "font": "Liberation Sans",
    "view": {"stroke": None},
    "axis": _AXIS,
    "header": {"labelColor": _INK, "labelFontSize": 12, "labelFontWeight": 600},
    "legend": {
        "labelColor": _INK,
        "titleColor": _SOFT,
        "titleFontWeight": 400,
        "labelFontSize": 11,
        "orient": "top",
    },
    "style": {"guide-label": {"fill": _INK, "fontSize": 11}, "guide-title": {"fill": _SOFT}},
}

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_KEPT: Final = frozenset(
    {
        "svg", "g", "path", "rect", "line", "circle", "text", "tspan", "a", "title", "defs", "clipPath", "linearGradient",
        "stop",
    }
)  # fmt: skip
_DROPPED: Final = frozenset(
    {"style", "cursor", "font-family", "role", "aria-roledescription", "aria-hidden", "pointer-events"}
)


def linked(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Vega-Lite specification whose every mark over data with a column `LINK` leads there."""
    made = dict(spec)
    for part in ("layer", "hconcat", "vconcat", "concat"):
        if part in made:
            made[part] = [linked(inner) for inner in made[part]]
    if "spec" in made:
        made["spec"] = linked(made["spec"])
    if "mark" in made:
        made["encoding"] = {**made.get("encoding", {}), "href": {"field": LINK, "type": "nominal"}}
    return made


def narrowed(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """Return a specification for a screen as narrow as a telephone's: its plot `width` pixels wide, small ones two a row."""
    if "columns" in spec:
        return {**spec, "columns": _COLUMNS, "spec": {**spec["spec"], "width": width}}
    layers = [_moved(layer, spec["width"], width - spec["width"]) for layer in spec["layer"]]
    return {**spec, "width": width, "layer": layers}


def _moved(layer: Mapping[str, Any], edge: int, by: int) -> dict[str, Any]:
    """A layer whose marks stood right of the plot's edge, there still."""
    place = layer["encoding"].get("x", {})
    if place.get("value", 0) < edge:
        return dict(layer)
    return {**layer, "encoding": {**layer["encoding"], "x": {"value": place["value"] + by}}}


def drawn(spec: Mapping[str, Any], *, label: str) -> Markup:
    """Return a Vega-Lite specification drawn as SVG in the page's colours, `label` telling what it shows.

    Whatever is no drawing is left out, and so are links that do not stay in the page. Raises
    `postmortem.dataset.MissingExtraError` without vl-convert.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError("plots need vl_convert: pip install 'postmortem-pipeline[plots]'") from error
    svg = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, allowed_base_urls=[])
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    _clean(root)
    root.set("role", "img")
    root.set("aria-label", label)
    return Markup(etree.tostring(root, encoding="unicode"))


def _clean(root: Any) -> None:
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.tag.removeprefix(_SVG) not in _KEPT:
            node.getparent().remove(node)
            continue
        for name in [n for n in node.attrib if n.startswith("on") or n in _DROPPED]:
            del node.attrib[name]
        for name in ("fill", "stroke"):
            if node.get(name, "").lower() in _COLORS:
                node.set(name, _COLORS[node.get(name).lower()])
        if node.tag == _SVG + "a":
            _keep_within(node)


def _keep_within(link: Any) -> None:
    """A link of a drawing leads to a place in the page, or nowhere; what it leads to is its name."""
    target = link.get(_HREF, "")
    link.attrib.clear()
    if "#" in target:
        link.set("href", target[target.index("#") :])
        link.set("tabindex", "-1")  # the table below has the same links for the keyboard
    for mark in link:
        told = "; ".join(
            part for part in mark.get("aria-label", "").split("; ") if not part.startswith(f"{LINK}:")
        )
        mark.attrib.pop("aria-label", None)
        if told:
            title = etree.SubElement(mark, _SVG + "title")
            title.text = told
