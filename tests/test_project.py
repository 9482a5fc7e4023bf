"""Promises of the project's own files: the lock, the floors, the contents, the text."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import yaml

from frivillig.data import ROOT
from frivillig.lint import lint

FLOORS = ["data", "lint", "statistics", "audit", "display", "sphinx", "compare"]
# Neighbours on one floor do not know each other.
APART = {("audit", "display"), ("display", "audit")}
PAGES = [*sorted((ROOT / "book").glob("*.md")), *sorted((ROOT / "notebooks").glob("*.md"))]


def locked() -> dict[str, set[str]]:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, re.M):
        pins.setdefault(name, set()).add(version)
    return pins


def pinned(requirements: list[str]) -> dict[str, str]:
    return dict(requirement.split("==") for requirement in requirements)


def test_project_environment_and_lock_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    direct = pinned(project["project"]["dependencies"])
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    [pip] = [item["pip"] for item in environment["dependencies"] if isinstance(item, dict)]
    assert pinned([line for line in pip if "==" in line]) == direct
    # A local folder among them makes Binder copy the project before it installs (repo2docker's rule).
    assert [line for line in pip if "==" not in line] == ["--editable ."]
    assert f"python={project['project']['requires-python'].removeprefix('>=')}" in environment["dependencies"]
    pins = locked()
    for name, version in (direct | pinned(project["dependency-groups"]["dev"])).items():
        assert pins[name.replace("_", "-")] == {version}, name


def test_every_locked_package_has_hashes_and_no_address():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(requirements) > 100
    assert all("--hash=sha256:" in requirement for requirement in requirements)
    assert "://" not in text
    assert "index-url" not in text


def test_the_data_package_and_citation_state_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = yaml.safe_load((ROOT / "data" / "datapackage.yaml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["project"]["version"] == package["version"] == citation["version"]


def test_each_floor_imports_only_from_below():
    for floor, name in enumerate(FLOORS):
        package = ROOT / "src" / "frivillig" / name
        for module in (
            [package.with_suffix(".py")] if package.with_suffix(".py").exists() else package.rglob("*.py")
        ):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                imported = node.module if isinstance(node, ast.ImportFrom) else None
                if imported and imported.startswith("frivillig."):
                    other = imported.split(".")[1]
                    below = FLOORS.index(other) <= floor and (name, other) not in APART
                    assert below, f"{module.relative_to(ROOT)} imports {imported}"


def test_a_build_does_not_import_what_only_computing_needs():
    code = "import sys, frivillig.sphinx; print({'numpy', 'pandas', 'statsmodels'} & sys.modules.keys())"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_the_contents_are_written_and_everything_written_is_in_them():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [contents["root"]] + [
        chapter["file"] for part in contents["parts"] for chapter in part["chapters"]
    ]
    assert sorted(listed) == sorted(str(page.relative_to(ROOT).with_suffix("")) for page in PAGES)


def test_make_lists_its_commands():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("book", "html", "serve", "test", "check-data", "clean", "help"):
        assert re.search(rf"^  make {command} ", listed, re.M), command


def test_the_text_is_as_the_linter_wants_it():
    assert [str(remark) for remark in lint()] == []


def test_a_python_that_is_too_old_is_named_and_nothing_is_set_up(tmp_path):
    """Before pip is asked for anything: its own message would be about some package."""
    old = tmp_path / "python3.9"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 9); $2"\n')
    old.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "src", "data", "book", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(["make", f"PYTHON={old}", "book"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode
    assert f"Python 3.11 or newer is needed, {old} is older" in done.stdout
    assert not (tmp_path / ".venv").exists()
