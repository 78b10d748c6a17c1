"""The report page in a browser: by keyboard, on a telephone, in the dark, in print, and with hostile reports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import postmortem
from browser import chromium, launched
from conftest import SAMPLES, lacking
from postmortem.assemble import incidents
from postmortem.page import incident_html, report
from postmortem.read import read
from postmortem.record import Incident
from test_page import HOSTILE, page_of_many, read_text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    View = Callable[..., Page]

LONG = (
    "# The outage of the long line\n\nDown 10:00-11:00 UTC on 4 May 2024. " + "x" * 10_000 + " <b>end</b>\n"
)
READY = "html[data-ready]"
# The least contrast of any visible text with what is behind it, colours laid over each other as they are on the screen.
CONTRAST = """
() => {
  const parse = (c) => { const n = c.match(/[\\d.]+/g).map(Number); return c.startsWith("color(srgb")
    ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (top, below) => [0, 1, 2].map((k) => top[k] * top[3] + below[k] * (1 - top[3]));
  const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest("svg, noscript, select")) continue;
    const chain = [];
    for (let at = node; at; at = at.parentElement) chain.unshift(at);
    let ground = [255, 255, 255], opacity = 1;
    for (const at of chain) {
      const style = getComputedStyle(at);
      ground = over(parse(style.backgroundColor), ground);
      opacity *= Number(style.opacity);
    }
    const ink = parse(getComputedStyle(node).color);
    const shown = over([ink[0], ink[1], ink[2], ink[3] * opacity], ground);
    const [a, b] = [light(shown), light(ground)].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), node.className || node.tagName, node.textContent.slice(0, 30)]);
  }
  return found.sort((x, y) => x[0] - y[0])[0];
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        lacking("no Chromium on this machine")
    with launched(str(path)) as found:
        yield found


@pytest.fixture(scope="module")
def samples() -> list[Incident]:
    return [i for p in sorted(SAMPLES.iterdir()) for i in incidents(read(p, name=p.name))]


