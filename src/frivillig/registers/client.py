"""Ask a register politely: not too often, not twice, and never with half an answer.

The pxwebpy library was weighed for Statistics Norway's tables. Version 0.6.0 does not pass its timeout on,
keeps answers in memory only, gives names instead of codes by default (and six municipalities share a name
with another), and stops at a server error; so the few lines that are needed stand here.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests
from platformdirs import user_cache_dir

from frivillig import __version__

DAY = 86400


class RegisterError(Exception):
    """A register that gave no usable answer; the message names the address, what came and the remedy."""


class Client:
    """Gets JSON, and keeps it on disk.

    Args:
        cache: Folder of the answers kept; the user's cache folder when none is named.
        pause: Seconds between two questions to the same host. Statistics Norway allows 30 a minute.
        timeout: Seconds to wait for an answer.
        attempts: How often a question is asked before giving up.
        longest_wait: The longest that a server may ask for, in seconds.
        max_age: How old a kept answer may be, in days.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        pause: float = 2.0,
        timeout: float = 60.0,
        attempts: int = 4,
        longest_wait: float = 120.0,
        max_age: float = 30.0,
    ) -> None:
        self._cache = cache or Path(user_cache_dir("frivillig")) / "registers"
        self._pause, self._timeout, self._attempts = pause, timeout, attempts
        self._longest_wait, self._max_age = longest_wait, max_age
        self._asked: dict[str, float] = {}
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"frivillig/{__version__} (python-requests)"

    def get(self, address: str, parameters: dict[str, str] | None = None, *, anew: bool = False) -> Any:
        """The JSON at an address.

        Args:
            address: Where to ask.
            parameters: The question.
            anew: Ask also where an answer is kept.

        Raises:
            RegisterError: when there is none after all attempts, or the server refuses the question.
        """
        request = self._session.prepare_request(requests.Request("GET", address, params=parameters))
        place = self._cache / f"{hashlib.sha256(str(request.url).encode()).hexdigest()}.json"
        kept = None if anew else self._kept(place)
        if kept is not None:
            return kept
        content = self._ask(request)
        self._cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self._cache, delete=False) as file:
            json.dump({"address": request.url, "content": content}, file)
        # Whole or not at all, also when two programs ask at once.
        Path(file.name).replace(place)
        return content

    def _kept(self, place: Path) -> Any:
        try:
            if time.time() - place.stat().st_mtime > self._max_age * DAY:
                return None
            return json.loads(place.read_text(encoding="utf-8"))["content"]
        except (OSError, ValueError, KeyError):
            return None

    def _ask(self, request: requests.PreparedRequest) -> Any:
        problem = ""
        for attempt in range(self._attempts):
            self._wait_for_turn(str(request.url))
            try:
                response = self._session.send(request, timeout=self._timeout)
            except requests.Timeout:
                problem = f"no answer within {self._timeout:g} seconds"
                wait = 2.0**attempt
            except requests.RequestException as failure:
                # Also an answer that broke off: its length is checked against what was announced.
                problem = f"the answer broke off, or there was none ({type(failure).__name__})"
                wait = 2.0**attempt
            else:
                if response.ok:
                    try:
                        return response.json()
                    except requests.JSONDecodeError as failure:
                        problem = f"half an answer, or no JSON: it ends at character {failure.pos}"
                        wait = 2.0**attempt
                elif response.status_code == 429 or response.status_code >= 500:
                    problem = f"status {response.status_code} {response.reason}"
                    wait = _asked_to_wait(response.headers.get("Retry-After"), 2.0**attempt)
                else:
                    detail = " ".join(response.text[:300].split())
                    raise RegisterError(
                        f"{request.url}: found status {response.status_code} {response.reason} ({detail}); "
                        "expected JSON"
                    )
            if wait > self._longest_wait:
                raise RegisterError(
                    f"{request.url}: found {problem} and a wait of {wait:g} seconds; try again later"
                )
            if attempt + 1 < self._attempts:
                time.sleep(wait * self._scale())
        raise RegisterError(
            f"{request.url}: found {problem}, {self._attempts} times; expected JSON. "
            "Nothing was kept; try again later"
        )

    def _scale(self) -> float:
        # Waits follow the pause, so that tests need not sleep.
        return min(self._pause, 1.0)

    def _wait_for_turn(self, address: str) -> None:
        host = address.split("/")[2]
        left = self._asked.get(host, -self._pause) + self._pause - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._asked[host] = time.monotonic()


def _asked_to_wait(header: str | None, otherwise: float) -> float:
    """Seconds that the server asks for: a number, or a date."""
    if not header:
        return otherwise
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return otherwise
