"""The screenshots of the documentation: ``python tests/screenshots.py docs`` (see ``make screenshots``)."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

from browser import chromium, launched
from postmortem.assemble import incidents
from postmortem.page import report
from postmortem.read import read

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Scheme = Literal["light", "dark"]
# File name, width, height, colour scheme, the report that is opened ("" for none) and the words whose fact is followed.
SHOTS: Final[tuple[tuple[str, int, int, Scheme, str, str], ...]] = (
    ("report-light.png", 1280, 1500, "light", "", ""),
    ("report-dark.png", 1280, 860, "dark", "payments-certificate.md", "SEV-2"),
    ("report-phone.png", 390, 844, "light", "payments-certificate.md", ""),
)


def main(folder: Path) -> None:
    """Write the screenshots into `folder`."""
    path = chromium()
    if path is None:
        sys.exit("screenshots need Chromium")
    files = sorted(Path("data", "samples").iterdir())
    found = [i for file in files for i in incidents(read(file, name=file.name))]
    with TemporaryDirectory() as temporary, launched(path) as browser:
        page = Path(temporary, "report.html")
        page.write_text(report(found, name="Sample reports"), encoding="utf-8")
        for shot in SHOTS:
            _take(browser, page.as_uri(), folder, *shot)


def _take(
    browser: Browser,
    uri: str,
    folder: Path,
    name: str,
    width: int,
    height: int,
    scheme: Scheme,
    opened: str,
    words: str,
) -> None:
    view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    view.goto(uri)
    view.wait_for_selector("html[data-ready]", state="attached")
    if opened:
        view.locator("#q").fill(opened)
        view.locator("#rows a").first.click()
        view.wait_for_selector("#single:not([hidden])")
    if words:
        view.locator(".pm-facts a", has_text=words).first.click()
    view.wait_for_timeout(200)
    view.screenshot(path=folder / name)
    view.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
