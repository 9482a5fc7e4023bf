"""Builds of the whole book under bad conditions: killed, cut off, full, read-only, tampered with.

Minutes long; `make test-slow` runs them. Those that need a sandbox use bubblewrap and are skipped without it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from frivillig.data import ROOT
from projects import MAKE, copy_project, environment, replace, run
from reading import read
from sameness import plain

pytestmark = pytest.mark.slow
KILLS = 50


def make(project: Path, *targets: str) -> str:
    """What make printed, when it succeeded."""
    done = run(project, *MAKE, *targets)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout + done.stderr


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder with a digest of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with site and PDF; tests that change it copy it first."""
    project = copy_project(tmp_path_factory.mktemp("built") / "book")
    make(project, "book")
    return project


def copy_built(built: Path, folder: Path) -> Path:
    """A copy of a built project, caches and all."""
    shutil.copytree(built, folder, symlinks=True)
    return folder


def test_two_cold_builds_give_the_same_bytes(built: Path, tmp_path: Path):
    other = copy_project(tmp_path / "a folder with another name")
    make(other, "book")
    assert digests(other / "_build" / "html") == digests(built / "_build" / "html")
    assert digests(other / "_build" / "pdf") == digests(built / "_build" / "pdf")
    assert len(digests(built / "_build" / "html")) > 50


def notebooks_that_mention(word: str) -> set[str]:
    return {
        f"notebooks/{page.stem}"
        for page in (ROOT / "notebooks").glob("*.md")
        if word in page.read_text(encoding="utf-8")
    }


ALL = notebooks_that_mention("{code-cell}")


@pytest.mark.parametrize(
    ("name", "old", "new", "executed"),
    [
        ("notebooks/introduction.md", "\n## ", "\nEn setning til.\n\n## ", set()),
        ("book/summary.md", "Funnene.", "Funn.", set()),
        ("src/frivillig/sphinx/mathml.py", '"""', '"""A', set()),
        ("data/cases/evidence.csv", "supports", "qualifies", notebooks_that_mention('"evidence"')),
        ("src/frivillig/statistics/coding.py", '"""', '"""A', notebooks_that_mention("statistics.weigh")),
        ("src/frivillig/display/numbers.py", '"""', '"""A', ALL),
        ("requirements.txt", "babel", "# changed\nbabel", ALL),
    ],
)
def test_a_change_executes_what_depends_on_it(
    built: Path, tmp_path: Path, name: str, old: str, new: str, executed: set[str]
):
    project = copy_built(built, tmp_path / "book")
    replace(project / name, old, new)
    # As authors do it, but without a new virtual environment for a changed lock file.
    done = run(project, ".venv/bin/python", "-m", "frivillig", "build", "html")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    lines = re.findall(r"executing (notebooks.+)$", re.sub(r"\x1b\[[\d;]*m", "", done.stdout), re.MULTILINE)
    assert {name for line in lines for name in line.split(", ")} == executed


