"""Incidents as HTML: one for a notebook, a whole data set as a page that stands by itself."""

from __future__ import annotations

from postmortem.page.incident import incident_html
from postmortem.page.report import report

__all__ = ["incident_html", "report"]
