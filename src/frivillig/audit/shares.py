"""Counts and percentages: which bases reproduce them, and do the parts of a whole add up?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from frivillig.audit.findings import ROUNDING_NAMES, Certainty, Finding, Kind, Verdict, comma, listing, spans
from frivillig.audit.structure import EQUALS, Question, Report
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
            sentence = f"Antallene er så store at listen over nevnere blir for lang; den trenger om lag {max(informative)[0]} ledd."
            yield _finding(question, Verdict.SKIPPED, Certainty.CERTAIN, sentence)
        elif question.stated:
            yield _stated(report, question)
        elif informative:
            yield _not_stated(report, question, informative)


def _stated(report: Report, question: Question) -> Finding:
    """The base is printed: does each share follow from it?"""
    base = question.stated or 1
    wrong, other = [], []
    for answer, row in question.shares.items():
        if (count := question.counts.get(answer)) is None:
            continue
        rules = [rule for rule in ROUNDINGS if count <= base and rounds_to(count, base, row.value, rule)]  # type: ignore[arg-type]
        if not rules:
            wrong.append((count, row))
        elif not set(rules) & set(report.roundings):
            other.append((count, row))
    if wrong or other:
        sums = [
            f"{count} av {base} er {comma(Fraction(100 * count, base), row.decimals + 1)} prosent, men {row.printed} er trykt"
            for count, row in wrong or other
        ]
        verdict = Verdict.IMPOSSIBLE if wrong else Verdict.INCONSISTENT
        rest = "" if wrong else " Det passer bare med avkutting, og andre tall i rapporten er ikke avkuttet."
        reproduce = "[" + ", ".join(_call(count, base, row) for count, row in wrong or other) + "]"
        return _finding(question, verdict, Certainty.CERTAIN, f"{_sentence(sums)}{rest}", reproduce)
    sentence = f"Prosentene følger av antallene og den trykte nevneren, {base}."
    return _finding(question, Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def _not_stated(report: Report, question: Question, informative: list[tuple[int, Decimal]]) -> Finding:
    """No base is printed: which one is implied?"""
    bases = {rule: implied_bases(informative, rule) for rule in ROUNDINGS}
    origin = question.id.partition(".")[0]
    asked = report.respondents(origin)
    if asked:
        bases = {rule: [base for base in fit if base <= asked] for rule, fit in bases.items()}
    if question.exclusive:
        least = sum(question.counts.values())
        bases = {rule: [base for base in fit if base >= least] for rule, fit in bases.items()}
    reproduce = f"implied_bases({_pairs(informative)})"
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
        sentence = f"Prosentene passer bare med {ROUNDING_NAMES[rule]}, som andre tall i rapporten utelukker."
        return _finding(
            question, Verdict.INCONSISTENT, Certainty.LIKELY, sentence, reproduce, _table(question)
        )
    shown = spans(allowed) if len(allowed) <= LONG else f"{allowed[0]}–{allowed[-1]}"
    sentence = f"Nevneren er ikke trykt. Prosentene passer med {shown}"
    sentence += (
        f", men ikke med de {asked} som svarte på undersøkelsen." if asked and asked not in allowed else "."
    )
    certainty = Certainty.CERTAIN if len(question.pairs) > 1 else Certainty.LIKELY
    return _finding(question, Verdict.NOT_STATED, certainty, sentence, reproduce, _table(question))


def _remedy(report: Report, question: Question) -> str:
    """Which single change to a printed count would make all percentages fit."""
    found = []
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
                found.append(
                    f"var antallet {counts[answer]} i stedet for {question.counts[answer]}, passer {spans(fits)}"
                )
    return f" {_sentence(found)}" if found else ""


def check_parts(report: Report) -> Iterator[Finding]:
    """Parts against their whole: shares of a hundred, counts of a total."""
    yield from _shares_of_hundred(report)
    yield from _counts_of_whole(report)
    for row in report.first:
        if row.id.endswith(".total.count"):
            yield from _table_total(report, row)


def _shares_of_hundred(report: Report) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str], list[Statistic]] = defaultdict(list)
    for row, found in report.using("share"):
        match = EQUALS.fullmatch(found.arguments[0])
        if match and match[1] in found.arguments[1] and row.relation == "=":
            groups[row.id.partition(".")[0], match[1], found.arguments[1]].append(row)
    for (origin, column, base), rows in groups.items():
        if len(rows) < 2 or (origin, column) in report.binary:
            continue
        least = sum(report.limits(row)[0] for row in rows)
        printed = sum(row.value for row in rows)  # type: ignore[misc]
        ids = tuple(row.id for row in rows)
        terms = " + ".join(row.printed for row in rows)
        subject = f"{origin}.{column}" if base == f"{column}.notna()" else f"{origin}.{column}.{_slug(base)}"
        if least > 100:
            sentence = f"Hver svarte én gang, men {terms} er {printed}, mer enn avrunding kan forklare."
            yield Finding(
                Kind.PARTS,
                subject,
                ids,
                Verdict.IMPOSSIBLE,
                Certainty.CERTAIN,
                sentence,
                terms.replace(",", "."),
            )
        else:
            sentence = f"De trykte andelene er til sammen {comma(printed, 0)} og overstiger ikke hundre mer enn avrunding kan gi."
            yield Finding(Kind.PARTS, subject, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def _counts_of_whole(report: Report) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    for row, found in report.using("count"):
        match = EQUALS.fullmatch(found.arguments[0])
        if match and row.relation == "=":
            groups[row.id.partition(".")[0], match[1]].append(row)
    for (origin, column), rows in groups.items():
        own = report.find(origin, "count", f"{column}.notna()")
        whole = own or report.find(origin, "count", "id.notna()")
        if len(rows) < 2 or whole is None or whole.value is None:
            continue
        total, parts = int(whole.value), sum(int(row.value or 0) for row in rows)
        ids = (*(row.id for row in rows), whole.id)
        terms = " + ".join(str(int(row.value or 0)) for row in rows)
        full = own is not None and _complete(report, origin, column, len(rows))
        if parts > total or (full and parts != total):
            sentence = f"Delene er {terms} = {parts}, men helheten er trykt som {total}."
            verdict = Verdict.IMPOSSIBLE if parts > total else Verdict.INCONSISTENT
            yield Finding(
                Kind.PARTS, f"{origin}.{column}.count", ids, verdict, Certainty.CERTAIN, sentence, terms
            )
        elif parts == total:
            sentence = f"Delene er {terms} = {parts}, som helheten."
            yield Finding(
                Kind.PARTS, f"{origin}.{column}.count", ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence
            )


def _complete(report: Report, origin: str, column: str, parts: int) -> bool:
    """Whether the printed shares of the column's answers leave no room for another answer."""
    rows = [
        row
        for row, found in report.using("share")
        if row.id.startswith(f"{origin}.")
        and found.arguments[0].startswith(f"{column} == ")
        and found.arguments[1] == f"{column}.notna()"
    ]
    return len(rows) == parts and sum(row.value for row in rows) >= 99  # type: ignore[misc]


