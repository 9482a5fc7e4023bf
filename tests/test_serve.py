"""The live preview: changes come, faults are told with file and line, the last good page stays."""

from __future__ import annotations

import re
import subprocess
import urllib.error
from pathlib import Path

import pytest

from frivillig.data import ROOT
from frivillig.site import _saved
from projects import copy_project
from serving import Preview

CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Kapittel {name}

Et kapittel med én celle.

```{{code-cell}} ipython3
with open(r"{log}", "a") as log:
    log.write("{name} ")
print("celle nummer en")
```
"""


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory):
    """The preview of a book with one page, the list of numbers, a chapter and an appendix."""
    project = copy_project(tmp_path_factory.mktemp("serve"))
    for path in (*(project / "notebooks").glob("*.md"), *(project / "book").glob("*.md")):
        path.unlink()
    (project / "book" / "numbers.md").write_text(
        "# Tallene\n\n```{published-statistics}\n```\n", encoding="utf-8"
    )
    log = project / "executed.txt"
    for name in ("A", "B"):
        chapter = CHAPTER.format(name=name, log=log)
        (project / "notebooks" / f"{name.lower()}.md").write_text(chapter, encoding="utf-8")
    (project / "book" / "page.md").write_text(
        "# Siden\n\nEn god setning.\n{stat}`municipal.source.centre.pct` har det.\n", encoding="utf-8"
    )
    (project / "_toc.yml").write_text(
        "format: jb-book\nroot: book/page\nparts:\n"
        "  - chapters:\n      - file: book/numbers\n      - file: notebooks/a\n"
        "  - numbered: 1\n    style: alphaupper\n    chapters:\n      - file: notebooks/b\n",
        encoding="utf-8",
    )
    with Preview(project) as started:
        yield started


def test_whatever_make_builds_the_site_from_is_watched():
    rules = subprocess.run(
        ["make", "--print-data-base", "--dry-run", "html"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    found = {
        name
        for target in ("html", "data")
        for rule in rules.splitlines()
        if rule.startswith(f"_build/.stamps/{target}: ")
        for name in rule.split()[1:]
    }
    files = {name for name in found if not name.startswith(("_build/", ".venv/"))}
    assert {"CITATION.cff", "book/index.md", "data/datapackage.yaml"} <= files
    assert files <= {str(file.relative_to(ROOT)) for file in _saved()}


def executed(preview: Preview) -> str:
    return (Path(preview.project) / "executed.txt").read_text(encoding="utf-8")


def test_the_first_build_is_the_only_one_until_something_is_saved(preview):
    with pytest.raises(TimeoutError):
        preview.outcome(timeout=2)


def test_a_change_of_prose_is_on_the_page_and_executes_nothing(preview):
    before = executed(preview)
    appendix = Path(preview.project) / "_build" / "work" / "_build" / "html" / "notebooks" / "b.html"
    written = appendix.stat().st_mtime_ns
    preview.change("book/page.md", "En god setning.", "En bedre setning.")
    published, _, said = preview.outcome()
    assert published, said
    assert "En bedre setning." in preview.page("book/page.html")
    assert "EventSource('/.published')" in preview.page("book/page.html")
    assert executed(preview) == before
    assert '<span class="section-number">A </span>' in preview.page("notebooks/b.html")
    assert appendix.stat().st_mtime_ns == written, "no number of it changed"


def test_an_address_that_does_not_exist_shows_the_page_of_the_book(preview):
    with pytest.raises(urllib.error.HTTPError) as missing:
        preview.page("book/no_such_page.html")
    assert missing.value.code == 404
    text = missing.value.read().decode()
    assert "Siden finnes ikke" in text and "Error response" not in text
    assert "EventSource('/.published')" in text, "it is there as soon as it is written"


def test_a_changed_cell_executes_its_own_notebook_only(preview):
    before = executed(preview)
    preview.change("notebooks/a.md", "celle nummer en", "celle nummer to")
    published, _, said = preview.outcome()
    assert published, said
    assert "celle nummer to" in preview.page("notebooks/a.html")
    assert executed(preview) == before + "A "


def test_faults_are_told_with_their_place_and_the_last_good_pages_stay(preview):
    shown = {name: preview.page(f"{name}.html") for name in ("book/page", "notebooks/b")}
    preview.change("notebooks/b.md", 'print("celle', 'prnt("celle')
    published, _, said = preview.outcome()
    assert not published
    assert re.search(r"notebooks/b\.md:\d+: ERROR: NameError: name 'prnt' is not defined\n +prnt\(", said)
    preview.change("notebooks/b.md", 'prnt("celle', 'print("celle')
    preview.outcome()
    preview.change("book/page.md", "centre.pct", "center.pct")
    published, _, said = preview.outcome()
    assert not published
    assert "book/page.md:3: ERROR: unknown statistic 'municipal.source.center.pct'; nearest:" in said
    assert {name: preview.page(f"{name}.html") for name in shown} == shown
    preview.change("book/page.md", "center.pct", "centre.pct")
    published, _, said = preview.outcome()
    assert published, said
