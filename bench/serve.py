"""From a saved change to the page that shows it, in the live preview of the whole book; run by `make bench`.

Exits with 1 when the slowest change of prose takes longer than an author should wait.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from projects import copy_project
from serving import Preview

LIMIT = 3.0  # seconds
PAGE = "notebooks/municipal_survey"
SENTENCE = "Vi skriver «kommuner» også når bydelene er med."
REPEATS = 5


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, Preview(copy_project(Path(folder))) as preview:
        seconds = []
        for number in range(REPEATS):
            before = SENTENCE if number == 0 else f"Forsøk {number - 1}."
            saved = preview.change(f"{PAGE}.md", before, f"Forsøk {number}.")
            while f"Forsøk {number}." not in preview.page(f"{PAGE}.html"):
                time.sleep(0.02)
            seconds.append(time.monotonic() - saved)
            preview.outcome()
    shown = ", ".join(f"{value:.1f}" for value in sorted(seconds))
    print(f"from a saved change of prose to the page: {shown} s; limit {LIMIT} s")
    return int(max(seconds) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
