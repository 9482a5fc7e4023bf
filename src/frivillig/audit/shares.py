"""Counts and percentages: which bases reproduce them?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from frivillig.audit.findings import (
    ROUNDING_NAMES,
    Certainty,
    Finding,
    Kind,
    Verdict,
    comma,
    listing,
    shown,
    spans,
)
from frivillig.audit.structure import Question, Report
from frivillig.data import Statistic
from frivillig.statistics import implied_bases
from frivillig.statistics.published import ROUNDINGS, base_range, rounds_to

# A list of bases longer than this says nothing that its ends do not say.
LONG = 40


def check_shares(report: Report) -> Iterator[Finding]:
    """Each question: all bases that its printed pairs allow, under each rule of rounding."""
    for question in report.questions:
        informative = [(count, percent) for count, percent in question.pairs if count and percent]
        if informative and max(informative)[0] > 10**6:
            sentence = (
                f"Antallene er så store at listen over nevnere blir for lang; "
                f"den trenger om lag {comma(max(informative)[0], 0)} ledd."
            )
            yield _finding(question, Verdict.SKIPPED, Certainty.CERTAIN, sentence)
        elif question.stated:
            yield from _stated(report, question)
        elif any(percent and not count for count, percent in question.pairs):
            sentence = "Et antall på null er null prosent uansett nevner, men en annen prosent er trykt."
            yield _finding(question, Verdict.IMPOSSIBLE, Certainty.CERTAIN, sentence)
        elif informative:
            yield _not_stated(report, question, informative)


def _stated(report: Report, question: Question) -> Iterator[Finding]:
    """The base is printed: does each share follow from it?"""
    base = question.stated or 1
    wrong, other, right = {}, {}, {}
    for answer, count in question.counts.items():
        percent = question.shares[answer].value or Decimal(0)
        rules = [rule for rule in ROUNDINGS if count <= base and rounds_to(count, base, percent, rule)]
        usual = set(rules) & set(report.roundings)
        (right if usual else other if rules else wrong)[answer] = (count, question.shares[answer])
    if right:
        subject = "Prosenten følger av antallet" if len(right) == 1 else "Prosentene følger av antallene"
        sentence = f"{subject} og den trykte nevneren, {comma(base, 0)}."
        rest = question.only(right, "rest") if wrong or other else question
        yield _finding(rest, Verdict.CONSISTENT, Certainty.CERTAIN, sentence)
    if failed := wrong | other:
        sentence = " ".join(
            f"Prosenten er trykt som {shown(row)}, men {comma(count, 0)} av {comma(base, 0)} er "
            f"{comma(Fraction(100 * count, base), row.decimals + 1)} prosent."
            for count, row in failed.values()
        )
        if not wrong:
            rules = listing(
                [name for rule, name in ROUNDING_NAMES.items() if rule not in report.roundings], "eller"
            )
            sentence += f" Det passer bare med {rules}, en regel som andre tall i rapporten utelukker."
        verdict = Verdict.IMPOSSIBLE if wrong else Verdict.INCONSISTENT
        calls = ", ".join(
            f"rounds_to({count}, {base}, Decimal('{row.value}'))" for count, row in failed.values()
        )
        yield _finding(question.only(failed), verdict, Certainty.CERTAIN, sentence, f"[{calls}]")


def _not_stated(report: Report, question: Question, informative: list[tuple[int, Decimal]]) -> Finding:
    """No base is printed: which one is implied?"""
    bases = {rule: implied_bases(informative, rule) for rule in ROUNDINGS}
    origin = question.id.partition(".")[0]
    asked = report.respondents(origin)
    reproduce = f"implied_bases({_pairs(informative)})"
    if asked:
        bases = {rule: [base for base in fit if base <= asked] for rule, fit in bases.items()}
        reproduce = f"[base for base in {reproduce} if base <= {asked}]"
    if question.exclusive:
        least = sum(question.counts.values())
        bases = {rule: [base for base in fit if base >= least] for rule, fit in bases.items()}
        reproduce = f"[base for base in {reproduce} if base >= {least}]"
    allowed = sorted({base for rule in report.roundings for base in bases[rule]})
    if not any(bases.values()):
        return _finding(
            question,
            Verdict.IMPOSSIBLE,
            Certainty.CERTAIN,
            f"Ingen nevner gir alle de trykte prosentene.{_remedy(report, question)}",
            reproduce,
            _table(question),
        )
    if not allowed:
        [rule, *_] = [rule for rule in ROUNDINGS if bases[rule]]
        sentence = (
            f"Prosentene passer bare med {ROUNDING_NAMES[rule]}, "
            "en regel som andre tall i rapporten utelukker."
        )
        return _finding(
            question, Verdict.INCONSISTENT, Certainty.LIKELY, sentence, reproduce, _table(question)
        )
    fitting = allowed if len(allowed) <= LONG else range(allowed[0], allowed[-1] + 1)
    subject = "Prosenten" if len(question.pairs) == 1 else "Prosentene"
    sentence = f"Nevneren er ikke trykt. {subject} passer med {spans(fitting)}"
    if asked and asked not in allowed:
        sentence += f", men ikke med de {comma(asked, 0)} som svarte på undersøkelsen"
    sentence += "."
    certainty = Certainty.CERTAIN if len(question.pairs) > 1 else Certainty.LIKELY
    return _finding(question, Verdict.NOT_STATED, certainty, sentence, reproduce, _table(question))


def _remedy(report: Report, question: Question) -> str:
    """Which single change to a printed count would make all percentages fit."""
    found = ""
    for answer, row in question.shares.items():
        if answer not in question.counts:
            continue
        others = [(c, p) for c, p in question.pairs if (c, p) != (question.counts[answer], row.value)]
        if not any(count and percent for count, percent in others):
            continue
        for step in (1, -1):
            counts = question.counts | {answer: question.counts[answer] + step}
            pairs = [(counts[a], r.value) for a, r in question.shares.items() if a in counts]
            fits = implied_bases(pairs, report.roundings[0])  # type: ignore[arg-type]
            if question.exclusive:
                fits = [base for base in fits if base >= sum(counts.values())]
            if fits:
                found += (
                    f" Hadde antallet ved «{row.statement}» vært {comma(counts[answer], 0)} i stedet for "
                    f"{comma(question.counts[answer], 0)}, ville nevneren {spans(fits)} ha passet."
                )
    return found


def _finding(
    question: Question,
    verdict: Verdict,
    certainty: Certainty,
    sentence: str,
    reproduce: str = "",
    table: tuple[tuple[str, ...], ...] = (),
) -> Finding:
    return Finding(Kind.SHARES, question.id, question.rows, verdict, certainty, sentence, reproduce, table)


def _table(question: Question) -> tuple[tuple[str, ...], ...]:
    """Count, percentage and bases of each answer; rules that allow the same bases share a column."""
    counted = [(answer, row) for answer, row in question.shares.items() if answer in question.counts]
    columns: dict[tuple[str, ...], list[str]] = {}
    for rule in ROUNDINGS:
        bases = tuple(_bases(question.counts[answer], row, rule) for answer, row in counted)
        columns.setdefault(bases, []).append(ROUNDING_NAMES[rule])
    heads = [
        "Nevnere, alle regler" if len(rules) == len(ROUNDINGS) else f"Nevnere, {listing(rules)}"
        for rules in columns.values()
    ]
    body = [
        (row.statement, comma(question.counts[answer], 0), shown(row), *bases)
        for (answer, row), *bases in zip(counted, *columns, strict=True)
    ]
    return (("Rad", "Antall", "Trykt prosent", *heads), *body)


def _bases(count: int, row: Statistic, rule: str) -> str:
    if not count or not row.value:
        return "alle"
    bases = base_range(count, row.value, rule)
    return f"{comma(bases[0], 0)}–{comma(bases[-1], 0)}" if len(bases) > 1 else spans(bases)


def _pairs(pairs: list[tuple[int, Decimal]]) -> str:
    return "[" + ", ".join(f"({count}, Decimal('{percent}'))" for count, percent in pairs) + "]"
