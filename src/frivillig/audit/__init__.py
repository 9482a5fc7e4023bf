"""What printed numbers can and cannot mean: checks of a spine against itself.

The checks use nothing but the spine. The conventions by which they find questions, tables and models
stand in `frivillig.audit.structure`.
"""

from __future__ import annotations

from frivillig.audit.claims import check_claims
from frivillig.audit.concordance import Computed, Source, concordance
from frivillig.audit.crosstabs import check_crosstabs, two_by_two
from frivillig.audit.derived import check_dates, check_differences, check_levels
from frivillig.audit.findings import (
    LABELS,
    Certainty,
    Finding,
    Kind,
    Standing,
    Verdict,
    standings,
    weightiest_first,
)
from frivillig.audit.means import check_means, splits
from frivillig.audit.models import check_explained, check_logits, check_ranges, readings
from frivillig.audit.moments import check_spreads, spreads, sums
from frivillig.audit.overlaps import check_overlaps, regions
from frivillig.audit.parts import check_parts
from frivillig.audit.repeats import check_repeats
from frivillig.audit.shares import check_shares
from frivillig.audit.structure import Report
from frivillig.audit.tables import check_groups
from frivillig.audit.wordings import check_wordings, phrase
from frivillig.data import Spine

__all__ = [
    "LABELS",
    "Certainty",
    "Computed",
    "Finding",
    "Kind",
    "Source",
    "Standing",
    "Verdict",
    "audit",
    "concordance",
    "phrase",
    "readings",
    "regions",
    "splits",
    "spreads",
    "standings",
    "sums",
    "two_by_two",
]
CHECKS = (
    check_shares,
    check_parts,
    check_overlaps,
    check_groups,
    check_crosstabs,
    check_spreads,
    check_means,
    check_ranges,
    check_logits,
    check_explained,
    check_differences,
    check_dates,
    check_levels,
    check_repeats,
    check_wordings,
    check_claims,
)


def audit(spine: Spine) -> list[Finding]:
    """Run every check on a spine; the weightiest findings first."""
    report = Report(spine)
    return weightiest_first(finding for check in CHECKS for finding in check(report))
