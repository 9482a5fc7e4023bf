"""Words for a quantity against the number that they speak of.

The lexicon is short and wide: it says what a phrase can mean in ordinary Norwegian, not what it should.
`de fleste` is more than half, `et stort flertall` two thirds or more; `mange` and `noen` are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma
from frivillig.audit.structure import ABOVE_ALL, BELOW_ALL, Report
from frivillig.data import NUMBER_WORDS, Statistic

HALF, TWO_THIRDS = Fraction(50), Fraction(200, 3)
# Phrases that name no fraction, with the lowest and highest percentage that they can mean.
QUANTITIES = {
    "de fleste": (HALF, 100),
    "flertallet": (HALF, 100),
    "et flertall": (HALF, 100),
    "majoriteten": (HALF, 100),
    "hovedparten": (HALF, 100),
    "de aller fleste": (TWO_THIRDS, 100),
    "et stort flertall": (TWO_THIRDS, 100),
    "det store flertallet": (TWO_THIRDS, 100),
    "så godt som alle": (90, 100),
    "et mindretall": (0, HALF),
    "mindretallet": (0, HALF),
    "de færreste": (0, HALF),
    "et lite mindretall": (0, 100 - TWO_THIRDS),
    "et fåtall": (0, 100 - TWO_THIRDS),
}
FRACTIONS = {
    "halvparten": Fraction(1, 2),
    "hver tredje": Fraction(1, 3),
    "alle": Fraction(1),
    "ingen": Fraction(0),
}
PARTS = {"tredjedel": 3, "fjerdedel": 4, "femtedel": 5, "firedel": 4}
# What words before a fraction do to it: lowest and highest value, in percentage points from it.
WORDS = {
    "litt under": (-10, 0),
    "nesten": (-10, 0),
    "knapt": (-10, 0),
    "praktisk talt": (-10, 0),
    "litt over": (0, 10),
    "drøyt": (0, 10),
    "over": (0, 100),
    "mer enn": (0, 100),
    "under": (-100, 0),
    "": (-5, 5),
}


# Fractions that readers have words for. Who says `over halvparten` has passed over the nearer ones.
COMMON = [Fraction(100 * k, n) for k, n in ((1, 10), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (9, 10))]
PASSED_OVER = 2


def check_wordings(report: Report) -> Iterator[Finding]:
    """Every phrase against the number of the row that it repeats."""
    for row in report.spine.values():
        if row.unit == "wording" and row.printed and row.repeats:
            finding = _wording(report, row, report.spine[row.repeats])
            if finding:
                yield finding


def phrase(text: str, relation: str = "~") -> tuple[Fraction, Fraction] | None:
    """What a phrase as 'litt under to av ti' or 'de fleste' says in percent; None when it says no quantity.

    Args:
        text: The phrase.
        relation: Relation of its row; `<`, `<=`, `>` and `>=` leave one side open.

    Returns:
        Lowest and highest percentage.
    """
    words = text.lower()
    if words in QUANTITIES:
        low, high = QUANTITIES[words]
        return Fraction(low), Fraction(high)
    modifier = next((start for start in WORDS if start and words.startswith(start)), "")
    rest = words.removeprefix(modifier).strip()
    share = FRACTIONS.get(rest)
    if (
        share is None
        and (match := re.fullmatch(r"(\w+) av (\w+)", rest))
        and {match[1], match[2]} <= NUMBER_WORDS.keys()
    ):
        share = Fraction(NUMBER_WORDS[match[1]]) / Fraction(NUMBER_WORDS[match[2]])
    if (
        share is None
        and (match := re.fullmatch(r"(\w+) (\w+?)(?:er)?", rest))
        and match[2] in PARTS
        and match[1] in NUMBER_WORDS
    ):
        share = Fraction(NUMBER_WORDS[match[1]]) / PARTS[match[2]]
    if share is None:
        return None
    if relation in ("<", "<="):
        return BELOW_ALL, 100 * share
    if relation in (">", ">="):
        return 100 * share, ABOVE_ALL
    down, up = WORDS[modifier]
    return 100 * share + down, 100 * share + up


def _wording(report: Report, row: Statistic, first: Statistic) -> Finding | None:
    meant = phrase(row.printed, row.relation)
    factor = {"percent": 1, "share": 100}.get(first.unit)
    if meant is None or (factor is None and not (row.n and row.base)):
        return None
    low, high = (end * (factor or 1) for end in report.limits(first))
    if factor is None:
        low = high = Fraction(100 * (row.n or 0), row.base or 1)
    complement = _is_complement(row, first)
    if complement:
        low, high = 100 - high, 100 - low
    shown, ids = _percentage(row, first, factor, complement), (row.id, first.id)
    if low >= meant[1] or high <= meant[0]:
        sentence = f"{_words(row)} passer ikke med {shown}."
        if meant[0] == HALF and not complement and _is_largest(report, first):
            sentence += " Det er likevel det vanligste svaret."
        if first.n and first.base and meant[0] <= Fraction(100 * first.n, first.base) <= meant[1]:
            exact = comma(Fraction(100 * first.n, first.base), 2)
            sentence += f" Ordene passer med antallene, som gir {exact} prosent ({first.n} av {first.base})."
        return Finding(Kind.WORDING, row.id, ids, Verdict.INCONSISTENT, Certainty.LIKELY, sentence)
    sentence = f"{_words(row)} passer med {shown}"
    sentence += ", men sier langt mindre enn tallet." if _passes_over(row.printed, low, high) else "."
    return Finding(Kind.WORDING, row.id, ids, Verdict.CONSISTENT, Certainty.POSSIBLE, sentence)


def _words(row: Statistic) -> str:
    """The beginning of a sentence; `mer enn halvparten` is a limit where none is said to have more."""
    words = row.printed.lower()
    if row.relation in ("<", "<=") and words.startswith(("over ", "mer enn ")):
        return f"«{row.printed}» er her en øvre grense, og den"
    if row.relation in (">", ">=") and words.startswith("under "):
        return f"«{row.printed}» er her en nedre grense, og den"
    return f"«{row.printed}»"


def _percentage(row: Statistic, first: Statistic, factor: int | None, complement: bool) -> str:
    """The number that words are held against, and how it comes from what is printed."""
    if factor is None:
        n, base = row.n or 0, row.base or 1
        return f"{comma(Fraction(100 * n, base), 1)} prosent ({comma(n, 0)} av {comma(base, 0)})"
    value = (first.value or 0) * factor
    decimals = first.decimals if factor == 1 else max(first.decimals - 2, 0)
    if complement:
        return f"{comma(100 - value, decimals)} prosent (100 − {comma(value, decimals)})"
    return f"{comma(value, decimals)} prosent"


def _is_largest(report: Report, row: Statistic) -> bool:
    """Whether no other answer of the same question has a larger printed share."""
    question = row.id.rsplit(".", 2)[0]
    return all(
        (other.value or 0) <= (row.value or 0)
        for other in report.first
        if other.id.rsplit(".", 2)[0] == question and other.unit == row.unit
    )


def _is_complement(row: Statistic, first: Statistic) -> bool:
    """Whether the words speak of those whom the number leaves out."""
    answer, other = row.id.split(".")[-2], first.id.split(".")[-2]
    return (answer, other) == ("any", "none") or answer == f"not_{other}"


def _passes_over(text: str, low: Fraction, high: Fraction) -> bool:
    """Whether `over` or `under` a fraction passes over nearer fractions that would say more."""
    words = text.lower()
    one_sided = next((start for start in ("over", "mer enn", "under") if words.startswith(f"{start} ")), "")
    said = phrase(words.removeprefix(one_sided).strip(), "=") if one_sided else None
    if said is None:
        return False
    middle = (said[0] + said[1]) / 2
    between = [f for f in COMMON if (middle < f < low if one_sided != "under" else high < f < middle)]
    return len(between) >= PASSED_OVER
