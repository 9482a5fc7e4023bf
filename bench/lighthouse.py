"""What Lighthouse says of five pages of the built site, and how much each page of it weighs: bench/site.md.

Run it with `make bench-site`, on a quiet machine. It needs node, npm and Chromium; npm fetches the version of
Lighthouse named here into its own cache.
"""

from __future__ import annotations

import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

SITE = Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html").resolve()
RESULTS = Path(__file__).with_name("site.md")
LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
PAGES = [
    "book/index.html",
    "book/summary.html",
    "notebooks/municipal_survey.html",
    "notebooks/three_cases.html",
    "book/published_numbers.html",
]
AIM = 95
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TEXT = {".html", ".css", ".js", ".svg"}
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
)


class Host(http.server.SimpleHTTPRequestHandler):
    """The site as hosts send it: text compressed, everything kept for an hour."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A file, or the page that says there is none."""
        path = Path(self.translate_path(self.path))
        found = path.is_file()
        path = path if found else SITE / "404.html"
        content = path.read_bytes()
        self.send_response(200 if found else 404)
        self.send_header(
            "Content-Type", self.guess_type(str(path)) + "; charset=utf-8" * (path.suffix in TEXT)
        )
        self.send_header("Cache-Control", "max-age=3600")
        if path.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the table is what is asked for."""


def scores(address: str, chromium: str) -> dict[str, int]:
    """Lighthouse's scores of a page on a simulated slow phone, 0 to 100."""
    run = subprocess.run(
        [
            "npx",
            "--yes",
            LIGHTHOUSE,
            address,
            "--quiet",
            "--output=json",
            f"--chrome-flags={FLAGS}",
            f"--only-categories={','.join(CATEGORIES)}",
        ],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "CHROME_PATH": chromium},
    )
    report = json.loads(run.stdout)
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] != "informative":
            print(f"    {audit['id']}: {audit.get('displayValue', audit['title'])}")
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}


def weight(page: Path) -> int:
    """Bytes of a page with all that its HTML and style sheets name, text compressed."""
    html = page.read_text(encoding="utf-8")
    files = {
        page,
        *_named(
            page,
            re.findall(
                r'<(?:link rel="(?:stylesheet|icon)"[^>]*? href|(?:script|img)[^>]*? src)="([^"]+)"', html
            ),
        ),
    }
    for sheet in [file for file in files if file.suffix == ".css"]:
        files |= _named(sheet, re.findall(r'url\("?([^")]+)', sheet.read_text(encoding="utf-8")))
    return sum(
        len(gzip.compress(file.read_bytes()) if file.suffix in TEXT else file.read_bytes()) for file in files
    )


def _named(base: Path, names: list[str]) -> set[Path]:
    paths = {(base.parent / name.split("?")[0]).resolve() for name in names}
    return {path for path in paths if path.is_file()}


def record(weights: dict[str, int], found: dict[str, dict[str, int]], browser: str) -> str:
    """Both tables, in Markdown."""
    lines = [
        "# The site in a browser",
        "",
        f"{LIGHTHOUSE}, {browser}, its simulated slow phone. The aim is {AIM} in all.",
        "",
        f"| page | {' | '.join(CATEGORIES)} |",
        f"|---|{'---:|' * len(CATEGORIES)}",
        *(f"| {page} | {' | '.join(map(str, scores.values()))} |" for page, scores in found.items()),
        "",
        "All that a page asks for on a first visit, text compressed by gzip. The aim is under 500 kB, and "
        "under 200 kB for the front page.",
        "",
        "| page | kB |",
        "|---|---:|",
        *(f"| {page} | {size / 1000:.0f} |" for page, size in weights.items()),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Write both tables to bench/site.md, and print what Lighthouse objects to; 1 when an aim is missed."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not chromium or not shutil.which("npx"):
        print("Lighthouse needs Chromium and npx; one of them is missing.")
        return 2
    browser = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True).stdout
    pages = sorted(path for path in SITE.rglob("*.html") if "_static" not in path.parts)
    weights = {path.relative_to(SITE).as_posix(): weight(path) for path in pages}
    found = {}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(SITE))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in PAGES:
            print(page, flush=True)
            found[page] = scores(f"http://127.0.0.1:{server.server_port}/{page}", chromium)
        server.shutdown()
    RESULTS.write_text(record(weights, found, " ".join(browser.split()[:2])), encoding="utf-8")
    print(f"Written to {RESULTS.name}.")
    light = max(weights.values()) < 500_000 and weights[PAGES[0]] < 200_000
    return int(not light or min(score for page in found.values() for score in page.values()) < AIM)


if __name__ == "__main__":
    sys.exit(main())
