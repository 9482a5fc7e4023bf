"""A small server that speaks as the registers do, and can be told to misbehave."""

# ruff: noqa: E501

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

# Numbers that exist, with populations that do not: persons of each single year of age, for both sexes.
AGES = ["000", "030", "065", "066", "080", "105+"]
PERSONS = {
    "0301": [10, 50, 8, 7, 5, 1],
    "1508": [4, 20, 3, 3, 2, 0],
    "1580": [1, 5, 1, 1, 1, 0],
    "1507": [5, 25, 4, 4, 3, 0],
    "3001": [2, 9, 2, 2, 1, 0],
    "3101": [2, 9, 2, 2, 1, 0],
    "4601": [8, 40, 6, 5, 4, 1],
    "030101": [3, 9, 1, 1, 1, 0],
}
CARE = {
    "4601": [100.0, 300.0, 500.0, 100.0],
    "0301": [50.0, 50.0, 50.0, 50.0],
    "3001": [10.0, 10.0, 10.0, 10.0],
}
FUNCTIONS = ["234", "253", "254", "261", "256"]
# On 1 January 2024 one municipality was split in two, and one got another number with its new county.
CHANGES = [
    {"oldCode": "1507", "newCode": "1508", "changeOccurred": "2024-01-01"},
    {"oldCode": "1507", "newCode": "1580", "changeOccurred": "2024-01-01"},
    {"oldCode": "3001", "newCode": "3101", "changeOccurred": "2024-01-01"},
    {"oldCode": "", "newCode": "2111", "changeOccurred": "2024-01-01"},
]
OLD, NEW = ("1507", "3001"), ("1508", "1580", "3101")
# When organisations entered the central register and the register of voluntary organisations, by municipality
# of their business address.
ORGANISATIONS = {
    "4601": [("1995-03-12", "2010-02-01"), ("2009-05-05", "2010-02-01"), ("2024-02-01", "2024-03-01")],
    "0301": [("1999-01-01", "2012-01-01")],
    "1508": [],
    "3101": [("2001-01-01", "2011-01-01")],
}
TABLES = {
    "07459": {"Region": ["0", "0301", "1508", "1580", "1507", "3001", "3101", "4601"], "ContentsCode": ["Personer1"]},
    "10826": {"Region": ["030101a", "030102b"], "ContentsCode": ["Personer"]},
    "12369": {"KOKbydelsregion0000": ["030101"], "ContentsCode": ["KOSbelop0000", "KOSandel3501"]},
    "12362": {"KOKkommuneregion0000": ["0301", "1507", "3001", "4601", "EAK"], "ContentsCode": ["KOSbelop0000", "KOSandel3501"]},
}  # fmt: skip


def dimensions(table: str) -> dict[str, list[str]]:
    regions, contents = TABLES[table].items()
    middle = (
        {"KOKfunksjon0000": FUNCTIONS, "KOKart0000": ["AGD2", "AGD10"]}
        if table in ("12362", "12369")
        else {"Kjonn": ["1", "2"], "Alder": AGES}
    )
    return dict([regions]) | middle | dict([contents]) | {"Tid": [str(year) for year in range(2020, 2030)]}


def cell(table: str, codes: dict[str, str]) -> float | None:
    if table in ("12362", "12369"):
        amounts = CARE.get(codes[next(iter(TABLES[table]))])
        place = FUNCTIONS.index(codes["KOKfunksjon0000"])
        if amounts is None or place > 3:
            return None
        return amounts[place] if codes["ContentsCode"] == "KOSbelop0000" else 5.0
    unit = codes["Region"][:6].rstrip("ab")
    # In years when a number does not hold, the table says that nobody lives there.
    if unit in (NEW if codes["Tid"] < "2024" else OLD):
        return 0
    persons = PERSONS.get(unit)
    return persons and persons[AGES.index(codes["Alder"])]


def dataset(table: str, query: dict[str, list[str]]) -> dict[str, Any]:
    """JSON-stat 2; the index of a dimension is an object, as Statistics Norway writes it."""
    known = dimensions(table)
    chosen = {name: query[name] for name in known}
    cells: list[float | None] = []

    def fill(names: list[str], codes: dict[str, str]) -> None:
        if not names:
            cells.append(cell(table, codes))
            return
        for code in chosen[names[0]]:
            fill(names[1:], codes | {names[0]: code})

    fill(list(chosen), {})
    return {
        "version": "2.0",
        "class": "dataset",
        "id": list(chosen),
        "size": [len(codes) for codes in chosen.values()],
        "dimension": {
            name: {
                "category": {
                    "index": {code: i for i, code in enumerate(codes)},
                    "label": dict.fromkeys(codes, "…"),
                }
            }
            for name, codes in chosen.items()
        },
        "value": cells,
    }


