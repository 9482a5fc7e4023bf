"""What a check reports: a finding, its weight, and the words that readers see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from frivillig.data import UP_TO_TWELVE, Spine, Statistic


class Verdict(StrEnum):
    """What a check concludes, weightiest first."""

    IMPOSSIBLE = "impossible"
    INCONSISTENT = "inconsistent"
    NOT_STATED = "base not stated"
    SKIPPED = "skipped"
    CONSISTENT = "consistent"


class Certainty(StrEnum):
    """How much the verdict rests on: arithmetic alone, a likely reading, or one reading among others."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Kind(StrEnum):
    """What was checked."""

    SHARES = "shares"
    PARTS = "parts"
    OVERLAPS = "overlaps"
    GROUPS = "groups"
    TWO_BY_TWO = "two_by_two"
    SPREAD = "spread"
    MEANS = "means"
    RANGE = "range"
    LOGIT = "logit"
    EXPLAINED = "explained"
    DERIVED = "derived"
    REPEAT = "repeat"
    WORDING = "wording"


class Standing(StrEnum):
    """How a printed number stands after the audit."""

    CONFLICT = "conflict"
    NOT_STATED = "base not stated"
    FITS = "fits"
    CITED = "only cited"


LABELS: dict[StrEnum, str] = {
    Verdict.IMPOSSIBLE: "Kan ikke stemme",
    Verdict.INCONSISTENT: "Passer ikke sammen",
    Verdict.NOT_STATED: "Grunnlaget er ikke oppgitt",
    Verdict.SKIPPED: "Ikke undersøkt",
    Verdict.CONSISTENT: "Stemmer",
    Certainty.CERTAIN: "sikkert",
    Certainty.LIKELY: "sannsynlig",
    Certainty.POSSIBLE: "mulig",
    Standing.CONFLICT: "Går ikke opp med andre tall",
    Standing.NOT_STATED: "Passer, men grunnlaget er ikke oppgitt",
    Standing.FITS: "Passer med andre tall",
    Standing.CITED: "Ikke prøvd mot andre tall",
    Kind.SHARES: "antall og prosent",
    Kind.PARTS: "deler av en helhet",
    Kind.OVERLAPS: "overlapp",
    Kind.GROUPS: "grupper og samlet andel",
    Kind.TWO_BY_TWO: "firefeltstabell",
    Kind.SPREAD: "standardavvik",
    Kind.MEANS: "gjennomsnitt",
    Kind.RANGE: "gyldig område",
    Kind.LOGIT: "logistisk regresjon",
    Kind.EXPLAINED: "forklart varians",
    Kind.DERIVED: "tall som følger av andre",
    Kind.REPEAT: "samme tall to steder",
    Kind.WORDING: "tall og ord",
}
ROUNDING_NAMES = {
    ROUND_HALF_UP: "vanlig avrunding",
    ROUND_HALF_EVEN: "avrunding til partall",
    ROUND_DOWN: "avkutting",
}


# Python's signs in numbers, in Norwegian.
NORWEGIAN = str.maketrans({",": "\u00a0", ".": ",", "-": "−"})


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Attributes:
        kind: What was checked.
        subject: The row or question that it is about, as an id or the beginning of one.
        rows: Ids of the rows involved.
        verdict: What the check concludes.
        certainty: How much the verdict rests on.
        sentence: The conclusion in plain Norwegian.
        reproduce: A Python expression over the names of `frivillig.statistics` and `frivillig.audit`
            whose value is the reason for the verdict; empty where the sentence holds the whole sum.
        table: Rows of text with a heading first; empty when the sentence says all.
        computed: What other printed numbers give for rows that nothing else computes, by id.
    """

    kind: Kind
    subject: str
    rows: tuple[str, ...]
    verdict: Verdict
    certainty: Certainty
    sentence: str
    reproduce: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    computed: dict[str, float] = field(default_factory=dict)

    @property
    def objects(self) -> bool:
        """Whether something is wrong: with a number, or between numbers."""
        return self.verdict in (Verdict.IMPOSSIBLE, Verdict.INCONSISTENT)

    @property
    def doubted(self) -> tuple[str, ...]:
        """The rows that may be wrong when the finding objects: all of them, or the words alone."""
        return self.rows[:1] if self.kind == Kind.WORDING else self.rows

    @property
    def id(self) -> str:
        """A stable id: it changes only when the kind or the subject does."""
        return f"{self.kind}.{self.subject}"


def weightiest_first(findings: Iterable[Finding]) -> list[Finding]:
    """By verdict, then certainty, otherwise in the order found."""
    verdicts, certainties = list(Verdict), list(Certainty)
    return sorted(findings, key=lambda f: (verdicts.index(f.verdict), certainties.index(f.certainty)))


def standings(spine: Spine, findings: Iterable[Finding]) -> dict[str, Standing]:
    """How each printed number of a spine stands, by the weightiest finding that names it.

    That a number lies within the range of its unit does not count as a check against other numbers.
    """
    standing = {id: Standing.CITED for id, row in spine.items() if row.printed}
    steps = {
        Verdict.CONSISTENT: Standing.FITS,
        Verdict.NOT_STATED: Standing.NOT_STATED,
        Verdict.INCONSISTENT: Standing.CONFLICT,
        Verdict.IMPOSSIBLE: Standing.CONFLICT,
    }
    for finding in reversed(weightiest_first(findings)):
        if finding.verdict in steps and (finding.kind, finding.verdict) != (Kind.RANGE, Verdict.CONSISTENT):
            rows = finding.doubted if finding.objects else finding.rows
            standing |= {id: steps[finding.verdict] for id in rows if id in standing}
    return standing


def comma(value: float | Decimal | Fraction, decimals: int) -> str:
    """A number with decimal comma, real minus and no-break space for thousands, rounded half up."""
    exact = (
        Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    )
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded:,}".translate(NORWEGIAN)


def shown(row: Statistic) -> str:
    """A printed number in the format of this edition, with the decimals that the report prints."""
    if row.value is None or row.printed.isalpha():
        return row.printed
    return comma(row.value, row.decimals)


def spelled(number: int) -> str:
    """A whole number as running text has it: words up to twelve, digits from there on."""
    return UP_TO_TWELVE[number] if 0 <= number < len(UP_TO_TWELVE) else comma(number, 0)


def spans(numbers: Iterable[int]) -> str:
    """Integers in short: '100 eller 101', '180–183', 'ingen'."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [
        part
        for low, high in runs
        for part in (
            [f"{comma(low, 0)}–{comma(high, 0)}"]
            if high - low > 1
            else [comma(end, 0) for end in sorted({low, high})]
        )
    ]
    return listing(parts, "eller") or "ingen"


def listing(words: Sequence[str], conjunction: str = "og") -> str:
    """An enumeration: 'a, b og c'."""
    *first, last = words or [""]
    return f"{', '.join(first)} {conjunction} {last}" if first else last
