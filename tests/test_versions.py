"""The published site keeps its older versions reachable."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from frivillig.data import ROOT
from frivillig.versions import VersionError, assemble


def site(folder: Path, text: str) -> Path:
    (folder / "book").mkdir(parents=True)
    (folder / "index.html").write_text("→ book/index.html", encoding="utf-8")
    (folder / "book" / "index.html").write_text(f"<article>{text}</article>", encoding="utf-8")
    return folder


def archive(tmp_path: Path, tag: str, built: int) -> Path:
    folder = site(tmp_path / "sites" / tag, tag)
    (tmp_path / "archives").mkdir(exist_ok=True)
    with tarfile.open(tmp_path / "archives" / f"{tag}.tar.gz", "w:gz") as file:
        for path in sorted(folder.rglob("*.html")):
            member = file.gettarinfo(path, f"./{path.relative_to(folder)}")
            member.mtime = built
            file.addfile(member, path.open("rb"))
    return tmp_path / "archives"


def test_versions_lie_each_in_its_folder_and_are_listed_newest_first(tmp_path):
    new = site(tmp_path / "new", "nyest")
    archive(tmp_path, "v1.0", 1_700_000_000)  # 14 November 2023
    archives = archive(tmp_path, "v1.1", 1_710_000_000)  # 9 March 2024
    out = tmp_path / "out"
    assert assemble(new, archives, out) == ["v1.1", "v1.0"]
    assert assemble(new, archives, out) == ["v1.1", "v1.0"]
    assert "nyest" in (out / "book" / "index.html").read_text(encoding="utf-8")
    front = BeautifulSoup((out / "book" / "index.html").read_text(encoding="utf-8"), "html.parser")
    listing = (out / "book" / front.find("a", string="Tidligere utgaver")["href"]).resolve()
    page = BeautifulSoup(listing.read_text(encoding="utf-8"), "html.parser")
    assert [item.get_text() for item in page.find_all("li")] == [
        "Utgave v1.1, bygd 9. mars 2024",
        "Utgave v1.0, bygd 14. november 2023",
    ]
    for link in page.find_all("a"):
        assert (listing.parent / link["href"]).is_file()
    for tag in ("v1.0", "v1.1"):
        assert (out / "versjoner" / tag / "book" / "index.html").read_text(encoding="utf-8") == (
            f"<article>{tag}</article>"
        )
    assert "Tidligere" not in (new / "book" / "index.html").read_text(encoding="utf-8")


def test_without_versions_the_site_is_as_it_was(tmp_path):
    new = site(tmp_path / "new", "nyest")
    assert assemble(new, tmp_path / "none", tmp_path / "out") == []
    assert {
        path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.html")
    } == {path.relative_to(new): path.read_bytes() for path in new.rglob("*.html")}


def test_what_cannot_be_published_is_named_and_the_last_site_stays(tmp_path):
    new, out = site(tmp_path / "new", "nyest"), site(tmp_path / "out", "forrige")
    archives = archive(tmp_path, "v1.0", 1_700_000_000)
    (archives / "v1.1.tar.gz").write_bytes((archives / "v1.0.tar.gz").read_bytes()[:80])
    with pytest.raises(VersionError, match=r"v1\.1\.tar\.gz: .*; expected the site of a version"):
        assemble(new, archives, out)
    with tarfile.open(archives / "v1.1.tar.gz", "w:gz"):
        pass
    with pytest.raises(VersionError, match=r"v1\.1\.tar\.gz: no book/index\.html"):
        assemble(new, archives, out)
    with pytest.raises(VersionError, match="expected a site that make book built"):
        assemble(tmp_path, archives, out)
    assert "forrige" in (out / "book" / "index.html").read_text(encoding="utf-8")


def test_make_packs_what_can_be_assembled(tmp_path):
    """`make archive` with its own commands, on a small site."""
    recipe = subprocess.run(
        ["make", "--dry-run", "--assume-old=book", "archive", "VERSION=v2.0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    commands = [line for line in recipe.splitlines() if "_build/versions" in line]
    site(tmp_path / "_build" / "html", "to")
    subprocess.run(
        "\n".join(commands), shell=True, check=True, cwd=tmp_path, env={**os.environ, "VERSION": "v2.0"}
    )
    archives = tmp_path / "_build" / "versions"
    assert assemble(tmp_path / "_build" / "html", archives, tmp_path / "out") == ["v2.0"]
    assert (tmp_path / "out" / "versjoner" / "v2.0" / "book" / "index.html").is_file()


GH = """#!/bin/sh
# Two versions are published; the one named as lost cannot be downloaded.
case "$2" in
list) test -n "$LISTED" && printf 'v1.0\\nv1.1\\n' ;;
download) test "$3" != "$LOST" && cp "archives/$3.tar.gz" _build/versions ;;
esac
"""


@pytest.mark.parametrize(
    ("listed", "lost", "published"),
    [("yes", "", ["v1.0", "v1.1"]), ("", "", None), ("yes", "v1.0", None)],
)
def test_pages_are_put_together_with_all_older_versions_or_not_at_all(tmp_path, listed, lost, published):
    """`make pages` with its own commands and a `gh` that answers so."""
    for tag in ("v1.0", "v1.1"):
        archive(tmp_path, tag, 1_700_000_000)
    site(tmp_path / "_build" / "html", "nyest")
    for name in ("Makefile", "src", "data", ".venv"):
        (tmp_path / name).symlink_to(ROOT / name)
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH, encoding="utf-8")
    gh.chmod(0o755)
    done = subprocess.run(
        ["make", "MAKE=true", "pages"],  # the site is there already
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{gh.parent}:{os.environ['PATH']}", "LISTED": listed, "LOST": lost},
        capture_output=True,
        text=True,
    )
    versions = tmp_path / "_build" / "pages" / "versjoner"
    assert (done.returncode == 0) == (published is not None), done.stderr
    assert sorted(path.name for path in versions.glob("v*")) == (published or [])
