"""What CONTRIBUTING.md and docs/ show works, and what they list is what the code says."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from conftest import build_book
from frivillig.audit import audit
from frivillig.audit.findings import Verdict
from frivillig.audit.reading import read_spine
from frivillig.data import ROOT, check_package, read_statistics
from frivillig.lint import lint
from frivillig.notebooks import new_chapter
from messages import messages
from projects import replace

DOCUMENTS = ("CONTRIBUTING.md", "docs/style.md", "docs/messages.md")
CONTRIBUTING, STYLE, MESSAGES = ((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS)
GUIDES = CONTRIBUTING + STYLE


def snippets(kind: str) -> list[str]:
    return [match[2] for match in re.finditer(rf"^(```+){kind}\n(.*?)^\1$", GUIDES, re.M | re.S)]


GOOD = snippets("md")
RULES = sorted(set(re.findall(r"^````md (\S+)$", GUIDES, re.M)))
BAD = [(rule, text) for rule in RULES for text in snippets(f"md {rule}")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a new chapter and the work that CONTRIBUTING.md adds."""
    for name in ("_toc.yml", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("book", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "notebooks").mkdir()
    new_chapter("new_chapter", tmp_path)
    with (tmp_path / "book" / "references.bib").open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(snippets("bibtex")))
    return tmp_path


def test_the_good_examples_are_good_text_and_build(project):
    page = project / "notebooks" / "new_chapter.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n" + "\n".join(GOOD), encoding="utf-8")
    assert len(GOOD) >= 11
    assert [str(remark) for remark in lint(project) if remark.file == str(page)] == []
    (project / "_toc.yml").write_text(
        "format: jb-book\nroot: notebooks/new_chapter\nchapters:\n"
        "  - file: book/published_numbers\n  - file: book/references\n",
        encoding="utf-8",
    )
    built = build_book(project, project)
    shown = (built.html / "notebooks" / "new_chapter.html").read_text(encoding="utf-8")
    for name in ("fig-new-chapter", "fig-example", "tab-example", "sec-example"):
        assert f'id="{name}"' in shown
    faults = [line for line in built.output.splitlines() if "new_chapter.md" in line and "WARNING" in line]
    assert faults == []


@pytest.mark.parametrize(("rule", "text"), BAD, ids=[rule for rule, _ in BAD])
def test_the_linter_finds_what_is_wrong_with_a_bad_example(project, rule, text):
    page = project / "notebooks" / "new_chapter.md"
    before = page.read_text(encoding="utf-8") + "\n"
    page.write_text(before + text, encoding="utf-8")
    (remark,) = [remark for remark in lint(project) if remark.file == str(page)]
    assert remark.rule == rule and remark.line > before.count("\n")


def test_bad_examples_show_most_rules():
    assert {rule for rule, _ in BAD} >= {"typed-number", "two-sentences", "spelling", "term", "missing-alt"}


def test_the_row_that_is_shown_fits_the_spine(project):
    (row,) = snippets("csv")
    spine, package = (project / "data" / name for name in ("published/statistics.csv", "datapackage.yaml"))
    # Among the rows of its chapter.
    rows = spine.read_text(encoding="utf-8")
    place = rows.index("municipal.source.centre.pct,")
    spine.write_text(rows[:place] + row + rows[place:], encoding="utf-8")
    number = len(read_statistics())
    replace(package, f"rows: {number}", f"rows: {number + 1}")
    assert [str(fault) for fault in check_package(package)] == []
    replace(spine, row, row.replace("target", "goal"))
    assert len(check_package(package)) == 1


@pytest.mark.parametrize("mark", [",", ";"])
def test_the_report_that_is_audited_as_an_example_gives_the_findings_that_are_listed(tmp_path, mark):
    """With semicolons, CRLF and a byte order mark too, as a Norwegian spreadsheet saves it."""
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    rows = list(csv.reader(re.search(r"^```csv audit\n(.*?)^```$", text, re.M | re.S)[1].splitlines()))
    assert len(rows) == 11
    with (tmp_path / "numbers.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows)
    found = [f.id for f in audit(read_spine(tmp_path / "numbers.csv")) if f.verdict != Verdict.CONSISTENT]
    assert found == re.findall(r"^\| `([a-z.]+)` \|", text, re.M)


def test_every_message_is_listed_with_its_remedy_and_none_that_is_not_said():
    rows = re.findall(r"^\| (`+)(.+?)\1 \| (.+) \|$", MESSAGES, re.M)
    listed = {message.replace("\\|", "|").strip() for _, message, remedy in rows if len(remedy) > 8}
    said = messages()
    missing = {f"{file}: {message}" for message, file in said.items() if message not in listed}
    assert not missing, "add to docs/messages.md, each with its remedy:\n" + "\n".join(sorted(missing))
    assert listed == set(said)


def test_every_rule_of_the_linter_is_met_in_its_tests():
    """A rule that no test provokes could be silent."""
    code = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "src" / "frivillig" / "lint").glob("*.py")
    )
    rules = set(re.findall(r'remark\(\s*[^"]*"([a-z]+(?:-[a-z]+)*)",', code))
    assert len(rules) >= 13
    tests = (ROOT / "tests" / "test_lint.py").read_text(encoding="utf-8")
    assert {rule for rule in rules if f'"{rule}"' not in tests} == set()


@pytest.mark.parametrize("name", ["README.md", "docs/audit.md", *DOCUMENTS])
def test_files_and_commands_that_documents_name_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"^(```+).*?^\1$", "", text, flags=re.M | re.S)
    for link in re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", re.sub(r"`.*`", "", text)):
        assert ((ROOT / name).parent / link).exists(), link
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