class Registers:
    """The server: its addresses, what it was asked, and how the next answers go wrong.

    Attributes:
        asked: Every question, in order.
        troubles: What happens to the next questions instead of an answer.
        limit: Cells that one question may ask for.
        deepest: The last place in a list of organisations that a page may reach.
        organisations: As ORGANISATIONS.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.troubles: list[Callable[[BaseHTTPRequestHandler, bytes], None]] = []
        self.limit = 800_000
        self.deepest = 10_000
        self.organisations = {number: list(dates) for number, dates in ORGANISATIONS.items()}
        registers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registers.asked.append(self.path)
                body = json.dumps(registers.answer(self.path)).encode()
                if registers.troubles:
                    registers.troubles.pop(0)(self, body)
                else:
                    send(self, 200, body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        here = f"http://localhost:{self.server.server_port}"
        self.bases = {"statbank": f"{here}/v2", "klass": f"{here}/klass", "brreg": f"{here}/brreg"}

    def answer(self, path: str) -> Any:
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        match parts.path.strip("/").split("/"):
            case ["v2", "config"]:
                return {"maxDataCells": self.limit, "maxCallsPerTimeWindow": 30, "timeWindow": 60}
            case ["v2", "tables", table, "metadata"]:
                return dataset(table, dimensions(table)) | {"value": []}
            case ["v2", "tables", table, "data"]:
                assert query["outputFormat"] == "json-stat2"
                return dataset(
                    table,
                    {
                        key[11:-1]: value.split(",")
                        for key, value in query.items()
                        if key.startswith("valueCodes")
                    },
                )
            case ["klass", "classifications", "131", "codesAt.json"]:
                old = query["date"] < "2024-01-01"
                numbers = ["0301", "4601", *(OLD if old else NEW), "9999"]
                return {
                    "codes": [
                        {"code": number, "name": f"Kommune {number}", "level": "1"} for number in numbers
                    ]
                }
            case ["klass", "classifications", "103", "codesAt.json"]:
                return {"codes": [{"code": code, "name": f"Bydel {code}"} for code in ("030101", "460101")]}
            case ["klass", "classifications", "131", "changes.json"]:
                return {
                    "codeChanges": [c for c in CHANGES if query["from"] <= c["changeOccurred"] < query["to"]]
                }
            case ["klass", "classifications", "131", "corresponds.json"]:
                assert query["targetClassificationId"] == "128" and query["from"] < query["to"]
                return {
                    "correspondenceItems": [
                        {"sourceCode": number, "targetCode": f"0{level}"}
                        for number, level in (("0301", 1), ("4601", 2), ("1507", 3), ("3001", 3))
                    ]
                }
            case ["brreg", "enheter"]:
                return self.entities(query)
        raise AssertionError(path)

    def entities(self, query: dict[str, str]) -> dict[str, Any]:
        """A page of the central register in HAL; an empty page has no `_embedded`, the last no next."""
        assert query["registrertIFrivillighetsregisteret"] == "true"
        size, number = int(query["size"]), int(query.get("page", "0"))
        assert size * (number + 1) <= self.deepest, "the register refuses to look so deep"
        first = query.get("fraRegistreringsdatoEnhetsregisteret", "0")
        last = query.get("tilRegistreringsdatoEnhetsregisteret", "9")
        there = [
            {
                "organisasjonsnummer": f"8{query['kommunenummer']}{place:04d}",
                "navn": "…",
                "registreringsdatoEnhetsregisteret": entered,
                "registreringsdatoFrivillighetsregisteret": joined,
                "forretningsadresse": {"kommunenummer": query["kommunenummer"]},
            }
            for place, (entered, joined) in enumerate(self.organisations[query["kommunenummer"]])
            if first <= entered <= last
        ]
        shown = there[size * number : size * (number + 1)]
        more = size * (number + 1) < len(there)
        following = f"{self.bases['brreg']}/enheter?{urlencode(query | {'page': str(number + 1)})}"
        return {
            **({"_embedded": {"enheter": shown}} if shown else {}),
            "_links": {"self": {"href": "…"}, **({"next": {"href": following}} if more else {})},
            "page": {
                "size": size,
                "totalElements": len(there),
                "totalPages": -(-len(there) // size),
                "number": number,
            },
        }


def send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, length: int | None = None, **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def whole(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, 200, body)


def busy(handler: BaseHTTPRequestHandler, body: bytes, wait: str = "1") -> None:
    send(handler, 429, b"{}", Retry_After=wait)


def broken(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, 500, b"<h1>Internal Server Error</h1>")


def half(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Half of the JSON, with nothing to show that it is half."""
    send(handler, 200, body[: len(body) // 2])


def spoilt(right: bytes, wrong: bytes, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """A part of the answer is exchanged."""
    assert right in body
    send(handler, 200, body.replace(right, wrong))


def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """The connection breaks in the middle."""
    send(handler, 200, body[: len(body) // 2], length=len(body))
    handler.close_connection = True


def slow(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(0.6)
    send(handler, 200, body)


def refuse(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, 400, b'{"title": "Non-existent value"}')
