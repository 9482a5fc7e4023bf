"""Full regression tables, as an appendix has them: coefficients, standard errors, odds, fit, stars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from frivillig.display import guard
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.models import HEADINGS, p_cell
from frivillig.display.numbers import TOO_FEW, number, percent, span
from frivillig.statistics.models import CONSTANT

COEFFICIENT = "Koeffisient (standardfeil)"
ODDS = "Oddsforhold (95 % intervall)"
MEASURES = {"mcfadden": "McFadden", "cox_snell": "Cox og Snell", "nagelkerke": "Nagelkerke"}
LOG_LIKELIHOOD = "Log-likelihood"
NOT_SIGNIFICANT = "ikke signifikant"


@guarded(guard.models)
def regression(
    data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: Sequence[str]
) -> Exhibit:
    """A table of coefficients with standard errors and odds ratios, one row per model and term.

    Args:
        data: `term`, `n`, `coef` (log odds), `se`, `low` and `high` (of the log odds) and `p`.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`, in its order.
    """
    rows = data.to_dict("records")
    cells = pd.DataFrame(
        {
            heading: list(labels),
            COEFFICIENT: [_coefficient(row) for row in rows],
            ODDS: [_odds(row) for row in rows],
            HEADINGS["p"]: [p_cell(row["p"]) for row in rows],
        }
    )
    download = pd.DataFrame(
        {
            heading: list(labels),
            HEADINGS["n"]: data["n"].to_numpy(),
            "Koeffisient": data["coef"].to_numpy(),
            HEADINGS["se"]: data["se"].to_numpy(),
            "Intervall fra": data["low"].to_numpy(),
            "Intervall til": data["high"].to_numpy(),
            "Oddsforhold": np.exp(data["coef"]).mask(data["term"] == CONSTANT).to_numpy(),
            HEADINGS["p"]: data["p"].to_numpy(),
        }
    )
    return Exhibit(name, caption, cells, download)


@guarded(guard.models)
def fits(data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: Sequence[str]) -> Exhibit:
    """A table of how well models fit.

    Args:
        data: `n`, `log_likelihood`, and the three pseudo-R² as fractions.
        name: Label, `tab-…`.
        caption: What the table shows, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`, in its order.
    """
    shown = {heading: list(labels), HEADINGS["n"]: [number(value) for value in data["n"]]}
    shown[LOG_LIKELIHOOD] = [number(value, 1) for value in data["log_likelihood"]]
    for measure, label in MEASURES.items():
        shown[label] = [percent(100 * value, 1) for value in data[measure]]
    named = {"n": HEADINGS["n"], "log_likelihood": LOG_LIKELIHOOD, **MEASURES}
    download = data[list(named)].rename(columns=named).reset_index(drop=True)
    download.insert(0, heading, list(labels))
    return Exhibit(name, caption, pd.DataFrame(shown), download)


def stars(coefficient: float, p: float, limits: Sequence[float]) -> str:
    """A sign with stars, as simplified regression tables have it: '+ ***', '− *'; words where it has none.

    Args:
        coefficient: The estimate; only its sign is shown.
        p: Its p-value.
        limits: Largest p-value of each number of stars, from one star on.
    """
    if coefficient != coefficient:
        return TOO_FEW
    reached = sum(p <= limit for limit in limits)
    return f"{'+' if coefficient > 0 else '−'} {'*' * reached}" if reached else NOT_SIGNIFICANT


def _coefficient(row: dict[str, Any]) -> str:
    if row["coef"] != row["coef"]:
        return TOO_FEW
    return f"{_short(row['coef'])} ({_short(row['se'])})"


def _odds(row: dict[str, Any]) -> str:
    """An odds ratio with its interval; the constant has none."""
    if row["term"] == CONSTANT:
        return "–"
    return f"{_short(np.exp(row['coef']))} ({span(np.exp(row['low']), np.exp(row['high']), 2)})"


def _short(value: float) -> str:
    """Two decimals, and one more for numbers that would lose most of theirs."""
    return number(value, 3 if abs(value) < 0.1 else 2)
