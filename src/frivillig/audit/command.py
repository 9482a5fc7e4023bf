"""`python -m frivillig audit FILE`: findings on the screen, as JSON and as Markdown."""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from frivillig.audit import audit
from frivillig.audit.findings import LABELS, Finding, Verdict
from frivillig.audit.reading import read_spine
from frivillig.data import DataError, Fault, Spine


def run(file: Path, known: Path | None, as_json: Path | None, as_markdown: Path | None) -> int:
    """Audit a spine file.

    Args:
        file: The spine.
        known: Findings of an earlier run, written with `--json`. A finding is known when its id and the
            printed numbers behind it are the same.
        as_json: Where to write the findings as JSON, if anywhere.
        as_markdown: Where to write them as Markdown, if anywhere.

    Returns:
        0, or 1 when something impossible is not known; 2 when a file cannot be used.
    """
    try:
        spine, before = read_spine(file), _read_known(known)
    except DataError as problem:
        print(problem, file=sys.stderr)
        print(f"{len(problem.faults)} faults: nothing was audited", file=sys.stderr)
        return 2
    findings = audit(spine)
    entries = [as_entry(finding, spine) for finding in findings]
    new = [
        finding
        for finding, entry in zip(findings, entries, strict=True)
        if finding.verdict == Verdict.IMPOSSIBLE and (entry["id"], entry["printed"]) not in before
    ]
    for path, text in (
        (as_json, json.dumps(entries, ensure_ascii=False, indent=1) + "\n"),
        (as_markdown, markdown(findings)),
    ):
        if path:
            path.write_text(text, encoding="utf-8")
    for verdict, group in groupby(findings, key=lambda finding: finding.verdict):
        members = list(group)
        print(f"\n{LABELS[verdict]} ({len(members)})")
        for finding in members:
            print(f"  {finding.id}{'  [ny]' if finding in new else ''}\n    {finding.sentence}")
            if finding.reproduce and verdict != Verdict.CONSISTENT:
                print(f"    Etterprøv: {finding.reproduce}")
    print(f"\n{len(new)} nye funn av tall som ikke kan stemme.")
    return 1 if new else 0


def as_entry(finding: Finding, spine: Spine) -> dict[str, Any]:
    """A finding as JSON, with the printed numbers that it rests on."""
    return {
        "id": finding.id,
        "kind": finding.kind,
        "verdict": finding.verdict,
        "certainty": finding.certainty,
        "rows": list(finding.rows),
        "printed": [spine[id].printed for id in finding.rows],
        "sentence": finding.sentence,
        "reproduce": finding.reproduce,
        "table": [list(row) for row in finding.table],
    }


def markdown(findings: list[Finding]) -> str:
    """The findings as a Markdown page, a heading per verdict and per finding."""
    lines = ["# Gjennomgang av de trykte tallene", ""]
    for verdict, members in groupby(findings, key=lambda finding: finding.verdict):
        lines += [f"## {LABELS[verdict]}", ""]
        for finding in members:
            lines += [f"### {finding.id}", "", finding.sentence, ""]
            lines += [f"- {LABELS[finding.kind]}, {LABELS[finding.certainty]}"]
            lines += ["- Rader: " + ", ".join(f"`{id}`" for id in finding.rows)]
            if finding.reproduce:
                lines.append(f"- Etterprøv: `{finding.reproduce}`")
            lines.append("")
            if finding.table:
                head, *body = (" | ".join(row) for row in finding.table)
                lines += [head, " | ".join("---" for _ in finding.table[0]), *body, ""]
    return "\n".join(lines)


def _read_known(path: Path | None) -> list[tuple[str, list[str]]]:
    if path is None:
        return []
    try:
        return [(entry["id"], entry["printed"]) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except OSError as problem:
        raise DataError(
            [Fault(str(path), None, None, str(problem.strerror), "a file that can be read")]
        ) from problem
    except (ValueError, TypeError, KeyError) as problem:
        expected = "findings as --json writes them"
        raise DataError(
            [Fault(str(path), None, None, f"{type(problem).__name__}: {problem}", expected)]
        ) from problem