def test_a_killed_build_leaves_the_last_good_site(built: Path, tmp_path: Path):
    """Kills at any moment: the site is the old one or the new one, whole; the next build succeeds."""
    project = copy_built(built, tmp_path / "book")
    page, rng = project / "book" / "summary.md", random.Random(2023)
    before = digests(project / "_build" / "html")
    log = []
    for number in range(KILLS):
        page.write_text(
            re.sub(
                r"( Drept \d+ ganger\.)?\n\Z", f" Drept {number} ganger.\n", page.read_text(encoding="utf-8")
            ),
            encoding="utf-8",
        )
        if number % 5 == 0:  # also while notebooks are executed
            shutil.rmtree(project / "_build" / "work")
        start, limit = time.monotonic(), rng.uniform(0.1, 15 if number % 5 == 0 else 6)
        build = subprocess.Popen(
            [*MAKE, "html"],
            cwd=project,
            env=environment(project),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            build.wait(limit)
            ended = "finished"
        except subprocess.TimeoutExpired:
            os.killpg(build.pid, signal.SIGKILL)
            build.wait()
            ended = "killed"
        log.append(f"{number:2d} {ended} after {time.monotonic() - start:4.1f} s")
        now = digests(project / "_build" / "html")
        if now != before:
            # Only a whole new site may stand there: the one that a build from here on also gives.
            make(project, "html")
            assert now == digests(project / "_build" / "html"), log[-1]
        before = now
    print("\n".join(log))
    assert sum("killed" in line for line in log) > KILLS / 2
    make(project, "book")
    clean = copy_project(tmp_path / "clean")
    shutil.copy(page, clean / "book" / "summary.md")
    make(clean, "book")
    assert digests(project / "_build" / "html") == digests(clean / "_build" / "html")


# ── In a sandbox ─────────────────────────────────────────────────────────────────────────────────

needs_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")


def sandboxed(project: Path, *rules: str) -> tuple[str, ...]:
    """bubblewrap's command line: no network, nothing can be written but the project, a home and /tmp."""
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    base = (
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--unshare-net",
        "--tmpfs",
        "/tmp",
    )
    places = (
        "--ro-bind",
        str(ROOT),
        str(ROOT),
        "--bind",
        str(project),
        str(project),
        "--bind",
        str(home),
        str(home),
    )
    return (*base, *places, *rules, "--setenv", "HOME", str(home), "--chdir", str(project))


@needs_sandbox
def test_a_build_needs_no_network_and_writes_nothing_elsewhere(tmp_path: Path):
    project = copy_project(tmp_path / "book")
    done = run(project, *sandboxed(project), *MAKE, "book")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert (project / "_build" / "html" / "frivillig-innsats.pdf").is_file()


@needs_sandbox
def test_the_tests_need_no_network_and_write_nothing_elsewhere(tmp_path: Path):
    project = copy_project(tmp_path / "book")
    for command in ("init --quiet", "add --all"):  # the tests ask git for the files of the project
        run(project, "git", *command.split()).check_returncode()
    done = run(project, *sandboxed(project), *MAKE, "test")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@needs_sandbox
def test_a_full_disk_is_said_and_the_last_good_site_stays(built: Path, tmp_path: Path):
    project = copy_built(built, tmp_path / "book")
    before = digests(project / "_build" / "html")
    replace(project / "book" / "summary.md", "Funnene.", "Funn.")
    shutil.rmtree(project / "_build" / "work")
    (project / "_build" / "work").mkdir()
    full = ("--size", "2000000", "--tmpfs", str(project / "_build" / "work"))
    done = run(project, *sandboxed(project, *full), *MAKE, "html")
    assert done.returncode
    assert "No space left on device" in done.stderr.splitlines()[-2], done.stderr
    assert digests(project / "_build" / "html") == before
    make(project, "html")


@needs_sandbox
def test_a_folder_that_cannot_be_written_is_named(built: Path, tmp_path: Path):
    project = copy_built(built, tmp_path / "book")
    before = digests(project / "_build" / "html")
    replace(project / "book" / "summary.md", "Funnene.", "Funn.")
    shut = ("--ro-bind", str(project / "_build"), str(project / "_build"))
    done = run(project, *sandboxed(project, *shut), *MAKE, "html")
    assert done.returncode
    assert "Read-only file system" in done.stderr
    assert "_build" in done.stderr
    assert "Traceback" not in done.stderr
    assert digests(project / "_build" / "html") == before


def test_a_package_with_another_hash_is_not_installed(tmp_path: Path):
    project = copy_project(tmp_path / "book")
    (project / ".venv").unlink()
    lock = project / "requirements.txt"
    text = lock.read_text(encoding="utf-8")
    start = text.index("pyyaml==")
    end = text.index("\n# via" if "\n# via" in text[start:] else "\n    # via", start)
    tampered = re.sub(r"sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, text[start:end])
    lock.write_text(text[:start] + tampered + text[end:], encoding="utf-8")
    done = run(project, "make", ".venv/.installed")
    assert done.returncode
    assert "hash" in (done.stdout + done.stderr).lower()
    assert not (project / ".venv" / ".installed").exists()


# ── Text that wants to be code ───────────────────────────────────────────────────────────────────

HOSTILE = "<script>x=1</script> <img src=x> *a* {stat}`b` [c](javascript:d) #panic(1) $f$"
# Labels stand in pictures too, where there is less room.
LABEL = "<img src=x> *a* $f$ #e"


def spoil(file: Path, column: str) -> None:
    """Put hostile text after that of the first row's cell in a column."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    rows[1][rows[0].index(column)] += f" {HOSTILE}"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def test_markup_in_data_is_shown_as_text_in_site_and_pdf(tmp_path: Path):
    project = copy_project(tmp_path / "book")
    places = {
        "published/statistics.csv": ("statement", "book/published_numbers"),
        "published/conclusions.csv": ("title", "notebooks/conclusion"),
        "cases/claims.csv": ("title", "notebooks/three_cases"),
    }
    for name, (column, _) in places.items():
        spoil(project / "data" / name, column)
    label = "Samarbeid fra sak til sak"
    replace(project / "data" / "surveys" / "municipalities.yaml", label, json.dumps(LABEL))
    make(project, "book")
    site = project / "_build" / "html"
    shown = [(page, HOSTILE) for _, page in places.values()] + [("notebooks/municipal_survey", LABEL)]
    for name, text in shown:
        page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        assert text in re.sub(r"\s+", " ", page.select_one("article").get_text()), name
    for path in site.rglob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert not page.find_all("img", src="x"), path
        assert not page.find_all(href=re.compile("^javascript:")), path
        assert not [script for script in page.find_all("script") if script.get_text() == "x=1"], path
    spoken = plain(read(site / "frivillig-innsats.pdf").root.text)
    assert spoken.count(plain(HOSTILE)) >= len(places)
    assert plain(LABEL) in spoken
