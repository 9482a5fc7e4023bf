"""The fingerprint under which results are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from frivillig.sphinx import cache


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one file of each kind that notebooks depend on."""
    for name in ("data/a.csv", "data/b.yaml", "src/frivillig/c.py", "requirements.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1", encoding="utf-8")
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    monkeypatch.setattr(
        cache, "SOURCES", tuple(tmp_path / n for n in ("data", "src/frivillig", "requirements.txt"))
    )
    return tmp_path


@pytest.mark.parametrize("name", ["data/a.csv", "data/b.yaml", "src/frivillig/c.py", "requirements.txt"])
def test_every_source_changes_it(project, name):
    before = cache.fingerprint()
    (project / name).write_text("2", encoding="utf-8")
    assert cache.fingerprint() != before


def test_new_and_renamed_files_change_it(project):
    seen = {cache.fingerprint()}
    (project / "data" / "new.csv").write_text("1", encoding="utf-8")
    seen.add(cache.fingerprint())
    (project / "data" / "new.csv").rename(project / "data" / "other.csv")
    seen.add(cache.fingerprint())
    assert len(seen) == 3


def test_text_and_time_do_not(project):
    before = cache.fingerprint()
    (project / "data" / "a.csv").touch()
    (project / "src" / "frivillig" / "locale.mo").write_bytes(b"compiled")
    assert cache.fingerprint() == before
