"""The Brønnøysund Register Centre: how many voluntary organisations each municipality has.

The registers show today's state only. Source: https://data.brreg.no/enhetsregisteret/api/dokumentasjon; NLOD.
"""

from __future__ import annotations

from collections.abc import Iterable

from frivillig.registers.client import Client, RegisterError

BASE = "https://data.brreg.no/enhetsregisteret/api"


def organisations(client: Client, numbers: Iterable[str], base: str = BASE) -> dict[str, int]:
    """Organisations in the register of voluntary organisations, by municipality number."""
    counts = {}
    for number in sorted({number for number in numbers if len(number) == 4}):
        address = f"{base}/enheter"
        question = {"kommunenummer": number, "registrertIFrivillighetsregisteret": "true", "size": "1"}
        answer = client.get(address, question)
        try:
            counts[number] = int(answer["page"]["totalElements"])
        except (KeyError, TypeError, ValueError):
            raise RegisterError(f"{address}: found no page.totalElements; the answer is not whole") from None
    return counts
