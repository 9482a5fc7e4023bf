"""Build beside the published site, publish what is whole, and show the author each saved change.

Jupyter Book works in _build/work. `_build/html` is a link, turned to a finished copy in one step: a reader
sees the last whole site or the new one, never a part, whenever a build fails or is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.server
import importlib
import io
import os
import re
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

from frivillig import warm
from frivillig.data import ROOT, chosen_folder, digest
from frivillig.lint import contents

BUILD = ROOT / "_build"
WORK = BUILD / "work"
SITE = BUILD / "html"
PDF = "frivillig-innsats.pdf"
SOURCES = ("book", "notebooks", "data", "src", "_config.yml", "_toc.yml", "CITATION.cff", "LICENSE")
# What the preview adds to each page that it serves; nothing of it is in the files.
RELOAD = b"<script>new EventSource('/.published').onmessage = () => location.reload()</script>"


def build(builder: str = "html", *, quiet: bool = False) -> None:
    """Run Jupyter Book with every warning an error; with `html` the site is published.

    Raises:
        SystemExit: after a warning, or when the book cannot be built at all; both are told on stderr.
    """
    if remarks := sorted(contents(ROOT)):
        sys.exit("\n".join(map(str, remarks)))
    arguments = [str(ROOT), "--path-output", str(WORK), "-W", "-n", "--keep-going"]
    arguments += [] if builder == "html" else ["--builder", "custom", "--custom-builder", builder]
    arguments += ["--quiet"] if quiet else []
    try:
        with _working(), warm.waiting():
            _run(arguments, quiet=quiet)
            if builder == "html":
                publish()
    except OSError as problem:
        # A full disk or a folder that cannot be written.
        place = f"{problem.filename}: " if problem.filename else ""
        sys.exit(f"{place}{problem.strerror}; the last good site stays")


def _run(arguments: list[str], *, quiet: bool) -> None:
    """Run `jupyter-book build`; SystemExit when it told of faults, OSError when the machine is the cause."""
    from jupyter_book.cli.main import build as jupyter_book

    try:
        with contextlib.redirect_stdout(io.StringIO() if quiet else sys.stdout):
            jupyter_book.main(arguments, standalone_mode=False)
    except RuntimeError as problem:
        # From whatever part of Sphinx, in whatever process: only the words are the same.
        if found := re.search(r"\[Errno (\d+)\] [^:\n]*(?:: '([^'\n]+)')?", str(problem.__cause__)):
            code = int(found[1])
            raise OSError(code, os.strerror(code), found[2]) from problem
        sys.exit(str(problem))


@contextlib.contextmanager
def _working() -> Iterator[None]:
    """One build at a time; after one that was killed, nothing that it may have half written is used."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unfinished = WORK / ".unfinished"
        if unfinished.exists():
            shutil.rmtree(WORK)
            WORK.mkdir()
        unfinished.touch()
        _forget_other_answers()
        half_written = False
        try:
            yield
        except OSError:
            half_written = True
            raise
        finally:
            if not half_written:
                unfinished.unlink()


def _forget_other_answers() -> None:
    """Remove pages, downloads and PDF made of other answers: a changed rule may withhold what they show."""
    built_from = WORK / ".answers"
    state = digest()
    if state or (built_from.exists() and built_from.read_text(encoding="utf-8")):
        for folder in ("html", "jupyter_execute", "typst"):
            shutil.rmtree(WORK / "_build" / folder, ignore_errors=True)
    built_from.write_text(state, encoding="utf-8")


def publish() -> None:
    """Turn `_build/html` to a copy of the finished site, together with the PDF where there is one."""
    sites = BUILD / "sites"
    new, link = sites / str(time.time_ns()), sites / "new"

    def copy(source: str | Path, target: str | Path) -> None:
        """What is as it was becomes a second name of the same file; a time and a size can deceive."""
        published = SITE / os.path.relpath(target, new)
        if published.is_file() and published.read_bytes() == Path(source).read_bytes():
            os.link(published, target)
        else:
            shutil.copy2(source, target)

    # What Sphinx notes for itself differs from folder to folder.
    leave = shutil.ignore_patterns(".buildinfo")
    shutil.copytree(WORK / "_build" / "html", new, ignore=leave, copy_function=copy)
    pdf = WORK / "_build" / "typst" / PDF
    if pdf.exists():
        copy(pdf, new / PDF)
    link.unlink(missing_ok=True)
    link.symlink_to(Path("sites") / new.name)
    if SITE.is_dir() and not SITE.is_symlink():
        shutil.rmtree(SITE)
    link.replace(SITE)
    for old in sites.iterdir():
        if old != new:
            shutil.rmtree(old)


