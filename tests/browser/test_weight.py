"""How much a page asks a reader's line to carry."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

import pytest

from browser.pages import PAGES

FRONT, ANY = 200_000, 500_000  # bytes
TEXT = (".html", ".css", ".js", ".svg")


def transferred(chromium, site, folder, name: str) -> dict[str, int]:
    """Bytes of each file that a page loads to its end, text compressed as hosts send it."""
    asked = set()
    page = chromium.new_page()
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    page.goto(site + name)
    page.evaluate("document.querySelectorAll('img').forEach((image) => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    page.close()
    sizes = {}
    for path in asked:
        content = (folder / path.lstrip("/")).read_bytes()
        sizes[path] = len(gzip.compress(content, 6) if path.endswith(TEXT) else content)
    return sizes


# The first page, and what was the heaviest.
FAST = ("book/index.html", "notebooks/municipal_survey.html", "search.html?q=frivillige")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in FAST else pytest.mark.slow) for name in PAGES]
)
def test_no_page_is_heavy(chromium, site, folder, name):
    sizes = transferred(chromium, site, folder, name)
    assert f"/{name.split('?')[0]}" in sizes and "/_static/frame.css" in sizes
    total = sum(sizes.values())
    assert total < (FRONT if name == "book/index.html" else ANY), sorted(
        sizes.items(), key=lambda item: -item[1]
    )[:5]
