"""Join what the registers say to answers, by number and date; every unit that does not match is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from frivillig.registers.brreg import BASE as BRREG
from frivillig.registers.brreg import organisations
from frivillig.registers.client import Client
from frivillig.registers.klass import BASE as KLASS
from frivillig.registers.klass import OSLO, Klass, follow
from frivillig.registers.statbank import BASE as STATBANK
from frivillig.registers.statbank import Statbank

# The report counts those of 66 years and older.
OLDER = 66
# The first two digits of a number, in the division that each was part of: 2020–2023, and from 2024.
COUNTIES = {
    "03": "oslo",
    "11": "rogaland",
    "15": "more_og_romsdal",
    "18": "nordland",
    "30": "viken",
    "31": "viken",
    "32": "viken",
    "33": "viken",
    "34": "innlandet",
    "38": "vestfold_og_telemark",
    "39": "vestfold_og_telemark",
    "40": "vestfold_og_telemark",
    "42": "agder",
    "46": "vestland",
    "50": "trondelag",
    "54": "troms_og_finnmark",
    "55": "troms_og_finnmark",
    "56": "troms_og_finnmark",
}
COLUMNS = (
    "county",
    "centrality",
    "population",
    "elderly_share",
    "expenses_per_capita",
    "expenses_share",
    "organisation_density",
)


@dataclass(frozen=True)
class Unmatched:
    """A unit that a register says nothing of, and why."""

    unit: str
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.unit}, {self.column}: {self.reason}"


@dataclass(frozen=True)
class Linked:
    """What the registers say.

    Attributes:
        values: One row per respondent, with the columns of the municipal survey that registers fill.
        unmatched: What is missing, and why.
    """

    values: pd.DataFrame
    unmatched: list[Unmatched]


def link(
    units: Mapping[str, str],
    asked: date,
    *,
    client: Client,
    population_year: int,
    accounts_year: int,
    bases: Mapping[str, str] | None = None,
) -> Linked:
    """What the registers say of the units that answered.

    Args:
        units: Number of the municipality (four digits) or district of Oslo (six) by respondent.
        asked: The day when the numbers were valid.
        client: What asks.
        population_year: Population on 1 January of this year.
        accounts_year: Expenses of this year.
        bases: Other addresses than the registers' own: `statbank`, `klass`, `brreg`.

    Returns:
        The values, and every unit and column without one. A municipality that was merged or split
        between the dates gets no value: its own is nowhere to be found.

    Raises:
        RegisterError: when a register gives no whole answer.
    """
    bases = bases or {}
    klass = Klass(client, bases.get("klass", KLASS))
    statbank = Statbank(client, bases.get("statbank", STATBANK))
    known = klass.units(asked)
    unmatched = [
        Unmatched(unit, column, f"no municipality or district has this number on {asked}")
        for unit in sorted(set(units.values()) - set(known))
        for column in COLUMNS
    ]
    valid = sorted(set(units.values()) & set(known))
    table = pd.DataFrame(index=valid, columns=list(COLUMNS), dtype=object)
    table["county"] = [COUNTIES.get(unit[:2]) for unit in valid]
    reasons: dict[tuple[str, str], str] = {}

    def at(day: date, columns: tuple[str, ...]) -> dict[str, str]:
        """The number of each unit on another day; where it has none, the columns say why."""
        forward = day > asked
        changes = klass.changes(*sorted((asked, day)))
        numbers = {}
        for unit in valid:
            number, reason = follow(unit, changes, forward=forward)
            if number:
                numbers[unit] = number
            reasons.update({(unit, column): reason for column in columns if reason})
        return numbers

    numbers = at(date(population_year, 1, 1), ("population", "elderly_share", "organisation_density"))
    people = statbank.population(numbers.values(), population_year)
    everyone = people.groupby("unit")["persons"].sum()
    older = people[people["age"] >= OLDER].groupby("unit")["persons"].sum()
    table["population"] = _by_unit(numbers, everyone)
    table["elderly_share"] = _by_unit(numbers, older / everyone)

    # Numbers change on 1 January: the accounts are the old number's, the people after them the new one's.
    numbers = at(date(accounts_year, 12, 31), ("expenses_per_capita", "expenses_share"))
    care = statbank.expenses(numbers.values(), accounts_year)
    later = at(date(accounts_year + 1, 1, 1), ("expenses_per_capita",))
    after = statbank.population(later.values(), accounts_year + 1).groupby("unit")["persons"].sum()
    if len(care):
        spent = 1000 * _by_unit(numbers, care["thousand_kroner"])
        table["expenses_per_capita"] = spent / _by_unit(later, after)
        table["expenses_share"] = _by_unit(numbers, care["percent"])

    # Oslo's districts lie in the municipality of Oslo.
    municipality = {unit: OSLO if unit.startswith(OSLO) else unit for unit in valid}
    table["centrality"] = _by_unit(municipality, klass.centrality(asked))

    # This register knows today's municipalities only.
    numbers = at(date.today(), ("organisation_density",))
    counts = organisations(client, numbers.values(), asked, bases.get("brreg", BRREG))
    table["organisation_density"] = 100 * _by_unit(numbers, counts) / table["population"]
    reasons |= {
        (unit, "organisation_density"): "the register knows municipalities, not districts"
        for unit in valid
        if len(unit) == 6
    }

    for unit in valid:
        for column in COLUMNS:
            if pd.isna(table.loc[unit, column]):
                reason = reasons.get((unit, column), "the register has no number for it")
                unmatched.append(Unmatched(unit, column, reason))
    rows = {respondent: table.loc[unit] for respondent, unit in units.items() if unit in table.index}
    values = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).reindex(list(units))
    return Linked(values.rename_axis("id"), sorted(unmatched, key=str))


def _by_unit(numbers: Mapping[str, str], values: Any) -> pd.Series:
    """Values that a register has by number, for the units that have these numbers."""
    return pd.Series({unit: values.get(number) for unit, number in numbers.items()}, dtype=float)