def _table_total(report: Report, total: Statistic) -> Iterator[Finding]:
    prefix = total.id.removesuffix("total.count")
    parts = [
        row
        for row in report.first
        if row.id.startswith(prefix)
        and row.unit == "count"
        and row.id != total.id
        and row.place.startswith("Tabell")
    ]
    if len(parts) < 2:
        return
    values = [int(row.value or 0) for row in parts]
    terms = " + ".join(map(str, values))
    agrees = sum(values) == total.value
    sentence = f"Cellene i {parts[0].place} er {terms} = {sum(values)}, {'som' if agrees else 'men'} summen er trykt som {total.printed}."
    yield Finding(
        Kind.PARTS,
        total.id,
        (*(row.id for row in parts), total.id),
        Verdict.CONSISTENT if agrees else Verdict.IMPOSSIBLE,
        Certainty.CERTAIN if agrees else Certainty.LIKELY,
        sentence,
        terms,
    )


def _finding(
    question: Question,
    verdict: Verdict,
    certainty: Certainty,
    sentence: str,
    reproduce: str = "",
    table: tuple[tuple[str, ...], ...] = (),
) -> Finding:
    rows = tuple(row.id for answer, row in question.shares.items() if answer in question.counts)
    subject = question.id if len(rows) > 1 else rows[0].removesuffix(".pct")
    return Finding(Kind.SHARES, subject, rows, verdict, certainty, sentence, reproduce, table)


def _table(question: Question) -> tuple[tuple[str, ...], ...]:
    """Count, percentage and bases of each answer under the rules."""
    head = ("Rad", "Antall", "Trykt prosent", *(f"Nevnere, {ROUNDING_NAMES[rule]}" for rule in ROUNDINGS))
    body = [
        (
            row.statement,
            str(question.counts[answer]),
            row.printed,
            *(_bases(question.counts[answer], row, rule) for rule in ROUNDINGS),
        )
        for answer, row in question.shares.items()
        if answer in question.counts
    ]
    return (head, *body)


def _bases(count: int, row: Statistic, rule: str) -> str:
    if not count or not row.value:
        return "alle"
    bases = base_range(count, row.value, rule)
    return f"{bases[0]}–{bases[-1]}" if len(bases) > 1 else spans(bases)


def _call(count: int, base: int, row: Statistic) -> str:
    return f"rounds_to({count}, {base}, Decimal('{row.value}'))"


def _pairs(pairs: list[tuple[int, Decimal]]) -> str:
    return "[" + ", ".join(f"({count}, Decimal('{percent}'))" for count, percent in pairs) + "]"


def _sentence(clauses: list[str]) -> str:
    text = listing(clauses)
    return text[:1].upper() + text[1:] + "."


def _slug(text: str) -> str:
    return "_".join(part for part in "".join(c if c.isalnum() else " " for c in text).split())
