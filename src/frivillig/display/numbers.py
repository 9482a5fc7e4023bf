"""Norwegian numbers: decimal comma, no-break space for thousands, real minus."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal

from frivillig.data import UP_TO_TWELVE, Statistic, read_categories, smallest_cell

LOCALE = "nb_NO"
NO_BREAK_SPACE = "\u00a0"
# In the place of a number of real respondents that must not be shown.
HIDDEN = "skjult"
# In the place of a model that cannot be estimated, or is of so few that it would tell of them.
TOO_FEW = "for få svar"
# In the place of a number that there is none of.
MISSING = "–"
# What follows a number in running text, by unit; other units say it in the sentence.
WORDS = {"percent": "prosent", "percentage_points": "prosentpoeng"}


# Units that the statement or the number itself makes plain.
PLAIN_UNITS = {
    *("count", "date", "year", "identifier", "wording"),
    *("share", "correlation", "coefficient", "odds_ratio", "p_value"),
}
# Before a printed number that is a limit.
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
# Beyond this, an estimate says no more than that it has no end.
ENDLESS = 1e15


def number(value: float | Decimal, decimals: int = 0) -> str:
    """A number, rounded half up: 4758.8 is '4 759' and -0.325 with two decimals '−0,33'.

    A missing number is 'skjult' once real answers are read, and a dash before. An endless one, as the
    place where an almost level curve reaches one half, is '∞'.
    """
    if value != value:
        return HIDDEN if smallest_cell() else MISSING
    if abs(value) > ENDLESS:
        return "∞" if value > 0 else "−∞"
    # Adding zero takes the sign from a zero.
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    # Babel puts a hyphen where a pattern is given.
    return format_decimal(rounded, format=pattern, locale=LOCALE).replace("-", "−")


def percent(value: float | Decimal, decimals: int = 0) -> str:
    """A percentage for tables and figures: '57 %', never broken across lines."""
    shown = number(value, decimals)
    return shown if shown in (HIDDEN, MISSING) else f"{shown}{NO_BREAK_SPACE}%"


def interval(low: float, high: float, decimals: int = 0) -> str:
    """An interval: '50–64'; one number when both ends show the same."""
    return _between(low, high, decimals, "–")


def span(low: float, high: float, decimals: int = 0) -> str:
    """An interval whose ends may be negative: '−3 til 22', never broken; one number if they are the same."""
    return _between(low, high, decimals, f"{NO_BREAK_SPACE}til{NO_BREAK_SPACE}")


def _between(low: float, high: float, decimals: int, word: str) -> str:
    ends = number(low, decimals), number(high, decimals)
    if ends[0] == ends[1] or low != low:
        return ends[0]
    return ends[1] if high != high else f"{ends[0]}{word}{ends[1]}"


def p_value(low: float, high: float | None = None) -> str:
    """A p-value, or the span of several: 'p = 0,12', 'p < 0,001', 'p = 0,045–0,15', 'p ≤ 0,15'."""
    ends = [low, low if high is None else high]
    if any(end != end for end in ends):
        return number(float("nan"))
    shown = [number(end, 3 if end < 0.1 else 2) for end in ends]
    if ends[1] < 0.001:
        sign, value = "<", "0,001"
    elif ends[0] < 0.001:
        sign, value = "≤", shown[1]
    else:
        sign, value = "=", shown[0] if shown[0] == shown[1] else f"{shown[0]}–{shown[1]}"
    return NO_BREAK_SPACE.join(("p", sign, value))


def forms(numbers: Iterable[float], decimals: Iterable[int] = (0,)) -> tuple[str, ...]:
    """The forms in which numbers are written, longest first."""
    written = {number(value, places) for value in numbers if value == value for places in decimals}
    return tuple(sorted(written, key=lambda form: (-len(form), form)))


def without(text: str, counts: Iterable[str], shares: Iterable[str]) -> str:
    """A text in which withheld numbers are exchanged for a word; a share is known by its percent sign.

    Numbers of figures, as 3.1, and the level of '95 prosents intervaller' stay.
    """
    start, end, share = r"(?<![\d,.\u00a0−])", r"(?!\d|[,.]\d|\u00a0\d)", r"(?:[\u00a0 ]%|[\u00a0 ]prosent\b)"
    for form in shares:
        text = re.sub(rf"{start}{re.escape(form)}{end}{share}", HIDDEN, text)
    for form in counts:
        text = re.sub(rf"{start}{re.escape(form)}{end}(?![\u00a0 ](?:%|prosent))", HIDDEN, text)
    return text


def join(words: Sequence[str]) -> str:
    """An enumeration: 'a, b og c'."""
    return format_list(words, locale=LOCALE)


def period(text: str) -> tuple[date, date]:
    """The first and the last day that a printed date may mean.

    Args:
        text: A year, a month with its year or a day with its year: '2020', 'november 2021',
            '18. oktober 2023'.

    Raises:
        ValueError: when the text is neither.
    """
    months = {name: number for number, name in get_month_names("wide", locale=LOCALE).items()}
    match = re.fullmatch(r"(?:(?:(?P<day>\d{1,2})\. )?(?P<month>[a-z]+) )?(?P<year>\d{4})", text)
    if not match or (match["month"] and match["month"] not in months):
        raise ValueError(f"'{text}' is no date such as '2020', 'november 2021' or '18. oktober 2023'")
    year, month = int(match["year"]), months.get(match["month"])
    if match["day"]:
        return (day := date(year, month, int(match["day"]))), day
    first, last = month or 1, month or 12
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def printed(statistic: Statistic, *, unit: bool = True) -> str:
    """A printed number in the format of this edition, with the decimals that the report prints.

    Args:
        statistic: A row of the spine.
        unit: Whether percent and percentage points are followed by the word.

    Raises:
        ValueError: when the report's text has lost the number.
    """
    if not statistic.printed:
        raise ValueError(f"{statistic.id}: the report's text has lost this number")
    value = statistic.value
    if value is None or statistic.printed.isalpha():
        return statistic.printed
    text = number(value, statistic.decimals)
    if unit and statistic.unit in WORDS:
        return f"{text}{NO_BREAK_SPACE}{WORDS[statistic.unit]}"
    return text


def as_printed(statistic: Statistic) -> str:
    """A number as the report prints it, with the limit it sets and its unit; words stand in guillemets."""
    if not statistic.printed:
        return MISSING
    if statistic.unit == "wording":
        return f"«{statistic.printed}»"
    sign = f"{SIGNS[statistic.relation]} " if statistic.relation in SIGNS else ""
    unit = "" if statistic.unit in PLAIN_UNITS else read_categories("statistics", "unit")[statistic.unit]
    return f"{sign}{statistic.printed} {unit}".strip()


def original(statistic: Statistic) -> str:
    """The table or figure of the report that holds a number: 'Figur 3.2', also where the text repeats it."""
    return statistic.place.partition(" (")[0]


def spelled(value: int) -> str:
    """A whole number as running text has it: words up to twelve, digits from there on."""
    return UP_TO_TWELVE[value] if 0 <= value <= 12 else number(value)