@pytest.fixture(scope="module")
def page(samples: list[Incident], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    texts = [*incidents(read_text(HOSTILE)), *incidents(read_text(LONG))]
    path.write_text(report([*samples, *texts], name="samples"), encoding="utf-8")
    return path


@pytest.fixture
def view(browser: Browser, page: Path) -> Iterator[View]:
    """Opens the page; afterwards nothing may have been complained of, and nothing asked for."""
    complaints: list[str] = []
    asked: list[str] = []
    opened = []

    def open_page(anchor: str = "", path: Path = page, **settings: Any) -> Page:
        context = browser.new_context(**settings)
        shown = context.new_page()
        opened.append(context)
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(path.as_uri() + anchor)
        if "report" in path.name:
            shown.wait_for_selector(READY, state="attached")
        return shown

    yield open_page
    for context in opened:
        context.close()
    assert not complaints
    assert all(url.startswith(("file:", "blob:")) for url in asked), asked
    assert len([url for url in asked if url.startswith("file:")]) == len(opened)


def _rows(shown: Page) -> list[str]:
    return shown.locator("#rows .what a").all_inner_texts()


def _focused(shown: Page) -> str:
    return str(shown.evaluate("document.activeElement.textContent || document.activeElement.name"))


def test_search_filter_open_and_follow_a_fact_by_keyboard(view: View) -> None:
    shown = view()
    everything = len(_rows(shown))
    shown.keyboard.press("/")
    shown.keyboard.type("certificate")
    titles = _rows(shown)
    assert 0 < len(titles) < everything
    assert f"{len(titles)} of" in shown.inner_text("#count")

    shown.keyboard.press("ArrowDown")
    assert _focused(shown) == titles[0]
    if len(titles) > 1:
        shown.keyboard.press("ArrowDown")
        assert _focused(shown) == titles[1]
        shown.keyboard.press("ArrowUp")
    shown.keyboard.press("Enter")
    shown.wait_for_selector("#single:not([hidden])")
    assert _focused(shown) == titles[0]
    assert shown.url.partition("#")[2].startswith("incident=")

    for _ in range(12):
        shown.keyboard.press("Tab")
        if shown.evaluate("Boolean(document.activeElement.closest('.pm-facts'))"):
            break
    fact = _focused(shown)
    shown.keyboard.press("Enter")
    shown.wait_for_selector("mark.pm-on")
    marked = "".join(shown.locator("mark.pm-on").all_inner_texts())
    assert fact[:12] in marked
    assert shown.evaluate(
        "(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('.pm-on').getBoundingClientRect())"
    )
    assert "&at-" in shown.url

    shown.keyboard.press("Escape")
    shown.wait_for_selector("#single", state="hidden")
    assert _focused(shown) == titles[0]
    assert _rows(shown) == titles  # the search is as it was


def test_filters_sort_and_clear(view: View) -> None:
    shown = view()
    everything = len(_rows(shown))
    shown.select_option("select[name=category]", "database")
    shown.select_option("select[name=detection]", "monitoring")
    cells = shown.locator("#rows tr").all_inner_texts()
    assert cells
    assert all("database" in c and "monitoring" in c for c in cells)
    assert "category=database" in shown.url
    shown.click("#reset")
    assert len(_rows(shown)) == everything
    shown.click("th[data-sort=duration] button")
    lengths = shown.evaluate("[...document.querySelectorAll('#rows tr')].map(r => r.cells[2].textContent)")
    assert shown.get_attribute("th[data-sort=duration]", "aria-sort") == "descending"
    assert "d" in lengths[0] or "h" in lengths[0]
    assert lengths[-1] == "–"  # what is not said comes last, whichever way
    shown.click("th[data-sort=duration] button")
    assert shown.inner_text("#rows tr:last-child td:nth-child(3)") == "–"
    assert "sort=duration" in shown.url


def test_a_link_opens_what_it_was_copied_from(view: View, samples: list[Incident]) -> None:
    incident = next(i for i in samples if i.source.path == "payments-certificate.md")
    shown = view(f"#incident={incident.id}&at-1")
    assert incident.title is not None
    assert shown.inner_text("#single-title") == incident.title.text
    assert shown.locator("mark.pm-on").count()
    shown = view("#status=empty")
    assert _rows(shown) == ["empty.txt"]
    shown = view("#incident=nothing")
    assert len(_rows(shown)) > 30


def test_back_and_forth(view: View) -> None:
    shown = view()
    shown.click("#rows tr:nth-child(3)")
    shown.wait_for_selector("#single:not([hidden])")
    first = shown.inner_text("#single-title")
    shown.keyboard.press("n")
    shown.wait_for_function("t => document.querySelector('#single-title').textContent !== t", arg=first)
    shown.keyboard.press("p")
    shown.wait_for_function("t => document.querySelector('#single-title').textContent === t", arg=first)
    shown.go_back()
    shown.go_back()
    shown.go_back()
    shown.wait_for_selector("#single", state="hidden")


def test_a_mark_in_a_plot_leads_to_its_incidents(view: View) -> None:
    shown = view()
    marks = shown.locator("#plot-durations .for-wide a[href]").all()
    mark = next(m for m in marks if (box := m.bounding_box()) and box["width"] > 5)
    href = mark.get_attribute("href") or ""
    mark.click()
    name = href.removeprefix("#set=durations:")
    shown.wait_for_selector("#picked button")
    rows = shown.locator("#rows tr").all_inner_texts()
    assert rows
    assert all(name.replace("_", " ") in row for row in rows)
    assert shown.locator("#table-title").is_visible()
    assert "Duration" in shown.inner_text("#picked")
    shown.click("#rows tr")
    shown.wait_for_selector("#single:not([hidden])")
    shown.keyboard.press("Escape")
    shown.wait_for_selector("#single", state="hidden")
    assert shown.locator("#rows tr").all_inner_texts() == rows
    shown.click("#picked button")
    assert len(_rows(shown)) > len(rows)


def test_a_row_of_a_plots_table_leads_to_its_incidents_by_keyboard(view: View) -> None:
    shown = view()
    shown.focus("#plot-coverage summary")
    shown.keyboard.press("Enter")
    shown.focus("#plot-coverage tbody tr:last-child a")
    shown.keyboard.press("Enter")
    shown.wait_for_selector("#picked button")
    said = shown.inner_text("#plot-coverage tbody tr:last-child td:nth-child(2)")
    assert len(_rows(shown)) == int(said)


def test_a_hostile_report_is_text(view: View) -> None:
    shown = view("#q=hostile.md")
    assert len(_rows(shown)) == 2
    for title in _rows(shown):
        shown.locator("#rows a", has_text=title).click()
        shown.wait_for_selector("#single:not([hidden])")
        if "script" in title:
            text = shown.inner_text(".pm-text")
            assert "<script>window.owned=1</script>" in text
            assert "U+202E" in text
            assert "<!--" in text
        assert (
            shown.evaluate("document.querySelectorAll('#single script, #single iframe, #single img').length")
            == 0
        )
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown.keyboard.press("Escape")
        shown.wait_for_selector("#single", state="hidden")
    assert shown.evaluate("window.owned") is None


def test_nothing_that_slips_in_can_run(browser: Browser, page: Path) -> None:
    """The policy holds even where escaping would fail."""
    shown = browser.new_page()
    shown.goto(page.as_uri())
    shown.wait_for_selector(READY, state="attached")
    shown.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.owned=1\">')")
    shown.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.owned=2'}))"
    )
    shown.wait_for_timeout(200)
    assert shown.evaluate("window.owned") is None
    shown.close()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_telephone_scrolls_one_way_only(view: View, width: int, samples: list[Incident]) -> None:
    shown = view(viewport={"width": width, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown = view(f"#incident={samples[5].id}", viewport={"width": width, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.locator(".pm-text").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(view: View, scheme: str, samples: list[Incident]) -> None:
    incident = next(i for i in samples if i.source.path == "payments-certificate.md")
    for anchor in ("", f"#incident={incident.id}&at-1"):
        shown = view(anchor, color_scheme=scheme)
        least = shown.evaluate(CONTRAST)
        assert least[0] >= 4.5, least
    dark = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (json.loads(dark.replace("rgb(", "[").replace(")", "]"))[0] < 60) == (scheme == "dark")


@pytest.mark.parametrize(
    ("paper", "ink"), [("#ffffff", "#212121"), ("#111111", "#e0e0e0"), ("#1f1f1f", "#cccccc")]
)
def test_contrast_in_a_notebook(view: View, tmp_path: Path, paper: str, ink: str) -> None:
    html = incident_html(postmortem.parse(SAMPLES / "payments-certificate.md"))
    path = tmp_path / "notebook.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><body style="background:{paper};color:{ink}">{html}',
        encoding="utf-8",
    )
    shown = view(path=path, java_script_enabled=True)
    least = shown.evaluate(CONTRAST)
    assert least[0] >= 4.5, least


def test_without_script_a_notebook_shows_everything(view: View, tmp_path: Path) -> None:
    path = tmp_path / "notebook.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8>{incident_html(postmortem.parse(HOSTILE))}", encoding="utf-8"
    )
    shown = view(path=path, java_script_enabled=False)
    shown.locator(".pm-facts a").first.click()
    assert "window.owned=1" in shown.inner_text(".pm-text")


def test_print_shows_every_row_and_no_controls(view: View, samples: list[Incident]) -> None:
    shown = view(color_scheme="dark")
    shown.emulate_media(media="print")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(_rows(shown)) == len(samples) + 2
    assert not shown.locator("#filters").is_visible()
    assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert shown.pdf()[:4] == b"%PDF"


def test_a_browser_that_cannot_unpack_is_told(browser: Browser, page: Path) -> None:
    context = browser.new_context()
    context.add_init_script("delete window.DecompressionStream")
    shown = context.new_page()
    shown.goto(page.as_uri())
    shown.wait_for_selector("#trouble:not([hidden])")
    assert "too old" in shown.inner_text("#trouble")
    context.close()


def test_two_thousand_incidents_are_usable_soon(view: View, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(page_of_many()[0], encoding="utf-8")
    assert min(_seconds_to_search(view, path) for _ in range(2)) < 3
    shown = view(path=path)
    shown.click("#rows tr")
    shown.wait_for_selector("#single:not([hidden]) .pm-line")


def _seconds_to_search(view: View, path: Path) -> float:
    began = time.perf_counter()
    shown = view(path=path)
    shown.fill("#q", "certificate")
    assert "of 2,000 incidents" in shown.inner_text("#count")
    return time.perf_counter() - began
