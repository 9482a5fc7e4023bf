"""A reader's browser: Chromium without a window, on the built site."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from browser.pages import WIDE

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Nothing that Chromium does for itself may look like something that a page does.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]

Opener = Callable[..., Page]


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


class _Files(http.server.SimpleHTTPRequestHandler):
    """The files of a folder; 404.html for any other address, as static hosts do."""

    def send_error(self, code: int, *rest: object) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code)
            return
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of the built site: the book of all tests, or what `--site` names."""
    if given := request.config.getoption("--site"):
        return Path(given).resolve()
    build = request.getfixturevalue("book")
    assert build.status == 0, build.output
    return build.html


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """The address of the site on a server of its own, ending in a slash."""
    with _Server(("127.0.0.1", 0), partial(_Files, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, once for all tests; without one they are skipped."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(CHROMIUM)}): browser tests not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Opener]:
    """Open a page of the site as a reader does; whatever goes wrong on it fails the test.

    `visit("book/summary.html", width=PHONE, scheme="dark")` gives Playwright's page. Further options are
    those of `Browser.new_context`. A request to any other host is refused, and fails the test, as do an
    error of a script and a file that is missing.
    """
    wrong: list[str] = []
    contexts = []

    def refuse_others(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("http", "https") and not route.request.url.startswith(site):
            wrong.append(f"asked another host: {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def visit(
        name: str = "book/index.html",
        *,
        width: int = WIDE,
        height: int = 900,
        scheme: str = "light",
        base: str = site,
        **options: object,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="nb-NO",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.route("**/*", refuse_others)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on(
            "console",
            lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None,
        )
        page.goto(base + name)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)
