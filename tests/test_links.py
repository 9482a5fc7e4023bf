"""The check of links to other sites, which CI runs each week."""

from __future__ import annotations

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from conftest import build_book
from frivillig.data import ROOT
from frivillig.sphinx.references import _record


class Pages(BaseHTTPRequestHandler):
    """A site where one page is gone."""

    def do_GET(self):
        self.send_response(404 if "borte" in self.path else 200)
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the names are those of the standard library

    def log_message(self, *_):
        pass


def test_a_link_to_what_is_gone_fails_and_is_named(tmp_path):
    shutil.copy(ROOT / "_config.yml", tmp_path)
    shutil.copytree(ROOT / "book" / "_static", tmp_path / "book" / "_static")
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "book")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/page\n", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}"
        page = f"# A\n\nHer er [en side]({site}/her).\nDer var [en til]({site}/borte).\n"
        (tmp_path / "book" / "page.md").write_text(page, encoding="utf-8")
        build = build_book(tmp_path, tmp_path, "--builder", "custom", "--custom-builder", "linkcheck")
        server.shutdown()
    assert build.status != 0
    listed = (tmp_path / "_build" / "linkcheck" / "output.txt").read_text(encoding="utf-8").splitlines()
    assert len(listed) == 1
    assert listed[0].startswith(f"book/page.md:3: [broken] {site}/borte: 404")


def test_a_doi_is_asked_for_whether_it_is_registered():
    assert _record(None, "https://doi.org/10.1000/182") == "https://doi.org/api/handles/10.1000/182"
    assert _record(None, "https://example.org/10.1000/182") is None
