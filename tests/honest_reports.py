"""Small reports built from random respondents, so that all they print is right, and errors to plant in them.

Shared by tests/test_audit_random.py and bench/audit.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from math import exp, sqrt

import numpy as np

from frivillig.data import Statistic
from frivillig.statistics.published import ROUNDINGS

Rows = dict[str, Statistic]


class Writer:
    """Writes rows under one rule of rounding."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.rows: Rows = {}

    def number(self, value: float | Fraction, decimals: int) -> str:
        exact = (
            Decimal(value.numerator) / value.denominator
            if isinstance(value, Fraction)
            else Decimal(repr(float(value)))
        )
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=self.rule)
        return str(rounded).replace(".", ",")

    def add(self, id: str, printed: str, unit: str, stat: str = "", **more: object) -> None:
        values = {field.name: "" for field in fields(Statistic)} | {"n": None, "base": None, "relation": "="}
        values |= {"id": f"survey.{id}", "printed": printed, "unit": unit, "stat": stat, "role": "target"}
        self.rows[f"survey.{id}"] = Statistic(
            **(values | {"chapter": "a", "place": "Tabell 1", "statement": id} | more)
        )

    def share(self, id: str, part: int, whole: int, stat: str, **more: object) -> None:
        self.add(id, self.number(Fraction(100 * part, whole), 0), "percent", stat, **more)

    def count(self, id: str, k: int, condition: str) -> None:
        self.add(id, str(k), "count", f"count | {condition}")


def honest(rng: np.random.Generator) -> Rows:
    """The spine of a random survey, with four of the six parts below."""
    write, n = Writer(ROUNDINGS[rng.integers(3)]), int(rng.integers(40, 220))
    write.count("answered.count", n, "id.notna()")
    y = rng.random(n) < rng.uniform(0.3, 0.7)
    for part in rng.permutation([_sets, _choice, _table, _cross, _means, _models])[:4]:
        part(write, rng, n, y)
    return write.rows


def _sets(write: Writer, rng: np.random.Generator, n: int, y: np.ndarray) -> None:
    """Three overlapping answers and `none`; shares of those who answered the question."""
    base = n - int(rng.integers(0, 4))
    marked = {name: rng.random(base) < rng.uniform(0.2, 0.8) for name in ("a", "b", "c")}
    marked["none"] = ~(marked["a"] | marked["b"] | marked["c"])
    for name, answers in marked.items():
        k = int(answers.sum())
        write.share(f"set.{name}.pct", k, base, f"share | set_{name} == 1 | set_a.notna()", n=k)
        write.count(f"set.{name}.count", k, f"set_{name} == 1")
    for first, second in (("a", "b"), ("a", "c")):
        both = int((marked[first] & marked[second]).sum())
        write.count(f"overlap.{first}_{second}.count", both, f"set_{first} == 1 and set_{second} == 1")


def _choice(write: Writer, rng: np.random.Generator, n: int, y: np.ndarray) -> None:
    """One answer each, with the base printed."""
    base = n - int(rng.integers(0, 10))
    counts = rng.multinomial(base, rng.dirichlet([3, 3, 2]))
    write.count("choice.asked.count", base, "choice.notna()")
    for name, k in zip(("yes", "no", "unsure"), counts, strict=True):
        stat = f'share | choice == "{name}" | choice.notna()'
        write.share(f"choice.{name}.pct", int(k), base, stat, n=int(k), base=base)
        write.count(f"choice.{name}.count", int(k), f'choice == "{name}"')
    k = int(counts[0])
    write.add(
        "choice.text.pct",
        write.rows["survey.choice.yes.pct"].printed,
        "percent",
        repeats="survey.choice.yes.pct",
    )
    words = _words(100 * k / base)
    if words:
        write.add("choice.yes.wording", words, "wording", repeats="survey.choice.yes.pct", relation="~")


def _words(share: float) -> str:
    """A phrase that says a share, or nothing."""
    for low, high, words in (
        (51, 59, "litt over halvparten"),
        (27, 33, "over en fjerdedel"),
        (5, 24, "et lite mindretall"),
        (60, 66, "et flertall"),
        (67.5, 100, "et stort flertall"),
    ):
        if low < share < high:
            return words
    return ""


def _table(write: Writer, rng: np.random.Generator, n: int, y: np.ndarray) -> None:
    """The share with the outcome by group and in all, without counts."""
    group = rng.integers(0, 4, n)
    for name in range(4):
        inside = y[group == name]
        if len(inside):
            stat = f'share | y == 1 | group == "{name}"'
            write.share(f"group.g{name}.pct", int(inside.sum()), len(inside), stat)
    write.share("group.total.pct", int(y.sum()), n, "share | y == 1 | y.notna()")


