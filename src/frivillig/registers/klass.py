"""Statistics Norway's classifications (KLASS): municipalities, Oslo's districts and centrality at a date.

Source: https://data.ssb.no/api/klass/v1/api-guide.html; the data are under NLOD 2.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from frivillig.registers.client import Client, RegisterError

BASE = "https://data.ssb.no/api/klass/v1"
MUNICIPALITIES, DISTRICTS, CENTRALITY = 131, 103, 128
LEVELS = {f"0{level}": level for level in range(1, 7)}
UNSPECIFIED = "9999"
OSLO = "0301"


@dataclass(frozen=True)
class Change:
    """A number that became another on a day."""

    old: str
    new: str
    day: date


class Klass:
    """The classifications.

    Args:
        client: What asks.
        base: Address of the API.
    """

    def __init__(self, client: Client, base: str = BASE) -> None:
        self._client, self._base = client, base

    def units(self, day: date) -> dict[str, str]:
        """Name by number of the municipalities, and of Oslo's districts, at a date."""
        found = self._codes(MUNICIPALITIES, day)
        districts = self._codes(DISTRICTS, day)
        return {number: name for number, name in found.items() if number != UNSPECIFIED} | {
            number: name for number, name in districts.items() if number.startswith(OSLO)
        }

    def centrality(self, day: date) -> dict[str, int]:
        """Centrality class, 1 to 6, by municipality number."""
        # The list of a single day is empty for these two, so a range is asked for; its end does not belong.
        items = self._get(
            f"classifications/{MUNICIPALITIES}/corresponds.json",
            "correspondenceItems",
            ("sourceCode", "targetCode"),
            {"targetClassificationId": str(CENTRALITY), "from": str(day), "to": str(day + timedelta(1))},
        )
        classes = {item["sourceCode"]: item["targetCode"] for item in items}
        if wrong := {number: code for number, code in classes.items() if code not in LEVELS}:
            raise RegisterError(f"{self._base}: found the centrality classes {wrong}; expected 01 to 06")
        return {number: LEVELS[code] for number, code in classes.items()}

    def changes(self, first: date, last: date) -> list[Change]:
        """What numbers became, after `first` and up to `last`."""
        if first == last:
            return []
        items = self._get(
            f"classifications/{MUNICIPALITIES}/changes.json",
            "codeChanges",
            ("oldCode", "newCode", "changeOccurred"),
            {"from": str(first + timedelta(1)), "to": str(last + timedelta(1))},
        )
        # A number that is new, or gone, has an empty other side.
        return [
            Change(item["oldCode"], item["newCode"], date.fromisoformat(item["changeOccurred"]))
            for item in items
            if item["oldCode"] and item["newCode"] and item["oldCode"] != item["newCode"]
        ]

    def _codes(self, classification: int, day: date) -> dict[str, str]:
        address = f"classifications/{classification}/codesAt.json"
        items = self._get(address, "codes", ("code", "name"), {"date": str(day)})
        if not items:
            raise RegisterError(f"{self._base}/{address}: found no codes on {day}; expected some")
        return {item["code"]: item["name"] for item in items}

    def _get(
        self, address: str, key: str, fields: tuple[str, ...], parameters: dict[str, str]
    ) -> list[dict[str, Any]]:
        """The list under a key of the answer, in which every item must have the fields."""
        answer = self._client.get(f"{self._base}/{address}", parameters)
        if not isinstance(answer, dict) or not isinstance(answer.get(key), list):
            raise RegisterError(f"{self._base}/{address}: found no list '{key}'; the answer is not whole")
        for item in answer[key]:
            if missing := [field for field in fields if field not in item]:
                raise RegisterError(
                    f"{self._base}/{address}: found an item without {missing[0]}; the answer is not whole"
                )
        return answer[key]


def follow(number: str, changes: list[Change], *, forward: bool) -> tuple[str, str]:
    """The number of the same municipality at another date.

    Args:
        number: Its number at one end of the period.
        changes: All changes in the period.
        forward: Whether the other date is later.

    Returns:
        The number and an empty text; or an empty number and why there is none, when the municipality was
        merged or split: then no single number stands for it.
    """
    for day in sorted({change.day for change in changes}, reverse=not forward):
        now = [change for change in changes if change.day == day]
        onward = [(c.old, c.new) if forward else (c.new, c.old) for c in now]
        became = sorted({after for before, after in onward if before == number})
        if not became:
            continue
        shared = sorted({before for before, after in onward if after in became})
        if len(became) > 1 or len(shared) > 1:
            old, new = (shared, became) if forward else (became, shared)
            word = "merged" if len(new) == 1 else "split"
            return "", f"{word} on {day}: {', '.join(old)} became {', '.join(new)}"
        number = became[0]
    return number, ""
