"""Ranges, logistic regressions and explained variance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import exp, log

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, listing, shown
from frivillig.audit.means import outcomes
from frivillig.audit.structure import Report
from frivillig.data import Statistic
from frivillig.statistics.expressions import columns
from frivillig.statistics.published import ROUNDINGS

# Unit: lowest and highest possible value.
RANGES = {
    "p_value": (0, 1),
    "correlation": (-1, 1),
    "percent": (0, 100),
    "share": (0, 1),
    "odds_ratio": (0, None),
}
NO_EFFECT = ("ingen innvirkning", "ingen effekt", "ingen sammenheng")
# The report's widest level of significance; a reader takes "no effect" as nothing within it.
LEVEL = 0.10


def check_ranges(report: Report) -> Iterator[Finding]:
    """Values outside what their unit allows, standard deviations below nought among them."""
    outside = 0
    for row in report.rows:
        low, high = RANGES.get(row.unit, (None, None))
        value = row.value or 0
        if row.id.endswith(".sd"):
            low = 0
        wrong = (low is not None and value < low) or (high is not None and value > high)
        # Nothing is strictly below the lowest value, nor above the highest.
        wrong |= (row.relation == "<" and value == low) or (row.relation == ">" and value == high)
        wrong |= row.unit == "p_value" and value == 0 and row.relation in ("=", "<=")
        if wrong:
            outside += 1
            printed = f"{row.relation} {shown(row)}" if row.relation in ("<", ">") else shown(row)
            area = f"fra {low}" + (f" til {high}" if high is not None else " og opp")
            sentence = f"«{row.statement}» er trykt som {printed}, men kan bare være {area}."
            if row.unit == "p_value" and value <= 0:
                sentence = f"En p-verdi er større enn null, men «{row.statement}» er trykt som {printed}."
                if value == 0 and row.decimals:
                    least = comma(Decimal(5).scaleb(-row.decimals - 1), row.decimals + 1)
                    sentence += f" Mange program viser {shown(row)} når p-verdien er under {least}."
            yield Finding(Kind.RANGE, row.id, (row.id,), Verdict.IMPOSSIBLE, Certainty.CERTAIN, sentence)
    checked = [row.id for row in report.rows if row.unit in RANGES]
    if checked and not outside:
        sentence = f"Alle de {len(checked)} p-verdiene, korrelasjonene og andelene er innenfor det mulige."
        yield Finding(Kind.RANGE, "all", tuple(checked), Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def check_logits(report: Report) -> Iterator[Finding]:
    """Slope, threshold and margin of a model with one term; coefficient against odds ratio."""
    models: dict[tuple[str, str], dict[str, Statistic]] = {}
    for measure in ("coef", "odds", "x50"):
        for row, found in report.using("logit", measure):
            models.setdefault((row.id.partition(".")[0], found.arguments[0]), {})[measure] = row
    for (origin, formula), rows in models.items():
        ids = tuple(row.id for row in rows.values())
        outcome, _, term = formula.partition(" ~ ")
        subject = f"{origin}.{outcome}.{_slug(term)}"
        if {"coef", "odds"} <= rows.keys() and all(row.relation == "=" for row in rows.values()):
            low, high = (exp(float(end)) for end in report.limits(rows["coef"], ROUNDINGS))
            least, most = (float(end) for end in report.limits(rows["odds"], ROUNDINGS))
            agrees = low <= most + 1e-9 and least <= high + 1e-9
            sentence = (
                f"Koeffisienten {shown(rows['coef'])} gir et oddsforhold på {comma(low, 3)} til "
                f"{comma(high, 3)}, {'og' if agrees else 'men'} {shown(rows['odds'])} er trykt."
            )
            verdict = Verdict.CONSISTENT if agrees else Verdict.IMPOSSIBLE
            yield Finding(Kind.LOGIT, f"{subject}.odds", ids, verdict, Certainty.CERTAIN, sentence)
        if {"coef", "x50"} <= rows.keys():
            yield _threshold(report, origin, outcome, term, rows, subject)


def _threshold(
    report: Report, origin: str, outcome: str, term: str, rows: dict[str, Statistic], subject: str
) -> Finding:
    """Slope and threshold fix the intercept; with counts on each side the margin has bounds."""
    slope, x50 = report.limits(rows["coef"]), report.limits(rows["x50"])
    corners = [-a * b for a in slope for b in x50]
    ids = [row.id for row in rows.values()]
    sentence = (
        f"Stigningstallet {shown(rows['coef'])} og terskelen {shown(rows['x50'])} "
        f"gir et konstantledd på {comma(min(corners), 3)} til {comma(max(corners), 3)}."
    )
    verdict = Verdict.CONSISTENT
    [name] = [column for column in columns(report.expressions[rows["coef"].id]) if column != outcome]
    above, below = (_beyond(report, origin, f"{name} {sign} ") for sign in "><")
    known, asked = outcomes(report, origin, f"{outcome} == 1"), report.respondents(origin)
    if above and below and known and asked:
        over, under = int(above.value or 0), int(below.value or 0)
        ids += [above.id, below.id]
        # With a rising curve everybody above the threshold is expected above one half, and below it below.
        low, high = (over / 2, over + under / 2) if slope[0] > 0 else (under / 2, under + over / 2)
        agrees = low <= max(known) and min(known) <= high
        verdict = Verdict.CONSISTENT if agrees else Verdict.INCONSISTENT
        if over + under > asked:
            verdict = Verdict.IMPOSSIBLE
            sentence += f" Til sammen er {over} over og {under} under flere enn de {asked} som svarte."
        sentence += (
            f" Med {over} over terskelen og {under} under venter modellen "
            f"{comma(low, 0)} til {comma(high, 0)} ja-svar. "
            f"Andre trykte tall gir {known[0]}{'' if len(known) == 1 else f' til {known[-1]}'}, "
            f"{'innenfor' if agrees else 'utenfor'} dette."
        )
    return Finding(Kind.LOGIT, f"{subject}.threshold", tuple(ids), verdict, Certainty.LIKELY, sentence)


def _beyond(report: Report, origin: str, start: str) -> Statistic | None:
    """The count of those on one side of a threshold."""
    for row, found in report.using("count"):
        if row.id.startswith(f"{origin}.") and found.arguments[0].startswith(start):
            return row
    return None


def readings(percent: float, n: int, share: float) -> dict[str, float]:
    """Two-sided p-value of a single predictor under each reading of its explained variance.

    Args:
        percent: Explained variance.
        n: Respondents in the model.
        share: Share with the outcome, between 0 and 1.

    Returns:
        By measure: the p-value of the likelihood-ratio test; for the squared correlation, of n r².

    Source: Menard, S. (2000), The American Statistician 54, 17-24.
    """
    from scipy.stats import chi2

    r2, entropy = percent / 100, -(share * log(share) + (1 - share) * log(1 - share))
    statistics = {
        "McFadden": 2 * n * entropy * r2,
        "Cox og Snell": -n * log(1 - r2),
        "Nagelkerke": -n * log(1 - r2 * (1 - exp(-2 * entropy))),
        "kvadrert korrelasjon": n * r2,
    }
    return {measure: float(chi2.sf(statistic, 1)) for measure, statistic in statistics.items()}


def check_explained(report: Report) -> Iterator[Finding]:
    """Explained variance: one value per predictor, and what it says of the effect."""
    models: dict[tuple[str, str], list[Statistic]] = {}
    for row, found in report.using("logit", "mcfadden"):
        if row.unit == "percent":
            models.setdefault((row.id.partition(".")[0], found.arguments[0]), []).append(row)
    for (origin, formula), rows in models.items():
        outcome, _, term = formula.partition(" ~ ")
        subject, ids = f"{origin}.{outcome}.{_slug(term)}", tuple(row.id for row in rows)
        if len(rows) > 1 and len({row.value for row in rows}) > 1:
            printed = " og ".join(shown(row) for row in rows)
            sentence = (
                f"Én forklaringsvariabel i ett utvalg har én forklart varians, "
                f"men {printed} prosent er trykt, og målet er ikke oppgitt."
            )
            yield Finding(Kind.EXPLAINED, subject, ids, Verdict.NOT_STATED, Certainty.LIKELY, sentence)
        n, known, asked = (
            report.count(origin, f"{term}.notna()"),
            outcomes(report, origin, f"{outcome} == 1"),
            report.respondents(origin),
        )
        wording = next(
            (row for row in report.spine.values() if row.id == f"{origin}.logit.{term}.wording"), None
        )
        if n and known and asked and wording and wording.printed.lower() in NO_EFFECT:
            ends = [readings(float(end), n, known[0] / asked) for end in report.limits(rows[0])]
            largest = {measure: max(end[measure] for end in ends) for measure in ends[0]}
            fitting = [measure for measure, p in largest.items() if p > LEVEL]
            sentence = (
                f"«{wording.printed}» passer med {shown(rows[0])} prosent forklart varians blant {n} "
                f"bare hvis målet er {listing(fitting, 'eller')}, for ellers er virkningen signifikant. "
                "Målet er ikke oppgitt."
            )
            if not fitting:
                sentence = (
                    f"«{wording.printed}» er trykt, men {shown(rows[0])} prosent "
                    f"forklart varians blant {n} er signifikant etter alle mål."
                )
            verdict = Verdict.NOT_STATED if fitting else Verdict.INCONSISTENT
            if len(fitting) == len(largest):
                verdict, sentence = (
                    Verdict.CONSISTENT,
                    f"«{wording.printed}» passer med {shown(rows[0])} prosent forklart varians.",
                )
            reproduce = f"readings({float(rows[0].value or 0)}, {n}, {known[0]} / {asked})"
            yield Finding(
                Kind.EXPLAINED,
                f"{subject}.effect",
                (*ids, wording.id),
                verdict,
                Certainty.LIKELY,
                sentence,
                reproduce,
            )
    yield from _ceilings(report)


def _ceilings(report: Report) -> Iterator[Finding]:
    """`<source>.r2.others.high.pct` covers the predictors without a row of their own."""
    for row in report.first:
        origin, _, rest = row.id.partition(".")
        if rest != "r2.others.high.pct":
            continue
        own = {part.split(".")[2] for part in report.spine if part.startswith(f"{origin}.r2.")}
        outcome = {f.arguments[0].partition(" ~ ")[0] for r, f in report.using("logit", "mcfadden")}
        for other, found in report.using("corr", "r"):
            low = min(abs(end) for end in report.limits(other)) ** 2 * 100
            square = 100 * float(other.value or 0) ** 2
            if (
                found.arguments[0] in outcome
                and found.arguments[1] not in own
                and low > report.limits(row)[1] + Fraction(1, 2)
            ):
                sentence = (
                    f"Korrelasjonen {shown(other)} svarer til {comma(square, 1)} prosent forklart varians, "
                    f"men det høyeste som er trykt for slike variabler, er {shown(row)}. "
                    "Begge kan stemme med et annet mål enn kvadrert korrelasjon, men målet er ikke oppgitt."
                )
                yield Finding(
                    Kind.EXPLAINED,
                    other.id,
                    (other.id, row.id),
                    Verdict.NOT_STATED,
                    Certainty.POSSIBLE,
                    sentence,
                )


def _slug(term: str) -> str:
    return "_".join("".join(c if c.isalnum() or c == "_" else " " for c in term).split())
