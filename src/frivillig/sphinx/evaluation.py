"""What is computed once for each state of data, package and lock file: the findings, and every number.

Both are kept as JSON beside the builders' folders, so that a change of prose computes nothing, and does not
import what would compute.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frivillig.audit import Certainty, Computed, Finding, Kind, Source, Verdict
from frivillig.data import describe, read_statistics, read_survey

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def findings(app: Sphinx) -> list[Finding]:
    """The findings of the audit, weightiest first."""

    def make() -> list[dict[str, Any]]:
        from frivillig.audit import audit

        return [asdict(finding) for finding in audit(app.frivillig_spine)]

    if not hasattr(app, "frivillig_findings"):
        app.frivillig_findings = [_finding(entry) for entry in _kept(app, "findings", make)]
    return app.frivillig_findings


def numbers(app: Sphinx) -> dict[str, Computed]:
    """Every number of the spine, computed from the respondents or from other printed numbers."""

    def make() -> dict[str, dict[str, Any]]:
        from frivillig.audit import concordance

        computed = concordance(
            app.frivillig_spine, findings(app), read_survey, lambda survey: describe(survey).smallest_cell
        )
        return {id: asdict(entry) for id, entry in computed.items()}

    return {
        id: Computed(Source(entry["source"]), entry["value"], entry["fits"])
        for id, entry in _kept(app, "numbers", make).items()
    }


def _finding(entry: dict[str, Any]) -> Finding:
    changed = {
        "kind": Kind(entry["kind"]),
        "verdict": Verdict(entry["verdict"]),
        "certainty": Certainty(entry["certainty"]),
        "rows": tuple(entry["rows"]),
        "table": tuple(map(tuple, entry["table"])),
    }
    return Finding(**(entry | changed))


def _kept(app: Sphinx, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives; from the last build when the state is the same."""
    file, state = Path(app.outdir).parent / f"{name}.json", app.config.frivillig_state
    if file.exists() and (kept := json.loads(file.read_text(encoding="utf-8")))["state"] == state:
        return kept["made"]
    made = make()
    part = file.with_suffix(".part")
    part.write_text(json.dumps({"state": state, "made": made}, ensure_ascii=False), encoding="utf-8")
    part.replace(file)  # at once, so that a build that is killed leaves no half of it
    return made


def _prepare(app: Sphinx) -> None:
    app.frivillig_spine = read_statistics()  # type: ignore[attr-defined]
    findings(app)  # here, before Sphinx reads pages in several processes


def setup(app: Sphinx) -> None:
    """Read the spine and the findings once per build, before any page asks for them."""
    app.connect("builder-inited", _prepare)
