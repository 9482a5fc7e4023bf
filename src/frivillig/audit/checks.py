"""Every check of a spine, and what they find in order of weight."""

from __future__ import annotations

from frivillig.audit.claims import check_claims
from frivillig.audit.crosstabs import check_crosstabs
from frivillig.audit.derived import check_dates, check_differences, check_levels
from frivillig.audit.findings import Finding, weightiest_first
from frivillig.audit.means import check_means
from frivillig.audit.models import check_explained, check_logits, check_ranges
from frivillig.audit.moments import check_spreads
from frivillig.audit.overlaps import check_overlaps
from frivillig.audit.parts import check_parts
from frivillig.audit.repeats import check_repeats
from frivillig.audit.shares import check_shares
from frivillig.audit.structure import Report
from frivillig.audit.tables import check_groups
from frivillig.audit.wordings import check_wordings
from frivillig.data import Spine

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