def _cross(write: Writer, rng: np.random.Generator, n: int, y: np.ndarray) -> None:
    """A binary variable, some values missing, with mean, spread and its relation to the outcome."""
    present = rng.random(n) < 0.95
    x = (rng.random(n) < np.where(y, 0.6, 0.35))[present]
    outcome, m = y[present], int(present.sum())
    k, a, b = int(x.sum()), int((x & outcome).sum()), int((~x & outcome).sum())
    c, d = k - a, m - k - b
    if min(a, b, c, d) == 0:
        return
    write.count("x.n", m, "x.notna()")
    write.add("x.mean", write.number(Fraction(k, m), 2), "share", "mean | x")
    write.add("x.sd", write.number(sqrt(k * (m - k) / m / (m - rng.integers(2))), 2), "share", "sd | x")
    r = (a * d - b * c) / sqrt(k * (m - k) * (a + b) * (c + d))
    write.add("x.y.r", write.number(r, 2), "correlation", "corr | y | x | r")
    write.add("x.y.odds", write.number(Fraction(a * d, b * c), 2), "odds_ratio", "logit | y ~ x | odds x")
    write.share("x.with.pct", a, k, "share | y == 1 | x == 1")
    write.share("x.without.pct", b, m - k, "share | y == 1 | x == 0")


def _means(write: Writer, rng: np.random.Generator, n: int, y: np.ndarray) -> None:
    """Means of two groups in persons and of all in thousands."""
    if 0 < y.sum() < n:
        v = rng.integers(500, 60000, n) + 4000 * y
        write.count("v.n", n, "v.notna()")
        write.add(
            "v.mean", write.number(Fraction(int(v.sum()), 1000 * n), 2), "thousand_persons", "mean | v / 1000"
        )
        for value in (0, 1):
            part = v[y == value]
            mean = write.number(Fraction(int(part.sum()), len(part)), 0)
            write.add(f"v.group{value}.mean", mean, "persons", f"mean | v | y == {value}")


def _models(write: Writer, rng: np.random.Generator, n: int, y: np.ndarray) -> None:
    """A coefficient with its odds ratio, and a p-value."""
    slope = float(rng.normal(0, 1))
    write.add("model.coef", write.number(slope, 3), "coefficient", "logit | y ~ z | coef z")
    write.add("model.odds", write.number(exp(slope), 2), "odds_ratio", "logit | y ~ z | odds z")
    write.add("model.p", write.number(rng.uniform(0.002, 1), 3), "p_value", "logit | y ~ z | p z")


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────


def _shift(
    id: str, step: str, most: int, beside: str | None = None
) -> Callable[[Rows, np.random.Generator], Rows | None]:
    """Move a printed number up or down by one to `most` steps; with it the `n` of the row `beside`."""

    def plant(rows: Rows, rng: np.random.Generator) -> Rows | None:
        if f"survey.{id}" not in rows:
            return None
        row = rows[f"survey.{id}"]
        change = Decimal(step) * int(rng.integers(1, most + 1)) * (1 if rng.random() < 0.5 else -1)
        value = row.value + change
        if (row.unit in ("percent", "count", "share") and value < 0) or value == row.value:
            value = row.value - change
        changed = rows | {row.id: replace(row, printed=str(value).replace(".", ","))}
        if row.unit == "percent" and row.n is None and value > 100:
            return None
        if beside:
            share = changed[f"survey.{beside}"]
            changed[share.id] = replace(share, n=int(value))
        return changed

    return plant


ERRORS: dict[str, Callable[[Rows, np.random.Generator], Rows | None]] = {
    "percentage beside a count, base not printed": _shift("set.a.pct", "1", 5),
    "count beside a percentage, base not printed": _shift("set.b.count", "1", 5, beside="set.b.pct"),
    "overlap of two sets": _shift("overlap.a_b.count", "1", 20),
    "percentage beside a count, base printed": _shift("choice.yes.pct", "1", 5),
    "count beside a percentage, base printed": _shift("choice.no.count", "1", 5, beside="choice.no.pct"),
    "whole of printed parts": _shift("choice.asked.count", "1", 5),
    "number repeated elsewhere": _shift("choice.text.pct", "1", 5),
    "number beside words for it": _shift("choice.yes.pct", "20", 1),
    "share of one group in a table": _shift("group.g1.pct", "1", 10),
    "total share of a table": _shift("group.total.pct", "1", 10),
    "mean of noughts and ones": _shift("x.mean", "0.01", 10),
    "their standard deviation": _shift("x.sd", "0.01", 5),
    "correlation in a two-by-two table": _shift("x.y.r", "0.01", 10),
    "odds ratio in a two-by-two table": _shift("x.y.odds", "0.05", 10),
    "share in a two-by-two table": _shift("x.with.pct", "1", 10),
    "mean of a group": _shift("v.group1.mean", "1000", 5),
    "mean of all": _shift("v.mean", "1", 5),
    "odds ratio of a coefficient": _shift("model.odds", "0.05", 5),
    "p-value out of range": _shift("model.p", "1.1", 1),
}
