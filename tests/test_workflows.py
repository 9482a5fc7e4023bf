"""The workflows: only make, only pinned actions, no more rights than needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from frivillig.data import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# Rights beyond reading the code, by workflow and job, and what they are for.
RIGHTS = {
    ("publish", "release"): {"contents": "write"},
    ("publish", "assemble"): {"contents": "read", "pages": "read"},
    ("publish", "deploy"): {"pages": "write", "id-token": "write"},
    ("weekly", "report"): {"contents": "read", "issues": "write"},
}
COMMAND = re.compile(
    r'make (?P<target>[a-z-]+|\$TARGET)( && cat _build/compare/summary\.md >> "\$GITHUB_STEP_SUMMARY")?'
)


def read(path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in FILES:
        for name, job in read(path)["jobs"].items():
            yield path.stem, name, job


def steps() -> Iterator[dict[str, Any]]:
    for _, _, job in jobs():
        yield from job["steps"]


def test_there_are_the_three_workflows():
    assert [path.stem for path in FILES] == ["book", "publish", "weekly"]


def test_each_step_is_a_make_target_that_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    called = set()
    for run in (step["run"] for step in steps() if "run" in step):
        if run != "bash .ci/run":
            match = COMMAND.fullmatch(run)
            assert match, run
            called.add(match["target"])
    for _, _, job in jobs():
        for words in job.get("strategy", {}).get("matrix", {}).get("target", []):
            called |= set(words.split())
    assert called - {"$TARGET"} <= targets
    assert called >= {"lint", "book", "compare", "check-links", "test-slow", "archive", "release", "pages"}
    assert called >= {"licences", "check-packages"}


def test_each_action_is_pinned_by_hash_with_its_version_and_everywhere_the_same():
    pins: dict[str, set[str]] = {}
    for path in FILES:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
        for line in lines:
            match = re.search(r"uses: ([\w/-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$", line)
            assert match, line
            pins.setdefault(match[1], set()).add(match[2])
    assert {name for name, hashes in pins.items() if len(hashes) > 1} == set()
    assert {name.split("/")[0] for name in pins} == {"actions"}


def test_no_workflow_has_a_secret_or_more_rights_than_it_needs():
    for path in FILES:
        assert "secrets" not in path.read_text(encoding="utf-8")
        assert read(path)["permissions"] == {"contents": "read"}
        # pull_request_target and workflow_run would give strangers' code the rights of the project.
        assert set(read(path)[True]) <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert {(file, name): job["permissions"] for file, name, job in jobs() if "permissions" in job} == RIGHTS


def test_jobs_with_rights_to_write_run_no_code_of_packages():
    for file, name, job in jobs():
        if "write" in RIGHTS.get((file, name), {}).values():
            runs = [step["run"] for step in job["steps"] if "run" in step]
            assert set(runs) <= {"make release", "make report-links"}


def test_each_job_ends_and_leaves_no_credentials():
    for file, name, job in jobs():
        assert job["timeout-minutes"] <= 90, (file, name)
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, (file, name)
