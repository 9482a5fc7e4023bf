"""The Brønnøysund Register Centre: which voluntary organisations each municipality has.

The register shows today's state only: organisations that were deleted are gone, those that came later can be
told by their date. An organisation belongs to the municipality of its business address.
Source: https://data.brreg.no/enhetsregisteret/api/dokumentasjon; NLOD.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from frivillig.registers.client import Client, RegisterError

BASE = "https://data.brreg.no/enhetsregisteret/api"
# No page reaches beyond this place in a list; the register says so of page times size.
DEEPEST = 10_000
# The Central Coordinating Register opened in 1995; its units have no earlier date.
FIRST = date(1995, 1, 1)


def organisations(
    client: Client, numbers: Iterable[str], day: date, base: str = BASE, size: int = 1000
) -> dict[str, int]:
    """Organisations that were in the register of voluntary organisations on a day, and still are.

    Args:
        client: What asks.
        numbers: Numbers of municipalities, as they are today; others are left out.
        day: Organisations that came later do not count. One without a date counts.
        base: Address of the API.
        size: Organisations on a page.

    Returns:
        Their number by municipality.

    Raises:
        RegisterError: when a list is not whole.
    """
    counts = {}
    for number in sorted({number for number in numbers if len(number) == 4}):
        entered = _entered(client, number, base, size)
        counts[number] = sum(since <= str(day) for since in entered.values())
    return counts


def _entered(client: Client, number: str, base: str, size: int) -> dict[str, str]:
    """When each organisation of a municipality came into the register, by organisation number."""
    question = {
        "kommunenummer": number,
        "registrertIFrivillighetsregisteret": "true",
        "sort": "organisasjonsnummer,asc",
        "size": str(size),
    }
    # A list that changes between two pages, or pages kept from different days, give another sum.
    for anew in (False, True):
        units, expected = _listed(client, f"{base}/enheter", question, anew=anew)
        found = {
            unit["organisasjonsnummer"]: unit.get("registreringsdatoFrivillighetsregisteret", "")
            for unit in units
        }
        if len(found) == expected:
            return found
    raise RegisterError(
        f"{base}/enheter: found {len(found)} organisations in {number}; expected {expected}. "
        "The list is not whole; try again later"
    )


def _listed(
    client: Client, address: str, question: dict[str, str], *, anew: bool
) -> tuple[list[dict[str, Any]], int]:
    """The units that answer a question, and how many the register says there are."""
    page = client.get(address, question, anew=anew)
    total = _total(page, address)
    if total > DEEPEST:
        return _halved(client, address, question, anew=anew), total
    units = _units(page, address)
    while len(units) < total and (following := page.get("_links", {}).get("next")):
        page = client.get(following["href"], anew=anew)
        units += _units(page, address)
    return units, total


def _halved(client: Client, address: str, question: dict[str, str], *, anew: bool) -> list[dict[str, Any]]:
    """The same, asked for in two periods of entry, each halved again where it is still too long a list."""
    names = ("fraRegistreringsdatoEnhetsregisteret", "tilRegistreringsdatoEnhetsregisteret")
    limits = (question.get(names[0], str(FIRST)), question.get(names[1], str(date.today())))
    first, last = map(date.fromisoformat, limits)
    if first == last:
        raise RegisterError(f"{address}: found more than {DEEPEST} units that entered on {first}")
    middle = first + (last - first) // 2
    halves = [
        _listed(client, address, question | {names[0]: str(start), names[1]: str(end)}, anew=anew)
        for start, end in ((first, middle), (middle + timedelta(1), last))
    ]
    return [unit for units, _ in halves for unit in units]


def _total(page: Any, address: str) -> int:
    try:
        return int(page["page"]["totalElements"])
    except (KeyError, TypeError, ValueError):
        raise RegisterError(f"{address}: found no page.totalElements; the answer is not whole") from None


def _units(page: dict[str, Any], address: str) -> list[dict[str, Any]]:
    # A page without units has no `_embedded`.
    units = page.get("_embedded", {}).get("enheter", [])
    if not all(isinstance(unit, dict) and "organisasjonsnummer" in unit for unit in units):
        raise RegisterError(f"{address}: found units without organisasjonsnummer; the answer is not whole")
    return units
