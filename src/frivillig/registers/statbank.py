"""Statistics Norway's tables by PxWebApi 2: population by municipality and age, and KOSTRA expenses.

Source: https://www.ssb.no/api/pxwebapiv2; the data are under CC BY 4.0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from frivillig.registers.client import Client, RegisterError

BASE = "https://data.ssb.no/api/pxwebapi/v2"
POPULATION, DISTRICTS, EXPENSES, DISTRICT_EXPENSES = "07459", "10826", "12362", "12369"
# KOSTRA's codes: net operating expenses, gross operating expenses, thousand kroner, percent of all expenses.
NET, GROSS, AMOUNT, SHARE = "AGD2", "AGD10", "KOSbelop0000", "KOSandel3501"
# Activity and service for older and disabled persons, care in institutions, care at home, and the buildings.
CARE = ("234", "253", "254", "261")


class Statbank:
    """The tables.

    Args:
        client: What asks.
        base: Address of the API.
    """

    def __init__(self, client: Client, base: str = BASE) -> None:
        self._client, self._base = client, base

    def population(self, numbers: Iterable[str], year: int) -> pd.DataFrame:
        """Inhabitants on 1 January by municipality or district of Oslo, and age.

        Args:
            numbers: Four digits for a municipality, six for a district of Oslo.
            year: The year.

        Returns:
            `unit`, `age` (years) and `persons`. Units that the tables do not have are not there, nor
            are those whose number does not hold in the year: the tables say that nobody lives there.
        """
        tables = []
        for table, digits, content in ((POPULATION, 4, "Personer1"), (DISTRICTS, 6, "Personer")):
            wanted = sorted({number for number in numbers if len(number) == digits})
            if wanted:
                tables.append(
                    self.table(
                        table,
                        wanted,
                        {"ContentsCode": [content], "Tid": [str(year)], "Kjonn": None, "Alder": None},
                    )
                )
        found = pd.concat(tables) if tables else pd.DataFrame(columns=["unit", "Alder", "value"])
        ages = found["Alder"].str.extract(r"^(\d+)\+?$")[0]
        if ages.isna().any():
            odd = found.loc[ages.isna(), "Alder"].iloc[0]
            raise RegisterError(f"{self._base}: found the age '{odd}'; expected single years")
        summed = found.assign(age=ages.astype(int)).groupby(["unit", "age"])["value"].sum(min_count=1)
        lived_in = summed.groupby("unit").transform("sum") > 0
        return summed[lived_in].rename("persons").reset_index()

    def expenses(self, numbers: Iterable[str], year: int, functions: Sequence[str] = CARE) -> pd.DataFrame:
        """What care costs.

        Args:
            numbers: As for `population`.
            year: The year of the accounts.
            functions: KOSTRA functions that count as care.

        Returns:
            By unit: `thousand_kroner` (net operating expenses) and `percent` (gross, of all).
        """
        parts = []
        for name, kind, content in (("thousand_kroner", NET, AMOUNT), ("percent", GROSS, SHARE)):
            for table, digits in ((EXPENSES, 4), (DISTRICT_EXPENSES, 6)):
                wanted = sorted({number for number in numbers if len(number) == digits})
                if wanted:
                    chosen = {
                        "funksjon": list(functions),
                        "art": [kind],
                        "ContentsCode": [content],
                        "Tid": [str(year)],
                    }
                    found = self.table(table, wanted, chosen)
                    parts.append(found.groupby("unit")["value"].sum(min_count=len(functions)).rename(name))
        return pd.concat(parts, axis=1).T.groupby(level=0).first().T if parts else pd.DataFrame()

    def table(self, table: str, units: Sequence[str], chosen: dict[str, list[str] | None]) -> pd.DataFrame:
        """Cells of a table, asked for in as many pieces as the API's limit needs.

        Args:
            table: Its number.
            units: Codes of the variable of regions; those that it does not have are left out.
            chosen: Codes of the other variables, all of them where None. A variable is named by its code
                or a part of it, since KOSTRA's are long.

        Returns:
            `unit`, a column for each variable in `chosen`, and `value` (missing where there is none).

        Raises:
            RegisterError: when the table lacks a variable or a code, or an answer is not whole.
        """
        address = f"{self._base}/tables/{table}"
        described = self._client.get(f"{address}/metadata", {"lang": "no"})
        try:
            variables = {
                name: list(described["dimension"][name]["category"]["label"]) for name in described["id"]
            }
        except (KeyError, TypeError):
            raise RegisterError(f"{address}/metadata: found no variables; expected JSON-stat") from None
        region = _one(address, variables, "region")
        known = {re.match(r"\d*", code)[0]: code for code in variables[region]}  # type: ignore[index]
        places = {unit: known[unit] for unit in units if unit in known}
        codes: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for part, values in chosen.items():
            variable = _one(address, variables, part)
            names[variable] = part
            if wrong := [code for code in values or () if code not in variables[variable]]:
                shown = ", ".join(variables[variable][:20])
                raise RegisterError(f"{address}: found no {variable} {', '.join(wrong)}; it has {shown}")
            codes[variable] = values or variables[variable]
        if not places:
            return pd.DataFrame(columns=["unit", *chosen, "value"])
        limit = int(self._client.get(f"{self._base}/config").get("maxDataCells", 800_000))
        size = max(1, limit // math.prod(len(values) for values in codes.values()))
        wanted = list(places.values())
        pieces = []
        for start in range(0, len(wanted), size):
            query = {region: wanted[start : start + size], **codes}
            parameters = {f"valueCodes[{variable}]": ",".join(values) for variable, values in query.items()}
            answer = self._client.get(
                f"{address}/data", {"lang": "no", "outputFormat": "json-stat2", **parameters}
            )
            pieces.append(read_json_stat(answer, f"{address}/data", query))
        units_of = {code: unit for unit, code in places.items()}
        found = pd.concat(pieces).rename(columns=names)
        return found.assign(unit=found[region].map(units_of)).drop(columns=region)


def read_json_stat(answer: Any, address: str, query: dict[str, list[str]]) -> pd.DataFrame:
    """The cells of a JSON-stat 2 dataset, one row each, with the codes of its dimensions.

    Args:
        answer: The parsed JSON.
        address: Where it came from, for messages.
        query: The codes asked for, which must all be there.

    Raises:
        RegisterError: when it is none, or not all of it.
    """
    try:
        sizes, values = answer["size"], answer["value"]
        codes = {}
        for dimension in answer["id"]:
            category = answer["dimension"][dimension]["category"]
            index = category.get("index", list(category["label"]))
            codes[dimension] = (
                sorted(index, key=index.__getitem__) if isinstance(index, dict) else list(index)
            )
    except (KeyError, TypeError, AttributeError):
        raise RegisterError(f"{address}: found JSON of another kind; expected JSON-stat 2") from None
    cells = math.prod(sizes)
    if [len(column) for column in codes.values()] != list(sizes):
        raise RegisterError(
            f"{address}: found codes that do not fit the sizes {sizes}; the answer is not whole"
        )
    if isinstance(values, dict):
        # Empty cells may be left out.
        values = [values.get(str(place)) for place in range(cells)]
    if len(values) != cells:
        raise RegisterError(
            f"{address}: found {len(values)} values; expected {cells}. The answer is not whole"
        )
    for dimension, wanted in query.items():
        if missing := set(wanted) - set(codes.get(dimension, ())):
            raise RegisterError(
                f"{address}: found no {dimension} {', '.join(sorted(missing)[:5])}, which was asked for"
            )
    rows = pd.MultiIndex.from_product(codes.values(), names=codes.keys())
    return pd.DataFrame({"value": pd.Series(values, rows, dtype=float)}).reset_index()


def _one(address: str, variables: dict[str, list[str]], part: str) -> str:
    found = [name for name in variables if part.lower() in name.lower()]
    if len(found) != 1:
        raise RegisterError(
            f"{address}: found the variables {', '.join(variables)}; expected one with '{part}'"
        )
    return found[0]
