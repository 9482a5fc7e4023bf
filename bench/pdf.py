"""How long the PDF takes once the notebooks are executed; the aim is 8 seconds.

Run it with `make bench`, after `make book`: it times the book's own build, from what that has cached.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

BUILD = Path("_build")
COMMAND = ["jupyter-book", "build", ".", "--builder", "custom", "--custom-builder", "typst", "-W", "-n"]
AIM = 8.0
ROUNDS = 3


def seconds() -> float:
    """One build of the PDF."""
    command = [str(Path(sys.executable).with_name(COMMAND[0])), *COMMAND[1:]]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> int:
    """Time builds that read all pages anew, and builds after the site; 1 when the best is over the aim."""
    fresh = []
    for _ in range(ROUNDS):
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
        fresh.append(seconds())
    after_site = [seconds() for _ in range(ROUNDS)]
    print(f"PDF from executed notebooks: {min(fresh):.1f} s (best of {ROUNDS}; aim {AIM:.0f} s)")
    print(f"PDF after the site:          {min(after_site):.1f} s (best of {ROUNDS})")
    return int(min(fresh) > AIM)


if __name__ == "__main__":
    sys.exit(main())