# ── The preview ──────────────────────────────────────────────────────────────────────────────────


def serve(port: int) -> None:
    """Serve the site, and build and reload it at each saved change, until interrupted.

    What is wrong is told in the terminal, with file and line, and the last good site stays. A build runs
    in a process that forks from this one, which has imported all that a build needs.
    """
    for module in ("jupyter_book.cli.main", "jupyter_book.sphinx", "myst_nb.sphinx_ext", "frivillig.sphinx"):
        importlib.import_module(module)
    server = _in_child(partial(_serve_pages, port, os.getpid()))
    print(f"http://localhost:{port}", flush=True)
    try:
        seen: dict[Path, int] = {}
        while True:
            now = _saved()
            changed = {path for path in seen.keys() | now.keys() if seen.get(path) != now.get(path)}
            if seen and any(path.is_relative_to(ROOT / "src") for path in changed):
                os.kill(server, 15)
                os.waitpid(server, 0)
                os.execv(sys.executable, [sys.executable, "-m", "frivillig", "serve", "--port", str(port)])
            if changed:
                _rebuild()
            seen = now
            time.sleep(0.2)
    except KeyboardInterrupt:
        print()


def _saved() -> dict[Path, int]:
    """When each source was last saved."""
    files: list[Path] = []
    answers = chosen_folder()
    for path in [*(ROOT / name for name in SOURCES), *([answers] if answers else [])]:
        files += [path] if path.is_file() else (file for file in path.rglob("*.*") if file.is_file())
    # Sphinx itself writes the compiled translations (.mo) among the sources.
    sources = (file for file in files if "__pycache__" not in file.parts and file.suffix != ".mo")
    return {file: file.stat().st_mtime_ns for file in sources}


def _rebuild() -> None:
    start = time.monotonic()
    _, status = os.waitpid(_in_child(_check_and_build), 0)
    outcome = "the last good site stays" if status else "published"
    print(f"{time.strftime('%H:%M:%S')} {outcome}, {time.monotonic() - start:.1f} s", flush=True)


def _check_and_build() -> None:
    # A check of all data takes longer than a build; make knows whether it is needed.
    if subprocess.run(["make", "--silent", "check-data"], cwd=ROOT).returncode:
        sys.exit(1)
    build(quiet=True)


def _in_child(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except KeyboardInterrupt:
        pass
    except SystemExit as problem:
        if isinstance(problem.code, str):
            print(problem.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _serve_pages(port: int, parent: int) -> None:
    with http.server.ThreadingHTTPServer(("localhost", port), _Pages) as server:
        # Called twice a second: the server ends with the process that builds.
        server.service_actions = lambda: os.getppid() == parent or os._exit(0)
        server.serve_forever()


class _Pages(http.server.SimpleHTTPRequestHandler):
    """The published site, whichever it is when a page is asked for."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, directory=str(SITE))

    def do_GET(self) -> None:
        """A page with the script that reloads it, the news of a published site, or another file."""
        path = Path(self.translate_path(self.path))
        if self.path == "/.published":
            self._tell_news()
        elif path.suffix == ".html" and path.is_file():
            self._send(HTTPStatus.OK, path)
        else:
            super().do_GET()

    def _tell_news(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        shown = SITE.readlink()
        with contextlib.suppress(OSError):
            while SITE.readlink() == shown:
                self.wfile.write(b":\n\n")  # fails, and so ends, when the page is gone
                time.sleep(0.1)
            self.wfile.write(b"data: published\n\n")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The book's own page for an address that does not exist, as hosts show it."""
        page = SITE / "404.html"
        if code == HTTPStatus.NOT_FOUND and page.is_file():
            self._send(HTTPStatus.NOT_FOUND, page)
        else:
            super().send_error(code, message, explain)

    def _send(self, status: HTTPStatus, page: Path) -> None:
        content = page.read_bytes() + RELOAD
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal is for what the author must mend."""
