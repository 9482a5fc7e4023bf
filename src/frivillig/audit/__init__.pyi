from .checks import audit
from .computed import Computed, Source
from .crosstabs import two_by_two
from .findings import LABELS, Certainty, Finding, Kind, Standing, Verdict, standings
from .means import splits
from .models import readings
from .moments import spreads, sums
from .overlaps import regions
from .recompute import concordance
from .wordings import phrase

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
